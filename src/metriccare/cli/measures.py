"""`metriccare measures`: results in the terminal, as JSON or as CSV."""

from typing import Any

import click

from metriccare.cli import options
from metriccare.cli.options import PROFILES
from metriccare.definitions import strata
from metriccare.settings import Lake


@click.command(epilog="Example: metriccare measures --by hospital --format csv > hospitals.csv")
@click.option(
    "--profile", type=click.Choice(PROFILES), default=PROFILES[0], show_default=True, help="Set of rules."
)
@click.option("--by", type=click.Choice(strata.STRATA[1:]), help="Stratify the measures by this column.")
@options.as_of
@click.option("--unsuppressed", is_flag=True, help="Also show small cells; for internal use only.")
@click.option(
    "--format", "form", type=click.Choice(("table", "json", "csv")), default="table", show_default=True
)
@options.lake
def measures(*, profile: str, by: str | None, as_of: str, unsuppressed: bool, form: str, lake: str) -> None:
    """Print the measures of the latest run."""
    from metriccare.reporting import results

    where = Lake.at(lake)
    rows = results.find_results(where, profile, by or strata.ALL, as_of, unsuppressed=unsuppressed)
    if unsuppressed:
        click.echo("Unsuppressed: small cells are shown; for internal use only.", err=True)
    if form == "table":
        print_measures(where, rows)
    else:
        click.echo(results.to_json(rows) if form == "json" else results.to_csv(rows), nl=form == "json")


def print_measures(lake: Lake, rows: list[dict[str, Any]]) -> None:
    """Print results as a table, with a title that says whether the data are synthetic."""
    from metriccare.lake.run_log import newest_run
    from metriccare.reporting.terminal import Terminal
    from metriccare.reporting.terminal_tables import show_measures

    show_measures(Terminal(), rows, is_synthetic=newest_run(lake)["is_synthetic"])
