"""`metriccare preflight`: gaps in the data, and codes to map."""

import click

from metriccare.cli import options
from metriccare.settings import Lake


@click.command(epilog="Example: metriccare preflight --unmapped class > class.csv")
@options.lake
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
    from metriccare.reporting.preflight import read_unmapped, show_preflight, unmapped_csv
    from metriccare.reporting.terminal import Terminal

    where = Lake.at(lake)
    click.echo("Unsuppressed: small counts are shown; for internal use only.", err=True)
    if unmapped:
        click.echo(unmapped_csv(read_unmapped(where), unmapped, source), nl=False)
    else:
        show_preflight(Terminal(), where)
