"""The commands that open JupyterLab."""

import os
import sys
from pathlib import Path

import click

from metriccare.runtime.extras import require
from metriccare.runtime.notebooks.kernels import GLUE, LOCAL

_passed_on = click.argument("options", nargs=-1, type=click.UNPROCESSED, metavar="[JUPYTER OPTIONS]...")
_UNKNOWN = {"ignore_unknown_options": True}


@click.command(context_settings=_UNKNOWN, epilog="Example: metriccare lab --port 8890")
@_passed_on
def lab(options: tuple[str, ...]) -> None:
    """Open JupyterLab with the local kernel.

    If the folder has no notebooks, the four notebooks are copied to ./notebooks, where you can edit them; `metriccare
    run` in that folder then runs the copies. Existing files are not changed.
    """
    require("lab")
    from metriccare.runtime.lab import command

    os.execv(sys.executable, [*command(_project(), LOCAL), *options])  # noqa: S606


@click.command("glue-lab", context_settings=_UNKNOWN, epilog="Example: metriccare glue-lab --port 8890")
@_passed_on
def glue_lab(options: tuple[str, ...]) -> None:
    """Open JupyterLab with the Glue kernel.

    Combines `metriccare lab` and `metriccare glue-sessions serve`; the sessions run on this machine, and both stop
    together.
    """
    require("glue")
    from metriccare.runtime.glue_sessions.lab import run_lab
    from metriccare.runtime.lab import command

    sys.exit(run_lab([*command(_project(), GLUE), *options]))


def _project() -> Path:
    """Return the project's folder, with notebooks in it; print what was copied."""
    from metriccare.runtime.lab import project_folder

    root, copies = project_folder()
    if copies:
        names = ", ".join(file.name for file in copies)
        click.echo(f"Copied to {root / 'notebooks'}, where you can edit them: {names}", err=True)
    return root
