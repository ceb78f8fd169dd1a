"""The command line: every command is a thin wrapper of one public function.

Heavy libraries are imported where a command needs them, so that `--help` answers at once.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from metriccare import __version__
from metriccare.checks import check_as_of, check_timezone
from metriccare.errors import MetricCareError, ParameterError
from metriccare.settings import DEFAULT_RAW, Lake, project_root

STRATA = ("hospital", "month", "year", "infection_type", "code")


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


_lake = click.option(
    "--lake", default="", metavar="DIR", help="The tables.  [default: METRICCARE_HOME, else .metriccare]"
)
_as_of = click.option(
    "--as-of", default="", metavar="DATE", callback=_checked(check_as_of), help="Last day that counts."
)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Four hospital measures from FHIR R4 files."""


@main.command(epilog="Example: metriccare generate --patients 1000 --seed 7 --out fhir_data")
@click.option("--patients", type=click.IntRange(min=1), default=1000, show_default=True, help="How many.")
@click.option("--seed", type=int, default=7, show_default=True, help="Same seed, same bytes.")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="[default: fhir_data]")
@click.option("--overwrite", is_flag=True, help="Replace the synthetic data that lie there.")
def generate(*, patients: int, seed: int, out: Path | None, overwrite: bool) -> None:
    """Write synthetic FHIR files, and what was planted in them (truth.json)."""
    from metriccare.generate import generate as write
    from metriccare.show import progress_bar, summarize

    target = out or project_root() / DEFAULT_RAW.parent
    with progress_bar("patients") as progress:
        summary = write(patients, seed, target, overwrite=overwrite, progress=progress)
    click.echo(summarize(summary))


@main.command(
    epilog="Example: metriccare run --raw fhir_data/json --as-of 2025-06-30 --timezone Europe/Berlin"
)
@click.option("--raw", default="", metavar="DIR", help="The FHIR files.  [default: fhir_data/json]")
@_lake
@_as_of
@click.option(
    "--timezone",
    default="",
    metavar="ZONE",
    callback=_checked(check_timezone),
    help="Zone of feeds sent in UTC.",
)
@click.option(
    "--generate", "patients", type=click.IntRange(min=1), help="Write so many synthetic patients first."
)
@click.option("--seed", type=int, default=7, show_default=True, help="Seed of the synthetic patients.")
def run(*, raw: str, lake: str, as_of: str, timezone: str, patients: int | None, seed: int) -> None:
    """Run the notebooks bronze, silver and gold, and print the measures."""
    from metriccare import pipeline

    run_id = pipeline.run(raw=raw, lake=lake, as_of=as_of, timezone=timezone, generate=patients, seed=seed)
    _print_run(Lake.at(lake), run_id)


@main.command(epilog="Example: metriccare measures --by hospital --format csv > hospitals.csv")
@click.option("--profile", default="all_adult", show_default=True, help="Which rules.")
@click.option("--by", type=click.Choice(STRATA), help="Split the measures by this.")
@_as_of
@click.option("--unsuppressed", is_flag=True, help="Show small cells too: for internal use only.")
@click.option(
    "--format", "form", type=click.Choice(("table", "json", "csv")), default="table", show_default=True
)
@_lake
def measures(*, profile: str, by: str | None, as_of: str, unsuppressed: bool, form: str, lake: str) -> None:
    """Print the measures of the newest run."""
    from metriccare import results

    where = Lake.at(lake)
    rows = results.find_results(where, profile, by or "all", as_of, unsuppressed=unsuppressed)
    if unsuppressed:
        click.echo("Unsuppressed: small cells are shown; for internal use only.", err=True)
    if form == "table":
        _print_measures(where, rows)
    else:
        click.echo(results.to_json(rows) if form == "json" else results.to_csv(rows), nl=form == "json")


@main.command(epilog="Example: metriccare report --out report.html")
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="FILE", help="The HTML file.")
@_lake
def report(out: Path, lake: str) -> None:
    """Write the newest run's measures and pictures as one HTML file."""
    from metriccare.report import write_report

    click.echo(write_report(Lake.at(lake), out))


def _print_run(lake: Lake, run_id: str) -> None:
    from rich.console import Console

    from metriccare.pipeline import run_folder
    from metriccare.report import write_report
    from metriccare.results import find_results, newest_run
    from metriccare.show import show_run

    show_run(Console(highlight=False), newest_run(lake))
    _print_measures(lake, find_results(lake))
    folder = run_folder(lake, run_id)
    click.echo(f"\nNotebooks: {folder}\nReport:    {write_report(lake, folder / 'report.html')}")


def _print_measures(lake: Lake, rows: list[dict[str, Any]]) -> None:
    from rich.console import Console

    from metriccare.results import newest_run
    from metriccare.show import show_measures

    show_measures(Console(highlight=False), rows, is_synthetic=newest_run(lake)["is_synthetic"])
