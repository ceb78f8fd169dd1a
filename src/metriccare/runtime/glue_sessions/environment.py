"""The kernelspec with which the Glue kernel finds the local endpoint or an account; for the endpoint, its credentials.

The user's own AWS configuration and Jupyter folders are neither read nor written.
"""

import json
import os
from importlib.util import find_spec
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager

from metriccare.errors import EndpointError
from metriccare.runtime.glue_sessions.account import WHEEL
from metriccare.runtime.glue_sessions.identity import ROLE
from metriccare.runtime.glue_sessions.server import HOST, Endpoint
from metriccare.settings import DEFAULT_LAKE, project_root

KERNEL = "glue_pyspark"
PROFILE = "metriccare-local"
REGION = "us-east-1"
VERSION = "5.0"  # the kernel's own default is 4.0, whose Python is too old
FOLDER = "glue_sessions"
_PACKAGE = "aws_glue_interactive_sessions_kernel"


def default_folder(environment: str = "") -> Path:
    """Return the folder of the settings of the local endpoint, or of an environment on AWS, in the default lake."""
    return project_root() / DEFAULT_LAKE / FOLDER / environment


def jupyter_path(kernels: Path) -> str:
    """Return `JUPYTER_PATH` with a folder of kernels before those that are in it."""
    return os.pathsep.join(filter(None, (str(kernels), os.environ.get("JUPYTER_PATH"))))


def write_settings(endpoint: Endpoint, folder: Path) -> dict[str, str]:
    """Write an AWS configuration for the endpoint; return the environment variables that select it.

    The kernel lets botocore look up the services' addresses only if a profile is set. As "GlueStudioNotebook" it does
    not look up the user's identity, nor query a package index for a newer version.
    """
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "aws_config"
    config.touch(mode=0o600)
    config.write_text(
        f"[profile {PROFILE}]\nregion = {REGION}\n"
        f"aws_access_key_id = {endpoint.access_key}\naws_secret_access_key = {endpoint.secret_key}\n",
        encoding="utf-8",
    )
    addresses = {f"AWS_ENDPOINT_URL_{service}": endpoint.address for service in ("GLUE", "STS", "IAM")}
    return addresses | {
        "AWS_CONFIG_FILE": str(config),
        "AWS_SHARED_CREDENTIALS_FILE": str(config),
        "AWS_REGION": REGION,
        "glue_profile": PROFILE,
        "glue_role_arn": ROLE,
        "glue_additional_python_modules": WHEEL,
        "glue_version": VERSION,
        "request_origin": "GlueStudioNotebook",
        "userId": "local",
        "no_proxy": ",".join(filter(None, (os.environ.get("no_proxy") or os.environ.get("NO_PROXY"), HOST))),
    }


def install_kernel(folder: Path, environment: dict[str, str]) -> Path:
    """Install the kernelspec with these environment variables; return the folder for `JUPYTER_PATH`.

    Raises:
        EndpointError: the kernel's package is not installed.
    """
    package = find_spec(_PACKAGE)
    if package is None or package.origin is None:
        raise EndpointError("The Glue kernel is not installed; run pip install 'metriccare[glue]'.")
    source = Path(package.origin).parent / KERNEL
    installed = KernelSpecManager().install_kernel_spec(str(source), KERNEL, prefix=str(folder))
    file = Path(installed) / "kernel.json"
    spec = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(spec | {"env": environment}, indent=1), encoding="utf-8")
    return folder / "share" / "jupyter"
