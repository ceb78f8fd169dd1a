"""JupyterLab as `metriccare lab` and `metriccare glue-lab` start it: in the project's folder, at its notebooks."""

import shutil
import sys
from pathlib import Path

from metriccare.errors import NotebookError
from metriccare.runtime import kernel
from metriccare.settings import packaged_notebooks, project_root


def command(folder: Path, kernel_name: str, notebooks: str = "notebooks") -> list[str]:
    """Return the command that starts JupyterLab in a folder, at its notebooks, with one kernel as the default."""
    return [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={folder}",
        f"--MultiKernelManager.default_kernel_name={kernel_name}",
        f"--LabApp.default_url=/lab/tree/{notebooks}",
        f"--LabApp.app_settings_dir={Path(kernel.__file__).parent / 'jupyterlab'}",  # no update check, no news
    ]


def project_folder() -> tuple[Path, list[Path]]:
    """Return the project's folder, and which of its notebooks are new: copies of those that the package brings.

    Outside of a project it is the current folder. A file that is there is never overwritten.

    Raises:
        NotebookError: they can't be copied.
    """
    root = project_root()
    folder = root / "notebooks"
    try:
        folder.mkdir(exist_ok=True)
        return root, [
            new for file in sorted(packaged_notebooks().glob("*.ipynb")) if (new := _copied(file, folder))
        ]
    except OSError as error:
        raise NotebookError(
            f"The notebooks can't be copied to {folder} ({error.strerror}): run this in a writable folder."
        ) from error


def _copied(file: Path, folder: Path) -> Path | None:
    """Copy a file into a folder, unless there is one of that name."""
    target = folder / file.name
    if target.exists():
        return None
    shutil.copyfile(file, target)
    return target
