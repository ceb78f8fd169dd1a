"""`metriccare verify`: the lake against a rebuild."""

import click

from metriccare.cli import options
from metriccare.errors import VerificationError
from metriccare.runtime.extras import require
from metriccare.settings import Lake


@click.command(epilog="Example: metriccare verify --lake .metriccare")
@options.timezone
@options.config
@options.ledger_url
@options.lake
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
