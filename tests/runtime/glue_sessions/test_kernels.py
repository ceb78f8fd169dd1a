"""Facts of both kernels under papermill that the pipeline relies on."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from importlib.metadata import version
from pathlib import Path
from threading import Event
from typing import Any

import nbformat
import papermill
import pytest
from jupyter_client.client import KernelClient
from jupyter_client.manager import KernelManager, start_new_kernel
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
from tests.runtime.glue_sessions.endpoint import Glue
from tests.runtime.glue_sessions.kernel import GLUE, code_cells, kernel_at_endpoint, said

from metriccare.errors import ParameterError
from metriccare.runtime.glue_sessions.account import WHEEL
from metriccare.runtime.glue_sessions.session import Session
from metriccare.runtime.notebooks.execute import Step, run_notebooks
from metriccare.runtime.notebooks.parameters import check_parameters, to_json_value

Write = Callable[..., Path]
Run = Callable[..., Path]
LOCAL = "metriccare"
PARAMETERS = (
    "day = None\nsources: list = []\nlimit: int = 3\nshare: float = 0.5\nfull: bool = False\nname: str = ''"
)
GIVEN = {
    "day": date(2025, 6, 30),
    "sources": ["a", "b'c", None, 3, date(2025, 7, 1), ("x",)],
    "limit": 7,
    "share": 0.25,
    "full": True,
    "name": 'Zoë "O\'Neil"\n\\d',
}
SHOWN = "print(repr([day, sources, limit, share, full, name]))"
NOISE = 20_000


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Glue]:
    with kernel_at_endpoint(tmp_path_factory.mktemp("glue"), spark=False, max_live=50) as endpoint:
        yield endpoint


def run_locally(notebook: Path, kept: Path, given: dict[str, object]) -> Path:
    """Do as `run_notebooks` does, without its Spark, which these cells don't use."""
    papermill.execute_notebook(
        notebook, kept, parameters=given, kernel_name=LOCAL, language="python", progress_bar=False
    )
    return kept


@pytest.fixture(params=[LOCAL, GLUE])
def run(request: pytest.FixtureRequest, served: Glue, tmp_path: Path) -> Run:
    """Return a function that executes a notebook on one of the kernels; these cells need no Spark."""

    def on_glue(notebook: Path, **given: object) -> Path:
        (kept,) = run_notebooks([Step(notebook, given)], tmp_path / "runs", kernel=GLUE)
        return kept

    def here(notebook: Path, **given: object) -> Path:
        return run_locally(notebook, tmp_path / notebook.name, to_json_value(given))

    return on_glue if request.param == GLUE else here


def test_parameters_arrive_as_they_were_given_and_a_date_as_its_iso_text(
    run: Run, write_notebook: Write
) -> None:
    kept = run(write_notebook("typed", SHOWN, parameters=PARAMETERS), **GIVEN)

    values = eval(said(code_cells(kept)[-1]))
    assert values == ["2025-06-30", ["a", "b'c", None, 3, "2025-07-01", ["x"]], *list(GIVEN.values())[2:]]
    assert list(map(type, values[1:])) == [list, int, float, bool, str]


def test_none_and_an_empty_list_arrive_as_such(run: Run, write_notebook: Write) -> None:
    kept = run(write_notebook("none", SHOWN, parameters=PARAMETERS), day=None, sources=[])
    assert said(code_cells(kept)[-1]).startswith("[None, [], 3,")


@pytest.mark.parametrize("value", [object(), {1: 2}, [{"a": {1, 2}}], b"x"])
def test_a_value_that_json_cannot_hold_is_rejected(value: object) -> None:
    with pytest.raises(ParameterError, match="can't be passed to a notebook"):
        to_json_value(value)


@pytest.mark.parametrize("given", [{"limits": 1}, {"limit": "7"}, {"full": 1}, {"name": None}])
def test_a_parameter_that_is_unknown_or_of_another_type_is_refused(
    given: dict[str, object], write_notebook: Write
) -> None:
    with pytest.raises(ParameterError, match=next(iter(given))):
        check_parameters(write_notebook("refused", SHOWN, parameters=PARAMETERS), given)


def test_a_very_noisy_cell_loses_no_line_and_no_later_cell(run: Run, write_notebook: Write) -> None:
    noisy = f"for line in range({NOISE}):\n    print(line, 'x' * 60)"
    first, second = code_cells(run(write_notebook("noisy", noisy, "print('after')")))[1:]

    assert said(first).count("x\n") == NOISE
    assert said(second).strip() == "after"


def test_a_notebook_that_a_run_has_saved_runs_again(run: Run, write_notebook: Write) -> None:
    """The Glue kernel saves a language that papermill does not know."""
    once = run(write_notebook("again", "print(count)"), count=4)
    again = run(once.rename(once.with_name("saved.ipynb")), count=5)

    assert said(code_cells(again)[-1]).strip() == "5"


