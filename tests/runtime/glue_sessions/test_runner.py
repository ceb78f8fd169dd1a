"""Notebooks in Glue sessions: each cell's run is verified, a cell that did not run is an error, sessions are stopped.

The kernel, papermill and the endpoint are real; the sessions run Python only, which is all that these cells need.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell
from tests.runtime.glue_sessions.endpoint import Glue, wait_until_gone
from tests.runtime.glue_sessions.kernel import GLUE, code_cells, kernel_at_endpoint, said, states

from metriccare.errors import NotebookError, ParameterError
from metriccare.runtime.notebooks.execute import Step, run_notebooks
from metriccare.runtime.notebooks.glue_session_check import SessionCheck

Write = Callable[..., Path]
SLEEP = "import time\ntime.sleep(60)"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Glue]:
    with kernel_at_endpoint(
        tmp_path_factory.mktemp("glue"), spark=False, max_live=50, minute=1.0
    ) as endpoint:
        yield endpoint


def run(notebook: Path, **given: object) -> Path:
    (kept,) = run_notebooks([Step(notebook, given)], notebook.parents[1] / "runs", kernel=GLUE)
    return kept


def test_each_notebook_has_a_session_which_is_stopped_at_its_end(
    served: Glue, write_notebook: Write, tmp_path: Path
) -> None:
    magics = "%glue_version 5.0\n%number_of_workers 3\n%idle_timeout 30"
    first = write_notebook("first", "print('a', count)", "%status")
    second = write_notebook("second", magics, "# comment\n\nprint('b')", "'a' in globals()")
    before = len(states(served))

    kept = run_notebooks([Step(first, {"count": 5}), Step(second)], tmp_path / "runs", kernel=GLUE)

    assert states(served)[before:] == ["STOPPED", "STOPPED"]
    assert said(code_cells(kept[0])[2]) == "a 5\n"
    assert "Status: READY" in said(code_cells(kept[0])[3])
    assert said(code_cells(kept[1])[3]) == "False\n"
    assert [cell.execution_count for cell in code_cells(kept[1])] == [1, 2, 3, 4]


def test_a_failing_cell_gives_one_sentence_and_its_traceback_is_kept(
    served: Glue, write_notebook: Write
) -> None:
    with pytest.raises(NotebookError) as caught:
        run(write_notebook("broken", "1", "raise ValueError('no such ward\\nsecond line')", "2"))

    kept = write_notebook("broken").parents[1] / "runs" / "broken.ipynb"
    assert str(caught.value) == f"broken failed in cell [3] with ValueError: no such ward. See {kept}."
    (error,) = (one for cell in code_cells(kept) for one in cell.outputs if one.output_type == "error")
    assert error.traceback[-1] == "ValueError: no such ward\nsecond line"
    assert states(served)[-1] == "STOPPED"


def test_an_error_of_metriccare_is_shown_in_its_own_words(served: Glue, write_notebook: Write) -> None:
    code = "from metriccare.errors import InputError\nraise InputError('The folder x is empty.')"
    with pytest.raises(NotebookError, match=r"^The folder x is empty\. \(strict, cell \[2\]: .*\)$"):
        run(write_notebook("strict", code))


@pytest.mark.parametrize(
    ("magic", "reason"),
    [
        ("%glue_version 7.5", r"Glue version 7\.5 is not supported"),
        ("%glue_version 4.0", r"Glue 4\.0 has Python 3\.10, and MetricCare needs 3\.11"),
        ("%iam_role nobody", "Parameter validation failed: Invalid length for parameter Role"),
        ("%iam_role arn:aws:iam::000000000000:role/other", "should be given assume role permissions"),
        ("%additional_python_modules pandas", "does not bring metriccare: `import metriccare` would fail"),
        ("%number_of_workers 1", "NumberOfWorkers is 1; a session has at least 2"),
        ("%session_type ray", "Unsupported session type"),
    ],
)
def test_a_rejected_session_is_a_failure(
    magic: str, reason: str, served: Glue, write_notebook: Write
) -> None:
    before = states(served)
    with pytest.raises(
        NotebookError, match=rf"odd failed at cell \[1\]: AWS Glue rejected the session: .*{reason}"
    ):
        run(write_notebook("odd", "1", parameters=f"{magic}\nlake: str = ''"))
    assert states(served) == before


def test_a_role_that_is_not_named_is_not_the_persons_own(
    served: Glue, write_notebook: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kernel falls back on the role of who is logged in, which Glue may not assume."""
    set_for_kernels(monkeypatch, glue_role_arn=None)
    with pytest.raises(
        NotebookError, match=r"Role \S+/AWSReservedSSO_\S+ should be given .* set glue_role_arn"
    ):
        run(write_notebook("own", "1"))


