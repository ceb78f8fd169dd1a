"""The command line: every command is a thin wrapper of one public function.

Heavy libraries are imported in the commands that need them, so that `--help` is fast.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from metriccare import __version__
from metriccare.cli.lab import glue_lab, lab
from metriccare.cli.options import lake as _lake
from metriccare.cli.options import ledger_url as _ledger_url
from metriccare.cli.quarantine import quarantine
from metriccare.definitions import profiles, strata
from metriccare.definitions.validation import check_as_of, check_timezone
from metriccare.errors import MetricCareError, ParameterError, VerificationError
from metriccare.runtime import logs
from metriccare.runtime.extras import require
from metriccare.runtime.notebooks.kernels import GLUE, LOCAL
from metriccare.settings import Lake, generator_folder

KERNELS = (LOCAL, GLUE)
PROFILES = tuple(profile.name for profile in profiles.PROFILES)


class Commands(click.Group):
    """A group whose commands print one message and exit with status 1 on an error of MetricCare."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except MetricCareError as error:
            raise click.ClickException(str(error)) from error


def _checked(check: Callable[[str], str]) -> Callable[[click.Context, click.Parameter, str], str]:
    """Return an option callback that turns an invalid value into a usage error."""

    def callback(ctx: click.Context, param: click.Parameter, value: str) -> str:
        try:
            return check(value)
        except ParameterError as error:
            raise click.BadParameter(str(error), ctx, param) from error

    return callback


_config = click.option(
    "--config",
    type=click.Path(exists=True, dir_okay=False),
    metavar="FILE",
    help="Time zones and code maps of the sources.  [default: metriccare.toml in the lake]",
)
_timezone = click.option(
    "--timezone",
    default="",
    metavar="ZONE",
    callback=_checked(check_timezone),
    help="Time zone of sources that have none configured.",
)
_as_of = click.option(
    "--as-of",
    default="",
    metavar="DATE",
    callback=_checked(check_as_of),
    help="Last day that counts.  [default: newest discharge]",
)


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: metriccare run --generate 1000",
)
@click.version_option(__version__)
@click.option(
    "-v",
    "verbosity",
    count=True,
    help="Log what is done to standard error; -vv logs details. [default: METRICCARE_LOG]",
)
def main(verbosity: int) -> None:
    """Four hospital measures from FHIR R4 files."""
    if verbosity:
        os.environ[logs.LEVEL_VARIABLE] = "info" if verbosity == 1 else "debug"  # child processes read it too
    logs.configure()


main.add_command(quarantine)
main.add_command(lab)
main.add_command(glue_lab)


@main.command(epilog="Example: metriccare generate --patients 1000 --seed 7 --out fhir_data")
@click.option(
    "--patients", type=click.IntRange(min=1), default=1000, show_default=True, help="Number of patients."
)
@click.option(
    "--seed", type=int, default=7, show_default=True, help="Random seed; the same seed gives the same files."
)
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="Output folder.  [default: fhir_data]"
)
@click.option(
    "--batches",
    type=click.IntRange(0, 99),
    default=0,
    help="Later deliveries with late, corrected, repeated, deleted and corrupt records.  [default: none]",
)
@click.option(
    "--batch-share",
    type=click.FloatRange(0, 1, min_open=True),
    default=0.01,
    show_default=True,
    help="Approximate share of the patients in each later delivery.",
)
@click.option("--overwrite", is_flag=True, help="Replace existing synthetic data.")
@click.option(
    "--validate", "is_validated", is_flag=True, help="Validate all resources as FHIR R4, not only a sample."
)
def generate(
    *,
    patients: int,
    seed: int,
    out: Path | None,
    batches: int,
    batch_share: float,
    overwrite: bool,
    is_validated: bool,
) -> None:
    """Generate synthetic FHIR files.

    The file truth.json contains the results that the pipeline must reproduce. With --batches, each delivery has its own
    folder (json/delivery=00, ...); the truth is the same.
    """
    require("run")
    from metriccare.generate import generate as write
    from metriccare.generate import validate
    from metriccare.reporting.terminal_tables import progress_bar, summarize, summarize_validation

    target = out or generator_folder()
    with progress_bar("patients") as progress:
        summary = write(
            patients,
            seed,
            target,
            batches=batches,
            batch_share=batch_share,
            overwrite=overwrite,
            progress=progress,
        )
    click.echo(summarize(summary))
    if is_validated:
        with progress_bar("validation") as progress:
            click.echo(summarize_validation(validate(target, progress)))