def test_a_notebook_that_the_glue_kernel_has_saved_runs_on_the_local_one(
    served: Glue, write_notebook: Write, tmp_path: Path
) -> None:
    notebook = write_notebook("moved", "%glue_version 5.0", "print(count)")
    (saved,) = run_notebooks([Step(notebook)], tmp_path / "runs", kernel=GLUE)
    kept = run_locally(saved, tmp_path / "moved.ipynb", {})

    assert nbformat.read(saved, as_version=4).metadata.language_info.name == "Python_Glue_Session"
    assert said(code_cells(kept)[-1]).strip() == "3"


MAGICS = f"""%glue_version 5.0
%worker_type G.2X
%number_of_workers 4
%idle_timeout 45
%timeout 90
%connections warehouse,lake
%additional_python_modules {WHEEL},pandas=={version("pandas")}
%extra_jars s3://bucket/a.jar
%spark_conf spark.a=1 --conf spark.b=2
%security_config strict"""


def test_the_magics_of_the_glue_kernel_reach_the_session(served: Glue) -> None:
    cells = [MAGICS, "%%tags\n{'team': 'quality'}", "1", "%status", "%list_sessions", "%session_id"]
    shown = run_cells(*cells)

    (session,) = served.client.list_sessions(Tags={"team": "quality"})["Sessions"]
    wanted = {"GlueVersion": "5.0", "WorkerType": "G.2X", "NumberOfWorkers": 4, "IdleTimeout": 45}
    assert {name: session[name] for name in wanted} == wanted
    assert session["Connections"] == {"Connections": ["warehouse", "lake"]}
    assert session["SecurityConfiguration"] == "strict"
    arguments = session["DefaultArguments"]
    assert arguments["--additional-python-modules"] == f"{WHEEL},pandas=={version('pandas')}"
    assert arguments["--conf"] == "spark.a=1 --conf spark.b=2"
    assert arguments["--extra-jars"] == "s3://bucket/a.jar"
    assert "Status: READY" in shown[3]
    assert "'team': 'quality'" in shown[3]
    assert session["Id"] in shown[4]
    assert session["Id"] in shown[5]


def test_a_cell_can_tag_and_stop_and_another_kernel_can_join(served: Glue) -> None:
    served.create("shared")
    served.run("shared", "ward = 'north'")
    assert run_cells("%reconnect shared", "%%tags\n{'joined': 'yes'}", "ward")[2] == "'north'\n"

    assert served.client.get_session(Id="shared")["Session"]["Status"] in ("STOPPING", "STOPPED")
    assert served.client.list_sessions(Tags={"joined": "yes"})["Ids"] == ["shared"]


def run_cells(*sources: str) -> list[str]:
    """Run cells on a Glue kernel as nbclient does by itself; return what each said."""
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    NotebookClient(notebook, kernel_name=GLUE, timeout=60).execute()
    return [said(cell) for cell in notebook.cells]


def test_interrupting_the_kernel_cancels_its_statement(served: Glue, monkeypatch: pytest.MonkeyPatch) -> None:
    is_asked = Event()  # AWS's kernel heeds an interrupt only once it asks for its statement

    def asked(session: Session, number: int, patience: float) -> dict[str, Any]:
        is_asked.set()
        return answer(session, number, patience)

    answer = Session.statement
    with run_kernel() as (manager, client):
        asked_for = client.execute("1")
        while client.get_shell_msg(timeout=60)["parent_header"]["msg_id"] != asked_for:
            pass  # the client has asked the kernel for its name, more than once
        (session,) = (one for one in served.client.list_sessions()["Sessions"] if one["Status"] == "READY")
        monkeypatch.setattr(Session, "statement", asked)
        client.execute("import time\ntime.sleep(60)")
        wait_for_state(served, session["Id"], "RUNNING")
        assert is_asked.wait(20)
        manager.interrupt_kernel()
        wait_for_state(served, session["Id"], "CANCELLED")
        assert served.text(session["Id"], "'still here'") == "'still here'"


@contextmanager
def run_kernel() -> Iterator[tuple[KernelManager, KernelClient]]:
    manager, client = start_new_kernel(kernel_name=GLUE)
    try:
        yield manager, client
    finally:
        client.stop_channels()
        manager.shutdown_kernel()


def wait_for_state(served: Glue, session: str, state: str) -> None:
    deadline = time.monotonic() + 20
    while served.client.list_statements(SessionId=session)["Statements"][-1]["State"] != state:
        assert time.monotonic() < deadline
        time.sleep(0.05)
