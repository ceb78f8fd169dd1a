"""The commands that open JupyterLab."""

import os
import sys
from pathlib import Path
from typing import NoReturn

import click

from metriccare.cli import glue_options
from metriccare.runtime.extras import require
from metriccare.runtime.notebooks.kernels import GLUE, LOCAL
from metriccare.settings import project_root

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


@click.command(
    "glue-lab", context_settings=_UNKNOWN, epilog="Example: metriccare glue-lab --profile metriccare-dev"
)
@glue_options.profile
@glue_options.environment
@glue_options.role
@glue_options.modules
@_passed_on
def glue_lab(*, profile: str, environment: str, role: str, modules: str, options: tuple[str, ...]) -> None:
    """Open JupyterLab with the Glue kernel.

    Without --profile, the sessions run on this machine: it combines `metriccare lab` and `metriccare glue-sessions
    serve`, and both stop together. With --profile, they run on AWS, with the role and the wheels of the stack there,
    and the notebooks are copied to ./notebooks-dev with the locations of the account's lake; existing files are not
    changed.
    """
    require("glue")
    from metriccare.runtime.lab import command

    if profile:
        _open_on_account(profile, environment, role, modules, options)
    from metriccare.runtime.glue_sessions.lab import run_lab

    sys.exit(run_lab([*command(_project(), GLUE), *options]))


def _open_on_account(
    profile: str, environment: str, role: str, modules: str, options: tuple[str, ...]
) -> NoReturn:
    """Replace this process by JupyterLab, whose Glue kernel has the settings of the account."""
    from metriccare.runtime.glue_sessions.account_notebooks import prepare_notebooks
    from metriccare.runtime.glue_sessions.environment import default_folder, install_kernel, jupyter_path
    from metriccare.runtime.lab import command

    found = glue_options.find(profile, environment, role, modules)
    root, notebooks = project_root(), f"notebooks-{environment}"
    copies = prepare_notebooks(root / notebooks, found.parameters)
    if copies:
        click.echo(f"Copied to {root / notebooks}: {', '.join(file.name for file in copies)}", err=True)
    click.echo(
        f"Sessions run on AWS as {found.kernel['glue_role_arn']}; they cost money until they stop.", err=True
    )
    os.environ["JUPYTER_PATH"] = jupyter_path(install_kernel(default_folder(environment), dict(found.kernel)))
    os.execv(sys.executable, [*command(root, GLUE, notebooks), *options])  # noqa: S606


def _project() -> Path:
    """Return the project's folder, with notebooks in it; print what was copied."""
    from metriccare.runtime.lab import project_folder

    root, copies = project_folder()
    if copies:
        names = ", ".join(file.name for file in copies)
        click.echo(f"Copied to {root / 'notebooks'}, where you can edit them: {names}", err=True)
    return root
