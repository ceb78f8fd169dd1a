"""`metriccare why`: the decisions on one stay."""

import click

from metriccare.cli import options
from metriccare.cli.options import PROFILES
from metriccare.settings import Lake


@click.command(epilog="Example: metriccare why --stay 7-p42-s1 --profile simple")
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
@options.lake
def why(*, stay: str, source: str, profile: str, form: str, lake: str) -> None:
    """Explain every decision on one stay.

    Shows for each measure whether the stay is counted and why, with the file and position of the evidence.
    """
    from metriccare.reporting.terminal import echo
    from metriccare.reporting.why import explain, to_json, to_text

    answer = explain(Lake.at(lake), stay, source, profile)
    click.echo("Contains data of one patient; for internal use only.", err=True)
    echo(to_json(answer) if form == "json" else to_text(answer))
