"""`metriccare report`: the results as one HTML file."""

from pathlib import Path

import click

from metriccare.cli import options
from metriccare.settings import Lake


@click.command(epilog="Example: metriccare report --out report.html")
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="FILE", help="The HTML file.")
@options.lake
def report(out: Path, lake: str) -> None:
    """Write the latest results as one HTML file."""
    from metriccare.reporting.html_report import write_report

    click.echo(write_report(Lake.at(lake), out))
