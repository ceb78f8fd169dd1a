"""`make glue-lab`: the endpoint, and a JupyterLab whose `glue_pyspark` kernel finds it; both end together."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from metriccare.errors import MetricCareError
from metriccare.runtime import kernel
from metriccare.runtime.glue_sessions.environment import (
    KERNEL,
    default_folder,
    install_kernel,
    write_settings,
)
from metriccare.runtime.glue_sessions.serve import told_to_end
from metriccare.runtime.glue_sessions.server import serving
from metriccare.settings import project_root


def lab(options: Sequence[str]) -> int:
    """Run JupyterLab with these options beside the endpoint; return its exit status.

    Only the Glue kernel gets the endpoint's settings: the local kernel keeps the user's own.

    Raises:
        EndpointError: the Glue kernel is not installed.
    """
    with told_to_end() as end, serving() as endpoint:
        folder = default_folder()
        found = install_kernel(folder, write_settings(endpoint, folder))
        path = os.pathsep.join(filter(None, (str(found), os.environ.get("JUPYTER_PATH"))))
        process = subprocess.Popen([*_command(), *options], env=os.environ | {"JUPYTER_PATH": path})  # noqa: S603
        try:
            while process.poll() is None and not end.wait(0.2):
                pass
            return _status(process)
        finally:
            if process.poll() is None:
                process.kill()


def _command() -> list[str]:
    return [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={project_root()}",
        f"--MultiKernelManager.default_kernel_name={KERNEL}",
        "--LabApp.default_url=/lab/tree/notebooks",
        f"--LabApp.app_settings_dir={Path(kernel.__file__).parent / 'jupyterlab'}",  # asks and calls nobody outside
    ]


def _status(process: "subprocess.Popen[bytes]") -> int:
    """End JupyterLab, which ends its kernels, if it still runs."""
    if process.poll() is None:
        process.terminate()
    return process.wait(timeout=30)


if __name__ == "__main__":
    try:
        sys.exit(lab(sys.argv[1:]))
    except MetricCareError as error:
        sys.exit(str(error))
