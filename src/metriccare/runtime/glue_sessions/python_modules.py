"""Whether the Python modules that a session asks for could be installed, and bring this package."""

import posixpath
from collections.abc import Iterator
from importlib import metadata

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

from metriccare.runtime.glue_sessions.account import Account
from metriccare.runtime.glue_sessions.glue_arguments import INSTALLER_OPTION, MODULES

PACKAGE = "metriccare"
ARCHIVE = ".gluewheels.zip"


def module_problems(arguments: dict[str, str], account: Account) -> Iterator[str]:
    """Yield a sentence for each module that AWS could not install or this environment lacks, or if none is ours."""
    modules = [part.strip() for part in arguments.get(MODULES, "").split(",") if part.strip()]
    files = [module for module in modules if "://" in module]
    offline = "--no-index" in arguments.get(INSTALLER_OPTION, "")
    wheels = {name for file in files for name in account.files.get(file, ())}
    brought = {name for wheel in wheels for name in _distribution(wheel)}
    for file in files:
        yield from _file_problems(file, account)
    for module in (module for module in modules if module not in files):
        yield from _requirement_problems(module, brought, offline=offline)
    if PACKAGE not in brought:
        yield (
            f"{MODULES} does not bring {PACKAGE}: `import {PACKAGE}` would fail in the session. Start JupyterLab with "
            "`metriccare glue-lab`, which names its wheel, and leave out %additional_python_modules or name it there "
            "too."
        )


def _file_problems(file: str, account: Account) -> Iterator[str]:
    if not file.startswith("s3://"):
        yield f"{MODULES} names {file}: Glue takes names of packages, and files on S3."
    elif not file.endswith((".whl", ARCHIVE)):
        yield f"{MODULES} names {file}: Glue installs wheels (.whl) and archives of wheels ({ARCHIVE})."
    elif file not in account.files:
        yield f"{MODULES} names {file}, which does not exist: the session could not install it."


def _requirement_problems(module: str, brought: set[str], *, offline: bool) -> Iterator[str]:
    try:
        requirement = Requirement(module)
    except InvalidRequirement:
        yield f"{MODULES} names {module!r}, which pip can't install; write e.g. pandas==2.2.3."
        return
    name = canonicalize_name(requirement.name)
    if offline and name not in brought:
        yield f"{module} would not be found: with --no-index, only wheels on S3 are installed."
        return
    try:
        version = metadata.version(requirement.name)
    except metadata.PackageNotFoundError:
        yield f"{module} is not installed here, and this endpoint installs nothing: run pip install '{module}' first."
        return
    if not requirement.specifier.contains(version, prereleases=True):
        yield f"{module} is not the version installed here, {version}: run pip install '{module}' first."


def _distribution(wheel: str) -> Iterator[str]:
    try:
        yield parse_wheel_filename(posixpath.basename(wheel))[0]
    except InvalidWheelFilename:
        return
