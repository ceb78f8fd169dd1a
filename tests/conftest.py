"""What test files share: one Spark session, one lake of all stories, a finished lake, an emulated AWS."""

import gc
import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from metriccare.runtime.iri_grammar import skip_iri_grammar
from metriccare.settings import Lake

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

skip_iri_grammar()

# Many short queries: the JVM's second compiler costs more than it gives back (half of all CPU time), and the threads of
# its default collector take a tenth from the other workers.
os.environ.setdefault(
    "METRICCARE_JAVA_OPTIONS",
    "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m -XX:+UseSerialGC -XX:MetaspaceSize=400m",
)

# No Java starts with this among its options, and Java names the one that it does not know.
NO_JVM = "--a-test-that-starts-a-JVM-asks-for-the-fixture-jvm"


@pytest.hookimpl(tryfirst=True)  # before `-m` and `--shard` choose by the marker
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that ask for `jvm` or `moto_server`, themselves or through a fixture, by what they need."""
    for item in items:
        if needs_jvm(item):
            item.add_marker("jvm")
        if "moto_server" in getattr(item, "fixturenames", ()):
            item.add_marker("aws")


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Keep Python from searching thousands of collected tests for garbage again and again: a tenth of their time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_sessionfinish() -> None:
    """Give everything back: DuckDB reports at the end what Python never freed."""
    gc.unfreeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[Any]:
    """Let no test start a JVM that does not ask for one."""
    with pytest.MonkeyPatch.context() as patch:
        if not needs_jvm(item):
            patch.setenv("JDK_JAVA_OPTIONS", NO_JVM)
        return (yield)


def needs_jvm(item: pytest.Item) -> bool:
    return "jvm" in getattr(item, "fixturenames", ())


@pytest.fixture(scope="session")
def jvm() -> None:
    """Asked for by all that starts a JVM: `spark` does, and what starts a process that does."""


@pytest.fixture(scope="session")
def moto_server() -> Iterator[str]:
    """Return the address of a server that plays AWS."""
    from tests.aws.moto_server import serving

    with serving() as address:
        yield address


@pytest.fixture
def aws(moto_server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Steer boto3 to that server, by the variables that a user would set; return its address."""
    settings = {"ENDPOINT_URL": moto_server, "DEFAULT_REGION": "us-east-1"}
    for name, value in {**settings, "ACCESS_KEY_ID": "x", "SECRET_ACCESS_KEY": "x"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    return moto_server


@pytest.fixture(scope="session")
def spark(jvm: None) -> "SparkSession":
    from metriccare.runtime.spark import get_spark

    return get_spark(app="tests")


@pytest.fixture(scope="session")
def lake(request: pytest.FixtureRequest) -> Any:
    """Return one lake with the `STORIES` of all test modules that run: computing each alone would take minutes."""
    from tests.support.builders import Lake as TestLake
    from tests.support.builders import tell

    told: dict[str, Any] = {}
    for module in {getattr(item, "module", None) for item in request.session.items}:
        stories = getattr(module, "STORIES", {})
        assert not told.keys() & stories.keys(), "two modules tell a story of the same name"
        told |= stories
    return TestLake(tell(told))


@pytest.fixture
def write_notebook(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a notebook below the test's folder."""
    from tests.support.notebooks import write_notebook

    return partial(write_notebook, tmp_path / "notebooks")


@pytest.fixture(scope="session")
def finished_lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Return a lake with two runs, results of two cut-off dates, and the newest run's gold notebook."""
    from tests.support.finished_lake import write_finished_lake

    return write_finished_lake(tmp_path_factory.mktemp("lake"))
