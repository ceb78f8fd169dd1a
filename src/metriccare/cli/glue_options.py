"""The options of the commands that use Glue sessions on an account."""

import os
from typing import TYPE_CHECKING

import click

from metriccare.runtime.aws import PROFILE_VARIABLE, session

if TYPE_CHECKING:
    from metriccare.runtime.glue_sessions.account_settings import AccountSettings

profile = click.option(
    "--profile", default="", metavar="NAME", help="AWS profile; the sessions run on its account."
)
environment = click.option(
    "--environment",
    type=click.Choice(("dev", "prod")),
    default="dev",
    show_default=True,
    help="The stack on that account.",
)
role = click.option(
    "--role",
    default="",
    metavar="NAME",
    help="Role of the sessions.  [default: metriccare_gold_sessions_<environment>]",
)
modules = click.option(
    "--modules",
    default="",
    metavar="URLS",
    help="Wheels on S3, comma-separated.  [default: those of the jobs]",
)


def find(profile: str, environment: str, role: str, modules: str) -> "AccountSettings":
    """Return the settings of an account; from here on, this process uses its profile.

    Raises:
        EndpointError: there are no credentials or rights, or no job, role or wheel.
    """
    from metriccare.runtime.glue_sessions.account_settings import find_settings

    os.environ[PROFILE_VARIABLE] = profile
    session.cache_clear()
    return find_settings(profile, environment, role, modules)
