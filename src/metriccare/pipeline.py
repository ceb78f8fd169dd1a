"""The pipeline: which notebooks run in which order, with which parameters, and where they are kept."""

import secrets
from datetime import UTC, datetime
from pathlib import Path

from metriccare.checks import check_as_of, check_run_id
from metriccare.configuration import configured
from metriccare.errors import LakeError, ParameterError
from metriccare.execution import Step, run_notebooks
from metriccare.settings import NOTEBOOKS, Lake, project_root, raw_location

GENERATE, BRONZE, SILVER, GOLD = NOTEBOOKS


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
    progress: bool | None = None,
) -> str:
    """Run bronze, silver and gold (before them the generator, if asked) and return the run's id.

    Args:
        raw: folder of the FHIR files; empty means the project's `fhir_data/json`.
        lake: folder of the tables; empty means `METRICCARE_HOME`, else the project's `.metriccare`.
        as_of: last day that counts, as YYYY-MM-DD; empty means the newest discharge.
        timezone: zone of sources that name none, e.g. Europe/Berlin; empty means dates as written.
        config: TOML file on the sources; empty means the lake's `metriccare.toml`, if it is there.
        run_id: name of the run's folder; empty means the time it started.
        generate: how many synthetic patients to write to `raw` first; None writes none.
        seed: seed of the synthetic data.
        progress: show progress bars; None shows them on a terminal only.

    Raises:
        ParameterError: a value is ill-formed; nothing has run.
        NotebookError: a cell failed; the text names the notebook that was kept.
    """
    name = check_run_id(run_id) or new_run_id()
    source, target = raw_location(raw), Lake.at(lake)
    settings = str(Path(config).resolve()) if str(config) else ""
    configured(target, settings, timezone)  # what is wrong in it is told before anything runs
    shared = {"lake": target.root, "run_id": name}
    steps = [] if generate is None else [_generation(source, generate, seed)]
    steps += [
        _step(BRONZE, raw=source, **shared),
        _step(SILVER, timezone=timezone, config=settings, **shared),
        _step(GOLD, as_of=check_as_of(as_of), config=settings, **shared),
    ]
    run_notebooks(steps, run_folder(target, name), progress)
    return name


def new_run_id() -> str:
    """Return a name that sorts by time and is unique."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"


def run_folder(lake: Lake, run_id: str) -> Path:
    """Return the folder of a run's executed notebooks.

    Raises:
        LakeError: the lake is no folder of this machine.
    """
    if "://" in lake.root:
        raise LakeError(f"The lake {lake.root} is no local folder; `metriccare run` writes local lakes only.")
    return Path(lake.runs) / run_id


def _generation(raw: str, patients: int, seed: int) -> Step:
    if Path(raw).name != "json":
        raise ParameterError(f"Synthetic data are written into a folder named json, which {raw} is not.")
    return _step(GENERATE, patients=patients, seed=seed, out=str(Path(raw).parent))


def _step(name: str, **parameters: object) -> Step:
    return Step(project_root() / "notebooks" / f"{name}.ipynb", parameters)
