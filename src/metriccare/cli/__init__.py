"""The command line: every command is a thin wrapper of one public function.

Heavy libraries are imported where a command needs them, so that `--help` answers at once.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from metriccare import __version__
from metriccare.cli.lab import glue_lab, lab
from metriccare.cli.options import lake as _lake
from metriccare.cli.options import ledger as _ledger
from metriccare.cli.quarantine import quarantine
from metriccare.definitions.validation import check_as_of, check_timezone
from metriccare.errors import MetricCareError, ParameterError, VerificationError
from metriccare.runtime import logs
from metriccare.runtime.extras import require
from metriccare.runtime.notebooks.kernels import GLUE, LOCAL
from metriccare.settings import Lake, generator_folder

STRATA = ("hospital", "month", "year", "hospital_year", "infection_type", "code")
KERNELS = (LOCAL, GLUE)
PROFILES = ("all_adult", "cms_like", "simple")  # those of metriccare.measures, which takes seconds to load


class Commands(click.Group):
    """A group whose commands end with one sentence and exit status 1 on an error of MetricCare."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except MetricCareError as error:
            raise click.ClickException(str(error)) from error


def _checked(check: Callable[[str], str]) -> Callable[[click.Context, click.Parameter, str], str]:
    """Return an option's callback that makes a refused value a usage error."""

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
    help="Zones, code maps and habits of the sources.  [default: metriccare.toml in the lake]",
)
_timezone = click.option(
    "--timezone",
    default="",
    metavar="ZONE",
    callback=_checked(check_timezone),
    help="Zone of sources that name none and send UTC.",
)
_as_of = click.option(
    "--as-of", default="", metavar="DATE", callback=_checked(check_as_of), help="Last day that counts."
)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
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
@click.option("--patients", type=click.IntRange(min=1), default=1000, show_default=True, help="How many.")
@click.option("--seed", type=int, default=7, show_default=True, help="Same seed, same bytes.")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="[default: fhir_data]")
@click.option(
    "--batches",
    type=click.IntRange(0, 99),
    default=0,
    help="Later deliveries, with late, corrected, repeated, deleted and corrupt records.  [default: none]",
)
@click.option(
    "--batch-share",
    type=click.FloatRange(0, 1, min_open=True),
    default=0.01,
    show_default=True,
    help="Share of the patients that each later delivery speaks of, about.",
)
@click.option("--overwrite", is_flag=True, help="Replace the synthetic data that lie there.")
@click.option(
    "--validate", "is_validated", is_flag=True, help="Validate every resource as FHIR R4, not only a sample."
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
    """Write synthetic FHIR files, and what was planted in them (truth.json).

    With --batches each delivery has a folder of its own, json/delivery=00 and so on; the truth is the same.
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
    "--raw", default="", metavar="DIR", help="The FHIR files.  [default: METRICCARE_RAW, else fhir_data/json]"
)
@_lake
@_as_of
@_timezone
@_config
@click.option(
    "--generate", "patients", type=click.IntRange(min=1), help="Write so many synthetic patients first."
)
@click.option("--seed", type=int, default=7, show_default=True, help="Seed of the synthetic patients.")
@click.option("--full-refresh", is_flag=True, help="Make silver and gold anew from all of bronze.")
@click.option(
    "--max-quarantined",
    type=click.FloatRange(0, 1),
    default=1.0,
    metavar="SHARE",
    help="Fail before silver where more of what is new is in quarantine, e.g. 0.05.  [default: take any]",
)
@click.option(
    "--kernel",
    type=click.Choice(KERNELS),
    default=KERNELS[0],
    show_default=True,
    help="Where the cells run: here, or in Glue interactive sessions.",
)
@_ledger
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
    ledger: str,
) -> None:
    """Take what is new through bronze, silver and gold, and print the measures.

    Only notebooks that have work are run; where nothing is new, nothing is run and nothing is written.
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
        ledger=ledger,
    )
    if run_id:
        _print_run(Lake.at(lake), run_id)
    else:
        click.echo("Nothing is new: no notebook was run. `metriccare measures` shows the numbers.")


@main.command(epilog="Example: metriccare measures --by hospital --format csv > hospitals.csv")
@click.option(
    "--profile", type=click.Choice(PROFILES), default=PROFILES[0], show_default=True, help="Which rules."
)
@click.option("--by", type=click.Choice(STRATA), help="Split the measures by this.")
@_as_of
@click.option("--unsuppressed", is_flag=True, help="Show small cells too: for internal use only.")
@click.option(
    "--format", "form", type=click.Choice(("table", "json", "csv")), default="table", show_default=True
)
@_lake
def measures(*, profile: str, by: str | None, as_of: str, unsuppressed: bool, form: str, lake: str) -> None:
    """Print the measures of the newest run."""
    from metriccare.reporting import results

    where = Lake.at(lake)
    rows = results.find_results(where, profile, by or "all", as_of, unsuppressed=unsuppressed)
    if unsuppressed:
        click.echo("Unsuppressed: small cells are shown; for internal use only.", err=True)
    if form == "table":
        _print_measures(where, rows)
    else:
        click.echo(results.to_json(rows) if form == "json" else results.to_csv(rows), nl=form == "json")


