"""`metriccare glue-sessions`: a local endpoint for the Glue kernel, and the settings of an account for it."""

import shlex

import click

from metriccare.cli import glue_options
from metriccare.runtime.extras import require


@click.group("glue-sessions", epilog="Example: metriccare glue-sessions serve --port 9460")
def glue_sessions() -> None:
    """Glue interactive sessions, on this machine or on AWS."""


@glue_sessions.command(epilog="Example: metriccare glue-sessions serve --port 9460")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    show_default=True,
    help="Port on the loopback interface; 0 picks a free one.",
)
def serve(port: int) -> None:
    """Serve Glue sessions until Ctrl+C.

    Prints the environment variables with which the kernel glue_pyspark finds the endpoint. Each session is a local
    process with Spark and Hudi. This is not AWS: there are no permissions, no workers and no Glue Catalog, no Python
    modules are installed, and every Glue version is the Spark of this environment. A session whose settings would not
    work on AWS is refused: another role, no wheel of this package, a Glue version with an older Python.
    """
    require("glue")
    from metriccare.runtime.glue_sessions.serve import serve as serve_sessions

    serve_sessions(port, click.echo)


@glue_sessions.command(epilog="Example: metriccare glue-sessions settings --profile metriccare-dev")
@glue_options.profile
@glue_options.environment
@glue_options.role
@glue_options.modules
def settings(*, profile: str, environment: str, role: str, modules: str) -> None:
    """Print the settings for sessions on AWS.

    These are the environment variables with which the kernel glue_pyspark starts sessions on an account: for
    `metriccare run --kernel glue_pyspark`, papermill, or another program that starts the kernel.
    """
    if not profile:
        raise click.UsageError("Name the account's AWS profile: --profile NAME.")
    require("glue")
    from metriccare.runtime.glue_sessions.environment import default_folder, install_kernel

    found = dict(glue_options.find(profile, environment, role, modules).kernel)
    found["JUPYTER_PATH"] = str(install_kernel(default_folder(environment), found))
    for name, value in found.items():
        click.echo(f"export {name}={shlex.quote(value)}")
