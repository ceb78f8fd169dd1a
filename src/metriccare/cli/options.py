"""Options that several commands have."""

from collections.abc import Callable

import click

from metriccare.definitions import profiles
from metriccare.definitions.validation import check_as_of, check_timezone
from metriccare.errors import ParameterError

PROFILES = tuple(profile.name for profile in profiles.PROFILES)


def _checked(check: Callable[[str], str]) -> Callable[[click.Context, click.Parameter, str], str]:
    """Return an option callback that turns an invalid value into a usage error."""

    def callback(ctx: click.Context, param: click.Parameter, value: str) -> str:
        try:
            return check(value)
        except ParameterError as error:
            raise click.BadParameter(str(error), ctx, param) from error

    return callback


lake = click.option(
    "--lake",
    default="",
    metavar="DIR",
    help="Folder of the tables.  [default: METRICCARE_HOME, else .metriccare]",
)
ledger_url = click.option(
    "--ledger",
    "ledger_url",
    default="",
    metavar="URL",
    help="dynamodb://TABLE.  [default: a file in the lake]",
)
config = click.option(
    "--config",
    type=click.Path(exists=True, dir_okay=False),
    metavar="FILE",
    help="Time zones and code maps of the sources.  [default: metriccare.toml in the lake]",
)
timezone = click.option(
    "--timezone",
    default="",
    metavar="ZONE",
    callback=_checked(check_timezone),
    help="Time zone of sources that have none configured.",
)
as_of = click.option(
    "--as-of",
    default="",
    metavar="DATE",
    callback=_checked(check_as_of),
    help="Last day that counts.  [default: newest discharge]",
)
