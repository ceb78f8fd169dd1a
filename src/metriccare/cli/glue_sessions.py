"""`metriccare glue-sessions serve`: a local endpoint for the Glue kernel."""

import click

from metriccare.runtime.extras import require


@click.group("glue-sessions", epilog="Example: metriccare glue-sessions serve --port 9460")
def glue_sessions() -> None:
    """Glue interactive sessions on this machine."""


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
    modules are installed, and every Glue version is the Spark of this environment.
    """
    require("glue")
    from metriccare.runtime.glue_sessions.serve import serve as serve_sessions

    serve_sessions(port, click.echo)
