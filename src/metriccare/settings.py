"""Places and environment variables: where a lake, its files and the raw folder are. The only module that knows."""

import os
from dataclasses import dataclass
from pathlib import Path

from metriccare.errors import ParameterError

HOME_VARIABLE = "METRICCARE_HOME"
RAW_VARIABLE = "METRICCARE_RAW"
CATALOG_VARIABLE = "METRICCARE_CATALOG_DATABASE"  # where it is set, Hudi keeps this database in step
SOLE_RUN_VARIABLE = "METRICCARE_SOLE_RUN"  # the run whose attempts follow one another: set by Glue jobs
DEFAULT_LAKE = ".metriccare"
DEFAULT_RAW = Path("fhir_data") / "json"
DEFAULT_SOURCE = "default"
CONFIGURATION = "metriccare.toml"
NOTEBOOKS = ("01_generate", "02_bronze", "03_silver", "04_gold")


def project_root(start: Path | None = None) -> Path:
    """Return the nearest folder at or above `start` that holds the four notebooks, else `start` itself."""
    here = (start or Path.cwd()).resolve()
    return next((folder for folder in (here, *here.parents) if has_notebooks(folder)), here)


def has_notebooks(folder: Path) -> bool:
    """Tell whether a folder is a project's: it holds notebooks of its own."""
    return (folder / "notebooks" / f"{NOTEBOOKS[0]}.ipynb").is_file()


def notebook(name: str) -> Path:
    """Return the file of a notebook: the project's own, which people edit, else the one that the package brings."""
    root = project_root()
    folder = root / "notebooks" if has_notebooks(root) else packaged_notebooks()
    return folder / f"{name}.ipynb"


def packaged_notebooks() -> Path:
    """Return the folder of the notebooks that the package brings; in a checkout, which it is run from, those there."""
    installed = Path(__file__).with_name("notebooks")
    return installed if installed.is_dir() else Path(__file__).parents[2] / "notebooks"


@dataclass(frozen=True)
class Lake:
    """One lake: a folder, or an object-store prefix, that holds `<layer>/<table>` and `runs/`."""

    root: str

    @classmethod
    def at(cls, location: str | Path = "") -> "Lake":
        """Return the lake at `location`; empty means `METRICCARE_HOME`, else `.metriccare` at the project root."""
        text = str(location) or os.environ.get(HOME_VARIABLE, "") or str(project_root() / DEFAULT_LAKE)
        return cls(text.rstrip("/") if "://" in text else str(Path(text).expanduser().resolve()))

    @property
    def runs(self) -> str:
        """Folder of the executed notebooks, one sub-folder per run."""
        return f"{self.root}/runs"

    @property
    def ledger(self) -> str:
        """File of the lake's own ledger."""
        return f"{self.root}/ledger.sqlite"

    @property
    def config(self) -> str:
        """File that says what is known about the sources; it need not be there."""
        return f"{self.root}/{CONFIGURATION}"


def is_s3(location: str) -> bool:
    """Tell whether a location is on S3."""
    return location.startswith("s3://")


def raw_location(location: str | Path = "") -> str:
    """Return the raw folder; empty means `METRICCARE_RAW`, else `fhir_data/json` at the project root."""
    text = str(location) or os.environ.get(RAW_VARIABLE, "") or str(project_root() / DEFAULT_RAW)
    return text.rstrip("/") if "://" in text else str(Path(text).expanduser().resolve())


def generator_folder(raw: str | Path = "") -> Path:
    """Return the folder that synthetic data are written to, so that they are in the raw folder `raw` (or the default).

    Raises:
        ParameterError: the raw folder is on S3, or is not named `json`.
    """
    target = raw_location(raw)
    if "://" in target:
        raise ParameterError(
            f"Synthetic data can't be written to S3: write them to a disk first, then copy them to {target}."
        )
    if Path(target).name != DEFAULT_RAW.name:
        raise ParameterError(
            f"Synthetic data are written to a folder named json, but the raw folder is {target}."
        )
    return Path(target).parent
