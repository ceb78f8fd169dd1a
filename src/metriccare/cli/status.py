"""`metriccare status`: runs, backlog and quarantine."""

import click

from metriccare.cli import options
from metriccare.settings import Lake


@click.command(epilog="Example: metriccare status --format json")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
@options.ledger_url
@options.lake
def status(*, form: str, ledger_url: str, lake: str) -> None:
    """Show runs, backlog and quarantine.

    Also shows how recent the data are, and which process is writing.
    """
    from metriccare.reporting.status import read_status, show_status, to_json

    found = read_status(Lake.at(lake), ledger_url)
    if form == "json":
        click.echo(to_json(found))
        return
    from metriccare.reporting.terminal import Terminal

    show_status(Terminal(), found)