@main.command(
    epilog="Example: metriccare run --raw fhir_data/json --as-of 2025-06-30 --timezone Europe/Berlin"
)
@click.option(
    "--raw",
    default="",
    metavar="DIR",
    help="Folder of the FHIR files.  [default: METRICCARE_RAW, else fhir_data/json]",
)
@_lake
@_as_of
@_timezone
@_config
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
@_ledger_url
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
    require("glue" if kernel == GLUE else "run")
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
        _print_run(Lake.at(lake), run_id)
    else:
        click.echo("Nothing new to process. `metriccare measures` shows the current results.")


@main.command(epilog="Example: metriccare measures --by hospital --format csv > hospitals.csv")
@click.option(
    "--profile", type=click.Choice(PROFILES), default=PROFILES[0], show_default=True, help="Set of rules."
)
@click.option("--by", type=click.Choice(strata.STRATA[1:]), help="Stratify the measures by this column.")
@_as_of
@click.option("--unsuppressed", is_flag=True, help="Also show small cells; for internal use only.")
@click.option(
    "--format", "form", type=click.Choice(("table", "json", "csv")), default="table", show_default=True
)
@_lake
def measures(*, profile: str, by: str | None, as_of: str, unsuppressed: bool, form: str, lake: str) -> None:
    """Print the measures of the latest run."""
    from metriccare.reporting import results

    where = Lake.at(lake)
    rows = results.find_results(where, profile, by or strata.ALL, as_of, unsuppressed=unsuppressed)
    if unsuppressed:
        click.echo("Unsuppressed: small cells are shown; for internal use only.", err=True)
    if form == "table":
        _print_measures(where, rows)
    else:
        click.echo(results.to_json(rows) if form == "json" else results.to_csv(rows), nl=form == "json")


@main.command(epilog="Example: metriccare why --stay 7-p42-s1 --profile simple")
@click.option("--stay", required=True, metavar="ID", help="Id of a stay or an Encounter.")
@click.option("--source", default="", metavar="NAME", help="Source, if several sources have this id.")
@click.option(
    "--profile",
    type=click.Choice((*PROFILES, "all")),
    default=PROFILES[0],
    show_default=True,
    help="Set of rules.",
)
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
@_lake
def why(*, stay: str, source: str, profile: str, form: str, lake: str) -> None:
    """Explain every decision on one stay.

    Shows for each measure whether the stay is counted and why, with the file and position of the evidence.
    """
    from metriccare.reporting.why import explain, to_json, to_text

    answer = explain(Lake.at(lake), stay, source, profile)
    click.echo("Contains data of one patient; for internal use only.", err=True)
    click.echo(to_json(answer) if form == "json" else to_text(answer))


@main.command(epilog="Example: metriccare preflight --unmapped class > class.csv")
@_lake
@click.option(
    "--unmapped",
    type=click.Choice(("class", "disposition")),
    help="Print only these unmapped codes, as a CSV to fill in.",
)
@click.option("--source", default="", metavar="NAME", help="With --unmapped: only this source.")
def preflight(*, lake: str, unmapped: str | None, source: str) -> None:
    """Report data quality and unmapped codes.

    Shows which gaps in the data of the latest run affect which measure, and how to map local codes.
    """
    from rich.console import Console

    from metriccare.reporting.preflight import read_unmapped, show_preflight, unmapped_csv

    where = Lake.at(lake)
    click.echo("Unsuppressed: small counts are shown; for internal use only.", err=True)
    if unmapped:
        click.echo(unmapped_csv(read_unmapped(where), unmapped, source), nl=False)
    else:
        show_preflight(Console(highlight=False), where)


