"""Executes notebooks one after the other, in this process's Spark session or in Glue's, and proves that they ran."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import papermill
from jupyter_client.kernelspec import NoSuchKernel
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError

from metriccare import errors
from metriccare.errors import NotebookError
from metriccare.runtime.notebooks.executed import unexecuted_cells
from metriccare.runtime.notebooks.kernels import GLUE, LOCAL, is_remote
from metriccare.runtime.notebooks.parameters import check_parameters, plain
from metriccare.runtime.spark import get_spark, share_gateway

PAPERMILL = "papermill"
_LONGEST_MESSAGE = 300
_QUIET = ["--log-level=ERROR"]  # ipykernel 7 warns about every kernel on the loopback interface
_WITHOUT_KERNEL = {
    LOCAL: "the package brings it: run `pip install -e .` in the project.",
    GLUE: "set the variables that `metriccare glue-sessions serve` prints, or install it with aws-glue-sessions.",
}
_DENIED = (
    "The lake or a file in it may not be written: check whom its folders belong to, then run again. "
    "Nothing is lost."
)
_REMEDIES = {
    "No space left on device": "The disk is full: free some space, then run again. Nothing is lost, and what was "
    "half written is rolled back.",
    "Permission denied": _DENIED,
    "Mkdirs failed to create": _DENIED,  # as Hadoop says it
    "java.lang.OutOfMemoryError": "Spark ran out of memory: set METRICCARE_DRIVER_MEMORY to more than 2g, then run "
    "again. Nothing is lost.",
}


@dataclass(frozen=True)
class Step:
    """One notebook and the parameters it is to run with."""

    notebook: Path
    parameters: Mapping[str, object] = field(default_factory=dict)


def run_notebooks(
    steps: Sequence[Step],
    folder: Path,
    progress: bool | None = None,
    *,
    engine: str = PAPERMILL,
    kernel: str = LOCAL,
) -> list[Path]:
    """Execute the notebooks in order and keep each, also a failed one, in `folder`; return their paths.

    Args:
        steps: the notebooks; the parameters of all are checked before the first one starts. A date becomes ISO text.
        folder: where the executed notebooks are written, and their working directory.
        progress: show a bar per notebook on standard error; None shows it on a terminal only.
        engine: papermill's own, or `in_process` (`metriccare.runtime.notebooks.in_process_engine`).
        kernel: the project's own, or `glue_pyspark`: then each notebook has a Glue session.

    Raises:
        ParameterError: a notebook does not take a parameter that it was given.
        NotebookError: a cell failed or did not run.
    """
    steps = [Step(step.notebook, plain(dict(step.parameters))) for step in steps]
    for step in steps:
        check_parameters(step.notebook, step.parameters)
    folder.mkdir(parents=True, exist_ok=True)
    with nullcontext() if is_remote(kernel) else _spark(steps, engine):
        return [
            _run(
                step, folder, engine, kernel, _bar(f"{position}/{len(steps)} {step.notebook.stem}", progress)
            )
            for position, step in enumerate(steps, start=1)
        ]


@contextmanager
def _spark(steps: Sequence[Step], engine: str) -> Iterator[None]:
    """Have Spark here, for kernels to join or for cells in this process."""
    spark = get_spark(*_places(steps))
    with share_gateway(spark) if engine == PAPERMILL else nullcontext():
        yield


def _places(steps: Sequence[Step]) -> list[str]:
    """Return the texts among the parameters: those that are places on S3 need a Spark that reads S3."""
    return [value for step in steps for value in step.parameters.values() if isinstance(value, str)]


def _run(step: Step, folder: Path, engine: str, kernel: str, bar: dict[str, Any]) -> Path:
    kept = folder / step.notebook.name
    options = {
        "engine_name": None if engine == PAPERMILL else engine,
        "kernel_name": kernel,
        "progress_bar": bar,
    }
    with _told_briefly(step.notebook.stem, kernel, kept):
        if is_remote(kernel):
            from metriccare.runtime.notebooks.glue_session_check import watched

            with watched(step.notebook.stem, kept) as watch:
                _execute(step, kept, **options, on_cell_executed=watch.prove, extra_arguments=_QUIET)
        else:
            _execute(step, kept, **options)
    _prove(kept)
    return kept


def _execute(step: Step, kept: Path, **options: Any) -> None:
    papermill.execute_notebook(
        _literal(step.notebook),
        _literal(kept),
        parameters=dict(step.parameters),
        language="python",  # a notebook that the Glue kernel saved names another one
        cwd=kept.parent,
        start_timeout=120,
        iopub_timeout=60,
        **options,
    )


@contextmanager
def _told_briefly(name: str, kernel: str, kept: Path) -> Iterator[None]:
    """Turn what papermill and its kernel raise into one sentence."""
    try:
        yield
    except PapermillExecutionError as error:
        raise NotebookError(_sentence(name, error, kept)) from error
    except (DeadKernelError, CellTimeoutError, RuntimeError) as error:
        raise NotebookError(f"The kernel of {name} died or hangs ({error}); see {kept}.") from error
    except NoSuchKernel as error:
        remedy = _WITHOUT_KERNEL.get(kernel, "`jupyter kernelspec list` shows those it knows.")
        raise NotebookError(f"Jupyter knows no kernel {kernel}; {remedy}") from error


def _prove(kept: Path) -> None:
    missing = unexecuted_cells(nbformat.read(kept, as_version=4))  # type: ignore[no-untyped-call]
    if missing:
        raise NotebookError(f"{kept.stem} ended early: cell {missing[0]} did not run to its end; see {kept}.")


def _sentence(name: str, error: PapermillExecutionError, kept: Path) -> str:
    own = getattr(errors, str(error.ename), None)
    if isinstance(own, type) and issubclass(own, errors.MetricCareError):
        return f"{error.evalue} ({name}, cell [{error.exec_count}]: {kept})"
    remedy = next((told for sign, told in _REMEDIES.items() if sign in _whole_text(error)), "")
    if remedy:
        return f"{remedy} ({name}, cell [{error.exec_count}]: {kept})"
    return (
        f"{name} failed in cell [{error.exec_count}] with {error.ename}: {_brief(error.evalue)} See {kept}."
    )


def _whole_text(error: PapermillExecutionError) -> str:
    return "\n".join((error.evalue, *error.traceback))


def _brief(message: str) -> str:
    """Return the first telling line; that of an error of the JVM is the second, after `: `."""
    lines = [line.strip(": \t") for line in message.splitlines() if line.strip(": \t")] or ["no message"]
    is_java = lines[0].startswith("An error occurred while calling") and len(lines) > 1
    text = lines[1 if is_java else 0][:_LONGEST_MESSAGE]
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _bar(label: str, progress: bool | None) -> dict[str, Any]:
    is_shown = sys.stderr.isatty() if progress is None else progress
    return {"desc": label, "file": sys.stderr, "disable": not is_shown}


def _literal(path: Path) -> str:
    """Return the path so that papermill, which formats it, leaves its braces alone."""
    return str(path).replace("{", "{{").replace("}", "}}")