@main.command(epilog="Example: metriccare why --stay 7-p42-s1 --profile simple")
@click.option("--stay", required=True, metavar="ID", help="Id of a stay, or of any Encounter.")
@click.option("--source", default="", metavar="NAME", help="Of which source, if several have the id.")
@click.option(
    "--profile",
    type=click.Choice((*PROFILES, "all")),
    default=PROFILES[0],
    show_default=True,
    help="By which rules.",
)
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
@_lake
def why(*, stay: str, source: str, profile: str, form: str, lake: str) -> None:
    """Tell what was decided on one stay for every measure, and where the evidence came from."""
    from metriccare.reporting.why import explain, to_json, to_text

    answer = explain(Lake.at(lake), stay, source, profile)
    click.echo("About one patient: for internal use only.", err=True)
    click.echo(to_json(answer) if form == "json" else to_text(answer))


@main.command(epilog="Example: metriccare preflight --unmapped class > class.csv")
@_lake
@click.option(
    "--unmapped",
    type=click.Choice(("class", "disposition")),
    help="Print only these codes that no map knows, as a CSV to fill in.",
)
@click.option("--source", default="", metavar="NAME", help="With --unmapped: of this source only.")
def preflight(*, lake: str, unmapped: str | None, source: str) -> None:
    """Tell what the data of the newest run can't support, and which codes wait for a map."""
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
@_ledger
@_lake
def status(*, form: str, ledger: str, lake: str) -> None:
    """Tell the last runs, how new the data are, what waits, who writes, and what is in quarantine."""
    from metriccare.reporting.status import read_status, show_status, to_json

    found = read_status(Lake.at(lake), ledger)
    if form == "json":
        click.echo(to_json(found))
        return
    from rich.console import Console

    show_status(Console(highlight=False), found)


@main.command(epilog="Example: metriccare verify --lake .metriccare")
@_timezone
@_config
@_ledger
@_lake
def verify(*, timezone: str, config: str | None, ledger: str, lake: str) -> None:
    """Rebuild silver and gold beside the lake and compare them row for row with what is there.

    Give the zone and the configuration of the runs. Exit status 1 if anything differs. The lake is not changed.
    """
    require("run")
    from metriccare.pipeline.configuration import configured
    from metriccare.pipeline.verify import verify as compare
    from metriccare.runtime.spark import get_spark

    where = Lake.at(lake)
    sources = configured(where, config or "", timezone)
    found = compare(get_spark(where.root), where, sources, ledger=ledger, progress=_tell)
    for sentence in found.differences:
        click.echo(sentence)
    if found.differences:
        raise VerificationError(
            "Silver or gold differ from a rebuild: do not use the numbers; `metriccare run --full-refresh` makes "
            "them anew. Keep the lake and report this."
        )
    click.echo(
        f"{found.tables} tables are the same as a rebuild from bronze makes them (as of {found.as_of})."
    )


def _tell(step: str) -> None:
    click.echo(f"… {step}", err=True)


@main.command(epilog="Example: metriccare report --out report.html")
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="FILE", help="The HTML file.")
@_lake
def report(out: Path, lake: str) -> None:
    """Write the newest run's measures and pictures as one HTML file."""
    from metriccare.reporting.html_report import write_report

    click.echo(write_report(Lake.at(lake), out))


@main.group("glue-sessions", epilog="Example: metriccare glue-sessions serve --port 9460")
def glue_sessions() -> None:
    """Glue interactive sessions on this machine, for the kernel glue_pyspark."""


@glue_sessions.command(epilog="Example: metriccare glue-sessions serve --port 9460")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    show_default=True,
    help="On loopback; 0 takes a free one.",
)
def serve(port: int) -> None:
    """Serve until Ctrl+C; print the variables with which the kernel finds it.

    Each session is a local process with Spark and Hudi. It is no AWS: there are no permissions, no workers and no Glue
    Catalog, no Python modules are installed, and every version of Glue is the Spark of this environment.
    """
    require("glue")
    from metriccare.runtime.glue_sessions.serve import serve as run_until_told

    run_until_told(port, click.echo)


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


def _print_other_profiles(profiles: list[str]) -> None:
    others = [name for name in profiles if name != PROFILES[0]]
    if others:
        listed = ", ".join(others)
        click.echo(f"\nOther profiles: {listed}: metriccare measures --profile {others[-1]}")


def _print_measures(lake: Lake, rows: list[dict[str, Any]]) -> None:
    from rich.console import Console

    from metriccare.lake.run_log import newest_run
    from metriccare.reporting.terminal_tables import show_measures

    show_measures(Console(highlight=False), rows, is_synthetic=newest_run(lake)["is_synthetic"])
