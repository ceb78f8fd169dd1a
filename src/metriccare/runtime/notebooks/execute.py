"""Executes notebooks in order, in the local or a Glue session, and checks that every cell ran."""

import logging
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
import papermill
from jupyter_client.kernelspec import NoSuchKernel
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError

from metriccare import errors
from metriccare.errors import CellError, NotebookError
from metriccare.runtime import logs
from metriccare.runtime.aws_errors import explain_spark
from metriccare.runtime.notebooks.executed import unexecuted_cells
from metriccare.runtime.notebooks.kernels import GLUE, LOCAL, is_remote
from metriccare.runtime.notebooks.parameters import check_parameters, to_json_value
from metriccare.runtime.notebooks.shared_kernel import SharedKernel, shared_kernel
from metriccare.runtime.spark import get_spark, share_gateway

PAPERMILL = "papermill"
_MAX_MESSAGE_LENGTH = 300
_QUIET = ["--log-level=ERROR"]  # ipykernel 7 warns about every kernel on the loopback interface
_KERNEL_REMEDIES = {
    LOCAL: "it comes with the package: pip install --force-reinstall --no-deps metriccare.",
    GLUE: "set the variables that `metriccare glue-sessions serve` or `settings` prints, or install metriccare[glue].",
}
_DENIED = (
    "The lake or a file in it is not writable: check the owner and permissions of its folders, then run again. "
    "No data was lost."
)
_JVM_ENDED = (
    "Spark's Java process has ended: it was killed, perhaps because this machine ran out of memory. Run again. No data "
    "was lost; incomplete writes are rolled back."
)
_REMEDIES = {
    "No space left on device": "The disk is full: free some space, then run again. No data was lost; incomplete "
    "writes are rolled back.",
    "Permission denied": _DENIED,
    "Mkdirs failed to create": _DENIED,  # Hadoop's wording
    "ConnectionRefusedError": _JVM_ENDED,
    "Py4JNetworkError": _JVM_ENDED,
    "java.lang.OutOfMemoryError": "Spark ran out of memory: set METRICCARE_DRIVER_MEMORY to more than 2g, then run "
    "again. No data was lost.",
}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Step:
    """A notebook and the parameters to run it with."""

    notebook: Path
    parameters: Mapping[str, object] = field(default_factory=dict)


Runner = Callable[..., None]  # executes a step, given its output and options of papermill


def run_notebooks(
    steps: Sequence[Step],
    folder: Path,
    progress: bool | None = None,
    *,
    engine: str = PAPERMILL,
    kernel: str = LOCAL,
) -> list[Path]:
    """Execute the notebooks in order and save each one, also a failed one, in `folder`; return their paths.

    Args:
        steps: the notebooks; all parameters are checked before the first notebook starts. Dates are passed as ISO text.
        folder: where the executed notebooks are written, and their working directory.
        progress: show a progress bar per notebook on standard error; None shows it on a terminal only.
        engine: `papermill` (cells run in a kernel, here in one for all notebooks) or `in_process`
            (`metriccare.runtime.notebooks.in_process_engine`).
        kernel: `metriccare`, or `glue_pyspark` to run each notebook in its own Glue session.

    Raises:
        ParameterError: a notebook has no such parameter, or a value has the wrong type.
        NotebookError: a cell failed or did not run.
    """
    steps = [Step(step.notebook, to_json_value(dict(step.parameters))) for step in steps]
    for step in steps:
        check_parameters(step.notebook, step.parameters)
    folder.mkdir(parents=True, exist_ok=True)
    with _runner(steps, folder, engine, kernel) as run:
        return [
            _run(
                step,
                folder / step.notebook.name,
                kernel,
                run,
                _progress_bar(f"{position}/{len(steps)} {step.notebook.stem}", progress),
            )
            for position, step in enumerate(steps, start=1)
        ]


@contextmanager
def _runner(steps: Sequence[Step], folder: Path, engine: str, kernel: str) -> Iterator[Runner]:
    """Start Spark and what else runs cells here, and yield the function that executes a notebook with it."""
    if is_remote(kernel):
        yield partial(_execute_remotely, kernel)
    elif engine != PAPERMILL:
        get_spark(*_locations(steps))
        yield partial(_execute, kernel_name=kernel, engine_name=engine)
    else:
        with (
            _translate_missing(kernel),
            shared_kernel(kernel, folder) as shared,
            share_gateway(get_spark(*_locations(steps))),
        ):
            yield partial(_execute_in, shared, kernel)


