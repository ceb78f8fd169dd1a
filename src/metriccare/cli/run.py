"""`metriccare run`: new files through all layers, and what came of them."""

from contextlib import suppress

import click

from metriccare.cli import options
from metriccare.cli.measures import print_measures
from metriccare.cli.options import PROFILES
from metriccare.errors import InputError
from metriccare.runtime.extras import require
from metriccare.runtime.notebooks.kernels import GLUE, LOCAL
from metriccare.settings import Lake, raw_location

KERNELS = (LOCAL, GLUE)
MOST_REFUSED = 10  # sentences on files that are not read


@click.command(
    epilog="Example: metriccare run --raw fhir_data/json --as-of 2025-06-30 --timezone Europe/Berlin"
)
@click.option(
    "--raw",
    default="",
    metavar="DIR",
    help="Folder of the FHIR files.  [default: METRICCARE_RAW, else fhir_data/json]",
)
@options.lake
@options.as_of
@options.timezone
@options.config
@click.option(
    "--generate",
    "patients",
    type=click.IntRange(min=1),
    help="First generate this number of synthetic patients.",
)
@click.option("--seed", type=int, default=7, show_default=True, help="Seed of the synthetic patients.")
@click.option("--full-refresh", is_flag=True, help="Rebuild silver and gold from all of bronze.")
@click.option(
    "--max-quarantined",
    type=click.FloatRange(0, 1),
    default=1.0,
    metavar="SHARE",
    help="Fail before silver if more of the new records are quarantined, e.g. 0.05.  [default: no limit]",
)
@click.option(
    "--kernel",
    type=click.Choice(KERNELS),
    default=KERNELS[0],
    show_default=True,
    help="Run the notebooks locally or in Glue interactive sessions.",
)
@options.ledger_url
def run(
    *,
    raw: str,
    lake: str,
    as_of: str,
    timezone: str,
    config: str | None,
    patients: int | None,
    seed: int,
    full_refresh: bool,
    max_quarantined: float,
    kernel: str,
    ledger_url: str,
) -> None:
    """Process new files and print the measures.

    New files go through bronze, silver and gold; only the notebooks that have work are run. If there is nothing new,
    nothing is run and nothing is written.
    """
    require("glue" if kernel == GLUE else "run", *(["generate"] if patients else []))
    from metriccare.pipeline import run as pipeline

    run_id = pipeline.run(
        raw=raw,
        lake=lake,
        as_of=as_of,
        timezone=timezone,
        config=config or "",
        generate=patients,
        seed=seed,
        full_refresh=full_refresh,
        max_quarantined=max_quarantined,
        kernel=kernel,
        ledger_url=ledger_url,
    )
    if run_id:
        print_run(Lake.at(lake), run_id)
    else:
        click.echo("Nothing new to process. `metriccare measures` shows the current results.")
    print_refused(raw)


def print_refused(raw: str) -> None:
    """Print which files of the raw folder are not read in any run, and why; at most ten."""
    from metriccare.lake.raw_files import list_raw

    refused: list[str] = []
    with suppress(InputError):  # a lake may outlive the folder that it was read from
        refused = list_raw(raw_location(raw)).refused
    for sentence in refused[:MOST_REFUSED]:
        click.echo(sentence, err=True)
    if len(refused) > MOST_REFUSED:
        click.echo(f"{len(refused) - MOST_REFUSED:,} more are not read: 02_bronze lists them all.", err=True)


def print_run(lake: Lake, run_id: str) -> None:
    """Print what became of the records, the findings on data quality and the measures; write the run's report."""
    from metriccare.lake.executed_notebooks import place, run_folder
    from metriccare.lake.run_log import newest_run
    from metriccare.reporting.html_report import write_report
    from metriccare.reporting.preflight import read_coverage, show_findings
    from metriccare.reporting.results import find_results, profiles_of
    from metriccare.reporting.terminal import Terminal
    from metriccare.reporting.terminal_tables import show_run

    console = Terminal()
    show_run(console, newest_run(lake))
    show_findings(console, read_coverage(lake))
    print_measures(lake, find_results(lake, PROFILES[0]))
    print_other_profiles(profiles_of(lake))
    with run_folder(lake, run_id) as folder:
        write_report(lake, folder / "report.html")
    where = place(lake, run_id)
    click.echo(f"\nNotebooks: {where}\nReport:    {where}/report.html")


def print_other_profiles(computed: list[str]) -> None:
    """Print how to see the results of the profiles that the table does not show."""
    others = [name for name in computed if name != PROFILES[0]]
    if others:
        listed = ", ".join(others)
        click.echo(f"\nOther profiles: {listed}: metriccare measures --profile {others[-1]}")
