"""Runs cells on the real kernel, as Jupyter starts it."""

import time

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import start_new_kernel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_notebook
from tests.support.failing import FAILS_EARLY, TASKS

from metriccare.runtime.spark import share_gateway

JOIN = "from metriccare.runtime.spark import get_spark\nspark = get_spark()"


def outputs_of(*cells, allow_errors=False):
    """Return the text that each cell puts out."""
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, kernel_name="metriccare", allow_errors=allow_errors, timeout=120).execute()
    return ["\n".join(map(text_of, cell.outputs)) for cell in notebook.cells]


def text_of(output):
    if output.output_type == "error":
        return output.evalue
    return output.get("text") or output.data.get("text/html") or output.data["text/plain"]


def test_the_package_installs_the_kernel():
    spec = KernelSpecManager().get_kernel_spec("metriccare")

    assert spec.language == "python"
    assert spec.argv[1:] == ["-m", "metriccare.runtime.kernel", "-f", "{connection_file}"]


def test_glue_options_of_a_cell_are_reported_in_one_line():
    session = "%glue_version 5.0\n%worker_type G.1X\n%idle_timeout 60"
    tags = "%%tags\n{'owner': 'quality'}"
    first, second, third = outputs_of(session, tags, "1")

    ignored = "Ignored by the local kernel (AWS Glue only): "
    assert first == f"{ignored}glue_version 5.0, worker_type G.1X, idle_timeout 60\n"
    assert second == f"{ignored}tags\n"
    assert third == "1"


def test_an_unknown_magic_stays_an_error():
    with pytest.raises(CellExecutionError, match="glue_verison"):
        outputs_of("%glue_verison 5.0")


def test_configured_settings_reach_the_session_that_this_kernel_starts_and_stops(jvm):
    configure = "%%configure\n{'--conf': 'spark.sql.shuffle.partitions=3', '--datalake-formats': 'hudi'}"
    answers = outputs_of(
        configure,
        "%status",
        JOIN + "\nspark.conf.get('spark.sql.shuffle.partitions')",
        "%spark_conf spark.x=1 --conf spark.sql.session.timeZone=UTC",
        "%stop_session",
        "%status",
    )

    assert answers[0] == "Ignored by the local kernel (AWS Glue only): --datalake-formats hudi\n"
    assert answers[1].startswith("No Spark session in this kernel yet; get_spark() starts one")
    assert answers[2] == "'3'"
    assert answers[3] == "Spark is already running; these settings were not applied: spark.x\n"
    assert answers[4].startswith("Spark stopped")
    assert answers[5] == answers[1]


def test_sql_shows_a_table_and_a_joined_session_is_not_stopped(spark):
    with share_gateway(spark):
        status, table, identity, stop = outputs_of(
            "%status", "%%sql\nselect 41 + 1 as answer;", "%session_id", "%stop_session"
        )

    assert "get_spark() joins the session of the run that started this notebook" in status
    assert "<th>answer</th>" in table
    assert "<td>42</td>" in table
    assert identity.strip() == spark.sparkContext.applicationId
    assert "was not stopped" in stop
    assert spark.range(2).count() == 2


def test_an_interrupted_cell_leaves_nothing_running_in_spark(spark):
    job = "spark.range(10**13).selectExpr('sum(hash(id))').collect()"
    with share_gateway(spark):
        manager, client = start_new_kernel(kernel_name="metriccare")
        try:
            client.execute(JOIN, reply=True, timeout=60)
            asked = client.execute(job)
            until(active_jobs(spark))
            manager.interrupt_kernel()
            reply = reply_to(asked, client)
        finally:
            client.stop_channels()
            manager.shutdown_kernel()

    assert reply["content"]["ename"] == "KeyboardInterrupt"
    assert not active_jobs(spark)()


def test_a_failed_cell_leaves_no_task_behind(spark):
    """Otherwise it would write into the table that the next attempt has started over."""
    with share_gateway(spark):
        _, failed, tasks = outputs_of(JOIN, FAILS_EARLY, TASKS, allow_errors=True)

    assert "no such ward" in failed
    assert tasks == "0"


def reply_to(asked, client):
    while True:
        reply = client.get_shell_msg(timeout=120)
        if reply["parent_header"]["msg_id"] == asked:
            return reply


def active_jobs(spark):
    return lambda: list(spark.sparkContext.statusTracker().getActiveJobsIds())


def until(holds):
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_matplot_shows_a_picture_of_the_package_by_its_name():
    made = "from metriccare.reporting.pictures.canvas import canvas\npicture, _ = canvas('t', 's', is_synthetic=True)"
    notebook = new_notebook(cells=[new_code_cell(f"{made}\n%matplot picture")])
    NotebookClient(notebook, kernel_name="metriccare", timeout=120).execute()

    (shown,) = notebook.cells[0].outputs
    assert "image/png" in shown.data


def test_help_lists_every_magic_of_both_kinds():
    (text,) = outputs_of("%help")

    for name in ("%%configure", "%%sql", "%status", "%glue_version", "%%tags"):
        assert f"  {name} " in text
