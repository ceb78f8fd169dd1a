"""The command line: every command is a thin wrapper of one public function.

Heavy libraries are imported in the commands that need them, so that `--help` is fast.
"""

import logging
import os
from typing import Any

import click

from metriccare import __version__
from metriccare.cli.generate import generate
from metriccare.cli.glue_sessions import glue_sessions
from metriccare.cli.lab import glue_lab, lab
from metriccare.cli.measures import measures
from metriccare.cli.preflight import preflight
from metriccare.cli.quarantine import quarantine
from metriccare.cli.report import report
from metriccare.cli.run import run
from metriccare.cli.status import status
from metriccare.cli.verify import verify
from metriccare.cli.why import why
from metriccare.errors import MetricCareError
from metriccare.runtime import logs
from metriccare.runtime.iri_grammar import skip_iri_grammar
from metriccare.runtime.private import keep_private

INTERRUPTED = 130  # the exit status of a command that Ctrl-C has ended


class Commands(click.Group):
    """A group whose commands print one message and exit with status 1 on an error of MetricCare."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except MetricCareError as error:
            from metriccare.reporting.terminal import harmless

            raise click.ClickException(harmless(str(error))) from error
        except KeyboardInterrupt:
            logging.getLogger("asyncio").disabled = True  # it reports the cell that nobody waits for any more
            click.echo(
                "\nInterrupted. Nothing is lost: the next run completes or undoes what was begun.", err=True
            )
            ctx.exit(INTERRUPTED)


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: metriccare run --generate 1000",
)
@click.version_option(__version__)
@click.option(
    "-v",
    "verbosity",
    count=True,
    help="Log what is done to standard error; -vv logs details. [default: METRICCARE_LOG]",
)
def main(verbosity: int) -> None:
    """Four hospital measures from FHIR R4 files."""
    if verbosity:
        os.environ[logs.LEVEL_VARIABLE] = "info" if verbosity == 1 else "debug"  # child processes read it too
    logs.configure()
    keep_private()
    skip_iri_grammar()


for _command in (
    generate,
    run,
    measures,
    why,
    preflight,
    status,
    quarantine,
    verify,
    report,
    lab,
    glue_lab,
    glue_sessions,
):
    main.add_command(_command)