@main.command(epilog="Example: metriccare status --format json")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
@_ledger_url
@_lake
def status(*, form: str, ledger_url: str, lake: str) -> None:
    """Show runs, backlog and quarantine.

    Also shows how recent the data are, and which process is writing.
    """
    from metriccare.reporting.status import read_status, show_status, to_json

    found = read_status(Lake.at(lake), ledger_url)
    if form == "json":
        click.echo(to_json(found))
        return
    from rich.console import Console

    show_status(Console(highlight=False), found)


@main.command(epilog="Example: metriccare verify --lake .metriccare")
@_timezone
@_config
@_ledger_url
@_lake
def verify(*, timezone: str, config: str | None, ledger_url: str, lake: str) -> None:
    """Compare silver and gold with a rebuild.

    Rebuilds silver and gold from bronze in a temporary lake and compares them row by row. Use the time zone and
    configuration of the runs. The exit status is 1 if anything differs. The lake is not changed.
    """
    require("run")
    from metriccare.pipeline.configuration import configured
    from metriccare.pipeline.verify import verify as compare
    from metriccare.runtime.spark import get_spark

    where = Lake.at(lake)
    sources = configured(where, config or "", timezone)
    found = compare(get_spark(where.root), where, sources, ledger_url=ledger_url, progress=_print_step)
    for sentence in found.differences:
        click.echo(sentence)
    if found.differences:
        raise VerificationError(
            "Silver or gold differ from a rebuild. Do not use the results; keep the lake and report this. "
            "`metriccare run --full-refresh` rebuilds both layers."
        )
    click.echo(f"{found.tables} tables are identical to a rebuild from bronze (as of {found.as_of}).")


def _print_step(step: str) -> None:
    click.echo(f"… {step}", err=True)


@main.command(epilog="Example: metriccare report --out report.html")
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="FILE", help="The HTML file.")
@_lake
def report(out: Path, lake: str) -> None:
    """Write the latest results as one HTML file."""
    from metriccare.reporting.html_report import write_report

    click.echo(write_report(Lake.at(lake), out))


@main.group("glue-sessions", epilog="Example: metriccare glue-sessions serve --port 9460")
def glue_sessions() -> None:
    """Glue interactive sessions on this machine."""


@glue_sessions.command(epilog="Example: metriccare glue-sessions serve --port 9460")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    show_default=True,
    help="Port on the loopback interface; 0 picks a free one.",
)
def serve(port: int) -> None:
    """Serve Glue sessions until Ctrl+C.

    Prints the environment variables with which the kernel glue_pyspark finds the endpoint. Each session is a local
    process with Spark and Hudi. This is not AWS: there are no permissions, no workers and no Glue Catalog, no Python
    modules are installed, and every Glue version is the Spark of this environment.
    """
    require("glue")
    from metriccare.runtime.glue_sessions.serve import serve as serve_sessions

    serve_sessions(port, click.echo)


def _print_run(lake: Lake, run_id: str) -> None:
    from rich.console import Console

    from metriccare.lake.executed_notebooks import place, run_folder
    from metriccare.lake.run_log import newest_run
    from metriccare.reporting.html_report import write_report
    from metriccare.reporting.preflight import read_coverage, show_findings
    from metriccare.reporting.results import find_results, profiles_of
    from metriccare.reporting.terminal_tables import show_run

    console = Console(highlight=False)
    show_run(console, newest_run(lake))
    show_findings(console, read_coverage(lake))
    _print_measures(lake, find_results(lake, PROFILES[0]))
    _print_other_profiles(profiles_of(lake))
    with run_folder(lake, run_id) as folder:
        write_report(lake, folder / "report.html")
    where = place(lake, run_id)
    click.echo(f"\nNotebooks: {where}\nReport:    {where}/report.html")


def _print_other_profiles(computed: list[str]) -> None:
    others = [name for name in computed if name != PROFILES[0]]
    if others:
        listed = ", ".join(others)
        click.echo(f"\nOther profiles: {listed}: metriccare measures --profile {others[-1]}")


def _print_measures(lake: Lake, rows: list[dict[str, Any]]) -> None:
    from rich.console import Console

    from metriccare.lake.run_log import newest_run
    from metriccare.reporting.terminal_tables import show_measures

    show_measures(Console(highlight=False), rows, is_synthetic=newest_run(lake)["is_synthetic"])