def test_a_session_without_the_package_is_refused(
    served: Glue, write_notebook: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_for_kernels(monkeypatch, glue_additional_python_modules=None)
    with pytest.raises(NotebookError, match="`metriccare glue-lab`, which names its wheel"):
        run(write_notebook("bare", "1"))


def set_for_kernels(monkeypatch: pytest.MonkeyPatch, **variables: str | None) -> None:
    """Set variables, or unset them, for the kernels that this process starts: its own, and those of the kernelspec."""
    file = Path(os.environ["JUPYTER_PATH"]) / "kernels" / GLUE / "kernel.json"
    monkeypatch.setenv("JUPYTER_PATH", str(file.parents[2].with_name("changed")))
    spec = json.loads(file.read_text())
    for name, value in variables.items():
        spec["env"].pop(name, None)
        monkeypatch.delenv(name, raising=False)
        if value is not None:
            monkeypatch.setenv(name, value)
    changed = file.parents[2].with_name("changed") / "kernels" / GLUE / "kernel.json"
    changed.parent.mkdir(parents=True, exist_ok=True)
    changed.write_text(json.dumps(spec))


def test_a_session_over_the_limit_is_rejected(tmp_path: Path, write_notebook: Write) -> None:
    with (
        kernel_at_endpoint(tmp_path, spark=False, max_live=0),
        pytest.raises(NotebookError, match="AWS Glue rejected the session"),
    ):
        run(write_notebook("many", "1"))


def test_incomplete_settings_are_reported_before_anything_runs(
    served: Glue, write_notebook: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("glue_profile", "unknown")
    with pytest.raises(NotebookError, match="settings of the Glue kernel are incomplete"):
        run(write_notebook("lost", "1"))


def test_if_glue_cannot_be_queried_no_cell_counts_as_done(tmp_path: Path) -> None:
    with kernel_at_endpoint(tmp_path, spark=False) as closed:
        check = SessionCheck("one", tmp_path)
    assert closed
    with pytest.raises(NotebookError, match="could not be queried"):
        check.check_cell(new_code_cell("1", execution_count=1))
    with pytest.raises(NotebookError, match="could not be stopped"):
        check.stop()


@pytest.mark.parametrize(
    ("magic", "code", "reason"),
    [
        (
            "",
            "import os\nos.write(2, b'out of memory\\n')\nos._exit(3)",
            "FAILED: .* status 3: out of memory",
        ),
        ("%timeout 1", SLEEP, "TIMEOUT: The session reached its timeout of 1 minutes"),
    ],
)
def test_a_session_that_dies_or_times_out_is_a_failure(
    magic: str, code: str, reason: str, served: Glue, write_notebook: Write
) -> None:
    notebook = write_notebook("gone", "1", code, "2", parameters=f"{magic}\nlake: str = ''")
    with pytest.raises(
        NotebookError, match=rf"gone failed at cell \[3\]: the Glue session ended as {reason}"
    ):
        run(notebook)
    assert not {"READY", "PROVISIONING"} & set(states(served))


def test_a_session_stopped_by_someone_else_is_a_failure(served: Glue, write_notebook: Write) -> None:
    def stop(session_id: str) -> None:
        served.client.stop_session(Id=session_id)

    with when_busy(served, stop), pytest.raises(NotebookError, match=r"the Glue session ended as STOP"):
        run(write_notebook("stopped", SLEEP, "2"))


def test_a_cancelled_cell_is_a_failure(served: Glue, write_notebook: Write) -> None:
    def cancel(session_id: str) -> None:
        served.client.cancel_statement(SessionId=session_id, Id=1)

    with (
        when_busy(served, cancel),
        pytest.raises(NotebookError, match=r"cell \[2\]: the cell ended as CANCELLED"),
    ):
        run(write_notebook("cancelled", SLEEP, "2"))
    assert states(served)[-1] == "STOPPED"


def test_a_kernel_that_is_killed_leaves_no_session(served: Glue, write_notebook: Write) -> None:
    def kill(_: str) -> None:
        (kernel,) = (pid for pid in children(os.getpid()) if is_kernel(pid))
        os.kill(kernel, signal.SIGKILL)

    with when_busy(served, kill), pytest.raises(NotebookError, match="The kernel of killed died"):
        run(write_notebook("killed", SLEEP, "2"))
    assert states(served)[-1] == "STOPPED"


def is_kernel(pid: int) -> bool:
    listing = subprocess.run(
        ["ps", "-ww", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return "GlueKernel" in listing.stdout


def test_a_session_replaced_by_the_notebook_itself_is_a_failure(served: Glue, write_notebook: Write) -> None:
    with pytest.raises(NotebookError, match=r"cell \[3\]: the Glue session ended as STOP"):
        run(write_notebook("replaced", "%stop_session", "2"))
    assert not {"READY", "PROVISIONING"} & set(states(served))


@pytest.mark.parametrize("magic", ["%glue_verison 5.0", "%%configure\n{'a': "])
def test_a_magic_that_the_kernel_rejects_is_a_failure(
    magic: str, served: Glue, write_notebook: Write
) -> None:
    with pytest.raises(NotebookError, match=r"cell \[2\]: the kernel rejected a magic: "):
        run(write_notebook("misspelt", magic, "2"))


def test_an_unknown_parameter_is_rejected_before_a_session_starts(
    served: Glue, write_notebook: Write
) -> None:
    before = states(served)
    with pytest.raises(ParameterError, match="has no parameter lakes"):
        run(write_notebook("one", "1"), lakes="x")
    assert states(served) == before


PROGRAM = """
import sys
from pathlib import Path
from metriccare.runtime.notebooks.execute import Step, run_notebooks
notebook = Path(sys.argv[1])
run_notebooks([Step(notebook)], notebook.parents[1] / "runs", kernel="glue_pyspark")
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_terminated_run_leaves_no_session_and_no_kernel(
    number: signal.Signals, served: Glue, write_notebook: Write
) -> None:
    notebook = write_notebook("ended", SLEEP, "2")
    with subprocess.Popen([sys.executable, "-c", PROGRAM, notebook], stderr=subprocess.DEVNULL) as process:
        with when_busy(served, lambda _: None):
            pass
        kernels = children(process.pid)
        process.send_signal(number)
        status = process.wait(30)

    assert kernels
    assert status in (128 + number, -number)
    assert not {"READY", "PROVISIONING"} & set(states(served))
    wait_until_gone(*kernels)
    assert (notebook.parents[1] / "runs" / "ended.ipynb").is_file()


def children(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    listing = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    return [int(line) for line in listing.stdout.split()]


@contextmanager
def when_busy(served: Glue, act: Callable[[str], None]) -> Iterator[None]:
    """Do something to the session that runs its second statement, as soon as it does."""
    thread = threading.Thread(target=lambda: act(busy_session(served)))
    thread.start()
    yield
    thread.join()


def busy_session(served: Glue) -> str:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for session in served.client.list_sessions()["Sessions"]:
            if session["Status"] == "READY":
                states = [
                    one["State"]
                    for one in served.client.list_statements(SessionId=session["Id"])["Statements"]
                ]
                if states[1:] == ["RUNNING"]:
                    return str(session["Id"])
        time.sleep(0.05)
    raise AssertionError("no session came to its second statement")
