"""Runs the notebooks of the pipeline that have work, in order, and keeps the executed notebooks."""

import logging
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from metriccare.definitions.validation import check_as_of, check_share
from metriccare.errors import InputError, MetricCareError, NotebookError
from metriccare.lake.executed_notebooks import run_folder
from metriccare.lake.ledger import FileVersion, Ledger, RunEntry, open_ledger
from metriccare.lake.raw_files import list_raw, no_files
from metriccare.pipeline.configuration import configured
from metriccare.pipeline.gone import settle_gone
from metriccare.pipeline.plan import ALL_STAGES, has_read, plan_run
from metriccare.pipeline.run_id import checked_run_id
from metriccare.runtime import logs
from metriccare.settings import NOTEBOOKS, Lake, generator_folder, is_s3, notebook, raw_location

GENERATE, BRONZE, SILVER, GOLD = NOTEBOOKS
LOG = "log.jsonl"  # in the run's folder
LONG_WORK_BYTES = 500_000_000  # of new files
BYTES_PER_PATIENT = 14_000  # that the generator writes
Parameters = dict[str, object]

log = logging.getLogger(__name__)


def run(
    *,
    raw: str | Path = "",
    lake: str | Path = "",
    as_of: str = "",
    timezone: str = "",
    config: str | Path = "",
    run_id: str = "",
    generate: int | None = None,
    seed: int = 7,
    full_refresh: bool = False,
    max_quarantined: float = 1.0,
    ledger_url: str = "",
    kernel: str = "metriccare",
    progress: bool | None = None,
) -> str:
    """Run the stages that have work, after the generator if it is requested.

    Args:
        raw: folder of the FHIR files; empty means `METRICCARE_RAW`, else the project's `fhir_data/json`.
        lake: folder of the tables; empty means `METRICCARE_HOME`, else the project's `.metriccare`.
        as_of: last day that counts, as YYYY-MM-DD; empty means the newest discharge.
        timezone: zone of sources that name none, e.g. Europe/Berlin; empty means dates as written.
        config: TOML file on the sources; empty means the lake's `metriccare.toml`, if it is there.
        run_id: name of the run's folder; empty means the time it started.
        generate: how many synthetic patients to write to `raw` first, unless they are there; None writes none.
        seed: seed of the synthetic data.
        full_refresh: rebuild silver and gold from all of bronze.
        max_quarantined: silver fails if more than this share of the new records is in quarantine; 1 accepts any.
        ledger_url: where the lake's ledger is; empty means in its own folder.
        kernel: whose sessions run the cells: this machine's `metriccare`, or `glue_pyspark`.
        progress: show progress bars; None shows them on a terminal only.

    Returns:
        The run's id; empty if there was nothing new to process: then nothing ran and nothing was written.

    Raises:
        ParameterError: a value is not valid; nothing has run.
        InputError: the raw folder has no files, and nothing was read before.
        StageBusyError: somebody is writing the lake.
        NotebookError: a cell failed; the text names the notebook that was kept.
    """
    name, last_day = checked_run_id(run_id), check_as_of(as_of)
    source, target = raw_location(raw), Lake.at(lake)
    settings = _absolute(config)
    sources = configured(target, settings, timezone)  # an error in it is reported before anything runs
    shared = {"lake": target.root, "run_id": name, "ledger_url": ledger_url}
    parameters: dict[str, Parameters] = {
        BRONZE: {"raw": source, **shared},
        SILVER: {
            "timezone": timezone,
            "config": settings,
            "full_refresh": full_refresh,
            "max_quarantined": check_share(max_quarantined),
            **shared,
        },
        GOLD: {"as_of": last_day, "config": settings, "full_refresh": full_refresh, **shared},
    }
    _check_notebooks(parameters)
    first = {} if generate is None else _generation(source, generate, seed)
    ledger = open_ledger(target, ledger_url)
    todo = ALL_STAGES
    new_bytes = (generate or 0) * BYTES_PER_PATIENT
    if not first:
        files = _files(ledger, source)
        new_bytes = sum(file.size for file in ledger.unknown(files))
        settle_gone(ledger, files, target, name, ledger_url)
        todo = plan_run(ledger, files, sources, last_day, full_refresh=full_refresh)
    needed = dict(zip(parameters, (todo.bronze, todo.silver, todo.gold), strict=True))
    for stage, reason in asdict(todo).items():
        log.info("plan stage", extra={"run": name, "stage": stage, "reason": reason or "nothing new"})
    steps = first | {stage: given for stage, given in parameters.items() if needed[stage]}
    if not steps:
        return ""
    _prepare_session(is_long=new_bytes > LONG_WORK_BYTES)
    _run(steps, target, ledger, name, kernel, progress)
    return name


def _prepare_session(*, is_long: bool) -> None:
    from metriccare.runtime import spark  # what runs have, and what only reads does without

    spark.record_classes()
    if is_long:
        spark.expect_long_work()


def _run(
    steps: dict[str, Parameters], lake: Lake, ledger: Ledger, run_id: str, kernel: str, progress: bool | None
) -> None:
    """Run the notebooks; the ledger records how that ended, and the run's folder keeps the log."""
    from metriccare.runtime.notebooks.execute import Step, run_notebooks

    logs.set_context(run=run_id)
    ledger.start_run(RunEntry(run_id, datetime.now(UTC)))
    status, message = "failed", ""
    try:
        with (
            run_folder(lake, run_id) as folder,
            logs.kept_in(folder / LOG),
            logs.timed(log, "run", run=run_id),
        ):
            todo = [Step(notebook(name), given) for name, given in steps.items()]
            run_notebooks(todo, folder, progress, kernel=kernel)
        status = "succeeded"
    except MetricCareError as error:
        message = str(error)
        raise
    finally:
        ledger.end_run(run_id, datetime.now(UTC), status, message)


def _absolute(config: str | Path) -> str:
    return str(config) if not str(config) or is_s3(str(config)) else str(Path(config).resolve())


def _check_notebooks(names: Iterable[str]) -> None:
    """Make sure that the notebooks are there, before anything else is looked for."""
    missing = [path for name in names if not (path := notebook(name)).is_file()]
    if missing:
        raise NotebookError(
            f"There is no notebook {missing[0]}. Put it back, or rename {missing[0].parent}: without that folder the "
            "notebooks of the package are run."
        )


def _files(ledger: Ledger, raw: str) -> list[FileVersion]:
    listing = list_raw(raw)
    if not listing.files and not has_read(ledger):
        raise InputError(" ".join((no_files(raw), *listing.refused[:3])))
    return [file.as_version() for file in listing.files]


def _generation(raw: str, patients: int, seed: int) -> dict[str, Parameters]:
    """Return the notebook that writes the synthetic data; none if the same data are there already."""
    from metriccare.generate import is_generated

    folder = generator_folder(raw)
    if is_generated(folder, patients, seed):
        return {}
    return {GENERATE: {"patients": patients, "seed": seed, "out": str(folder)}}
