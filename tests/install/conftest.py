"""The built wheel in a fresh environment, and its first run: one for all tests of this folder."""

from pathlib import Path

import pytest
from tests.install.environments import Environment, build_wheel, make_environment
from tests.support.no_java import environment_without_java

BROKEN = '{"resourceType": "Patient", "id": \n'


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with nothing in it but a file that is not FHIR, and blanks in its path."""
    folder = tmp_path_factory.mktemp("an empty folder")
    raw = folder / "fhir_data" / "json"
    raw.mkdir(parents=True)
    (raw / "broken.ndjson").write_text(BROKEN)
    return folder


@pytest.fixture(scope="session")
def everything(jvm: None, wheel: Path, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """The wheel with all that a person can ask for."""
    prefix = tmp_path_factory.mktemp("installed") / "all of it"
    make_environment(prefix, wheel, "lab", "glue")
    return Environment(prefix, folder)


@pytest.fixture(scope="session")
def ran(everything: Environment, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What `metriccare run --generate 200` prints, on the Java that comes with the package."""
    without_java = environment_without_java(tmp_path_factory.mktemp("tools"))
    hidden = {name: without_java[name] for name in ("PATH", "JAVA_HOME")}
    return everything.metriccare("run", "--generate", "200", **hidden)