def _locations(steps: Sequence[Step]) -> list[str]:
    """Return all text parameters: a location on S3 among them means that Spark needs the S3 connector."""
    return [value for step in steps for value in step.parameters.values() if isinstance(value, str)]


def _run(step: Step, output: Path, kernel: str, run: Runner, bar: dict[str, Any]) -> Path:
    name = step.notebook.stem
    log.info("start notebook", extra={"notebook": name})
    with (
        logs.timed(log, "run notebook", notebook=name),
        _translate_missing(kernel),
        _translate_errors(name, output),
    ):
        run(step, output, progress_bar=bar)
        _require_all_executed(output)
    return output


def _execute_remotely(kernel: str, step: Step, output: Path, **options: Any) -> None:
    """Execute a notebook in a Glue session of its own."""
    from metriccare.runtime.notebooks.glue_session_check import dedicated_session

    with dedicated_session(step.notebook.stem, output) as check:
        checks = {"on_cell_executed": check.check_cell, "extra_arguments": _QUIET}
        _execute(step, output, kernel_name=kernel, **checks, **options)


def _execute_in(shared: SharedKernel, kernel: str, step: Step, output: Path, **options: Any) -> None:
    """Execute a notebook in a kernel that other notebooks use too."""
    shared.begin_notebook()
    try:
        _execute(step, output, kernel_name=kernel, km=shared.manager, **options)
    finally:
        shared.end_notebook()


def _execute(step: Step, output: Path, **options: Any) -> None:
    papermill.execute_notebook(
        _escape_braces(step.notebook),
        _escape_braces(output),
        parameters=dict(step.parameters),
        language="python",  # a notebook saved by the Glue kernel names another language
        cwd=output.parent,
        start_timeout=120,
        iopub_timeout=60,
        **options,
    )


@contextmanager
def _translate_missing(kernel: str) -> Iterator[None]:
    """Say what to do where a kernel is not installed."""
    try:
        yield
    except NoSuchKernel as error:
        remedy = _KERNEL_REMEDIES.get(kernel, "`jupyter kernelspec list` shows the installed kernels.")
        raise NotebookError(f"The Jupyter kernel {kernel} is not installed; {remedy}") from error


@contextmanager
def _translate_errors(name: str, output: Path) -> Iterator[None]:
    """Turn exceptions of papermill and of the kernel into a NotebookError of one or two sentences."""
    try:
        yield
    except PapermillExecutionError as error:
        raise _cell_error(name, error, output) from error
    except (DeadKernelError, CellTimeoutError, RuntimeError) as error:
        raise NotebookError(
            f"The kernel of {name} died or stopped responding ({error}); see {output}."
        ) from error


def _require_all_executed(output: Path) -> None:
    missing = unexecuted_cells(nbformat.read(output, as_version=4))  # type: ignore[no-untyped-call]
    if missing:
        raise NotebookError(f"{output.stem} ended early: cell {missing[0]} did not complete; see {output}.")


def _cell_error(name: str, error: PapermillExecutionError, output: Path) -> NotebookError:
    own = getattr(errors, str(error.ename), None)
    where = f"({name}, cell [{error.exec_count}]: {output})"
    if isinstance(own, type) and issubclass(own, errors.MetricCareError):
        return NotebookError(f"{error.evalue} {where}")
    text = _full_text(error)
    remedy = next((remedy for sign, remedy in _REMEDIES.items() if sign in text), "") or explain_spark(text)
    if remedy:
        return NotebookError(f"{remedy} {where}")
    failed = f"{name} failed in cell [{error.exec_count}] with {error.ename}"
    return CellError(f"{failed}: {_first_line(error.evalue)} See {output}.", f"{failed}; see {output}.")


def _full_text(error: PapermillExecutionError) -> str:
    return "\n".join((error.evalue, *error.traceback))


def _first_line(message: str) -> str:
    """Return the first informative line; in an error of the JVM it is the second one, after `: `."""
    lines = [line.strip(": \t") for line in message.splitlines() if line.strip(": \t")] or ["no message"]
    is_java = lines[0].startswith("An error occurred while calling") and len(lines) > 1
    text = lines[1 if is_java else 0][:_MAX_MESSAGE_LENGTH]
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _progress_bar(label: str, progress: bool | None) -> dict[str, Any]:
    is_shown = sys.stderr.isatty() if progress is None else progress
    return {"desc": label, "file": sys.stderr, "disable": not is_shown}


def _escape_braces(path: Path) -> str:
    """Escape braces in a path, since papermill formats it."""
    return str(path).replace("{", "{{").replace("}", "}}")
