"""Runs the notebook of a Glue job."""

import logging
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from metriccare.definitions.validation import check_as_of
from metriccare.errors import CellError, MetricCareError
from metriccare.lake import storage
from metriccare.lake.executed_notebooks import run_folder
from metriccare.lake.ledger import Ledger, RunEntry, open_ledger
from metriccare.lake.raw_files import list_files
from metriccare.pipeline import plan
from metriccare.pipeline.configuration import configured
from metriccare.pipeline.glue_job.arguments import Arguments, parse
from metriccare.pipeline.glue_job.publish import publish_end, publish_records, publish_results
from metriccare.pipeline.gone import settle_gone
from metriccare.pipeline.run_id import checked_run_id
from metriccare.runtime import logs
from metriccare.runtime.notebooks import in_process_engine
from metriccare.runtime.notebooks.execute import Step, run_notebooks
from metriccare.runtime.notebooks.parameters import notebook_parameters
from metriccare.runtime.spark import GATEWAY_PORT, GATEWAY_SECRET, get_spark
from metriccare.settings import CATALOG_VARIABLE, NOTEBOOKS, SOLE_RUN_VARIABLE, Lake

_, BRONZE, SILVER, GOLD = NOTEBOOKS
_LAYERS = {BRONZE: "bronze", SILVER: "silver", GOLD: "gold"}

log = logging.getLogger(__name__)


def main(given: Sequence[str] | None = None) -> None:
    """Run a job; if it fails, the process exits with status 1 and an error message.

    The log is written to standard error as JSON lines. It never contains the message of another library's error.
    """
    logs.configure_for_machines()
    try:
        run(parse(sys.argv[1:] if given is None else given))
    except CellError as error:
        sys.exit(error.summary)
    except MetricCareError as error:
        sys.exit(str(error))


def run(job: Arguments) -> str:
    """Run the job's notebook if its stage has work, store it in the lake, and publish what was not published yet.

    Returns:
        The id of the run; empty if there was nothing to do.

    Raises:
        MetricCareError: a parameter is wrong, another process is writing, a cell failed or did not run, or the message
            could not be sent.
    """
    stage, started = Path(job.notebook).stem, time.monotonic()
    succeeded = False
    try:
        done = _run(job, stage)
        succeeded = True
    finally:
        seconds = time.monotonic() - started
        publish_end(job, _LAYERS.get(stage, stage), seconds, succeeded=succeeded, now=datetime.now(UTC))
    return done


def _run(job: Arguments, stage: str) -> str:
    run_id = checked_run_id(job.run_id)
    if job.is_sole:
        os.environ[SOLE_RUN_VARIABLE] = run_id  # the kernel inherits it
    lake, last_day = Lake.at(job.lake), check_as_of(job.as_of)
    logs.set_context(run=run_id)
    ledger = open_ledger(lake, job.ledger_url)
    work = _work(job, lake, ledger, stage, last_day, run_id)
    log.info("start job", extra={"notebook": stage, "reason": work or _idle(ledger)})
    if work:
        _begin(ledger, run_id)
        try:
            with logs.timed(log, "run job", notebook=stage):
                _execute(job, lake, run_id)
        except BaseException as error:
            _end(ledger, run_id, "failed", str(error), is_over=True)
            raise
    _end(ledger, run_id, "succeeded", is_over=stage == GOLD)
    if stage == BRONZE:
        publish_records(job, ledger, run_id, datetime.now(UTC))
    if stage == GOLD:
        publish_results(job, lake, ledger, run_id, datetime.now(UTC))
    return run_id if work else ""


def _idle(ledger: Ledger) -> str:
    return "nothing new" if plan.has_read(ledger) else "nothing to read yet"


def _work(job: Arguments, lake: Lake, ledger: Ledger, stage: str, as_of: str, run_id: str) -> str:
    """Return what the stage has to do, in words; empty if nothing. Files that are gone are settled here."""
    if stage == BRONZE:
        files = [file.as_version() for file in list_files(job.raw)]
        settle_gone(ledger, files, lake, run_id, job.ledger_url)
        return plan.bronze_work(ledger, files)
    if stage == SILVER:
        return plan.silver_work(
            ledger, configured(lake, job.config, job.timezone), full_refresh=job.full_refresh
        )
    return "a full refresh was requested" if job.full_refresh else plan.gold_work(ledger, as_of)


def _execute(job: Arguments, lake: Lake, run_id: str) -> None:
    with tempfile.TemporaryDirectory(prefix="metriccare-") as scratch:
        notebook = Path(scratch) / Path(job.notebook).name
        notebook.write_bytes(storage.read(job.notebook))
        given = _parameters(job, lake, run_id, notebook)
        if job.catalog_database:
            os.environ[CATALOG_VARIABLE] = job.catalog_database  # the kernel inherits it
        if job.engine == in_process_engine.NAME:
            _keep_gateway_private(job)
        with run_folder(lake, run_id) as folder:
            run_notebooks([Step(notebook, given)], folder, progress=False, engine=job.engine)


def _parameters(job: Arguments, lake: Lake, run_id: str, notebook: Path) -> dict[str, object]:
    """Return the job's arguments that are parameters of the notebook."""
    values: dict[str, object] = {**vars(job), "lake": lake.root, "run_id": run_id, "raw": job.raw.rstrip("/")}
    return {name: values[name] for name in notebook_parameters(notebook) if name in values}


def _keep_gateway_private(job: Arguments) -> None:
    """Connect to Spark here and remove the credentials, so that no cell can connect from another process."""
    get_spark(job.lake, job.raw)
    in_process_engine.register()
    for name in (GATEWAY_PORT, GATEWAY_SECRET):
        os.environ.pop(name, None)


def _begin(ledger: Ledger, run_id: str) -> None:
    if not _is_known(ledger, run_id):
        ledger.start_run(RunEntry(run_id, datetime.now(UTC)))


def _end(ledger: Ledger, run_id: str, status: str, message: str = "", *, is_over: bool) -> None:
    """Record the end of the workflow run if it is over; a run without work is not recorded."""
    if is_over and _is_known(ledger, run_id):
        ledger.end_run(run_id, datetime.now(UTC), status, message)


def _is_known(ledger: Ledger, run_id: str) -> bool:
    return any(run.run_id == run_id for run in ledger.runs())
