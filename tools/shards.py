"""A pytest plugin that runs one part of the tests (`--shard NAME`). Each test is in exactly one shard.

The shard `fast` needs no JVM, Terraform, browser or Jupyter kernel; tests/conftest.py marks the tests that need a JVM.
"""

import pytest

FAST, SPARK = "fast", "spark"
# Shards defined by path; the other tests are in `spark` if they need a JVM, else in `fast`.
BY_PATH = {
    "end-to-end": ("tests/aws/", "tests/infra/", "tests/browser/"),
    "notebooks": (
        "tests/notebooks/",
        "tests/install/",
        "tests/runtime/glue_sessions/",
        "tests/proofs/input/",
    ),
    "lakes": ("tests/proofs/", "tests/pipeline/"),
}
# Terraform and browsers; kernels, servers and new environments.
SLOW_WITHOUT_JVM = ("end-to-end", "notebooks")
SHARDS = (FAST, SPARK, *BY_PATH)


def shard_of(nodeid: str, *, needs_jvm: bool) -> str:
    """Return the shard of a test."""
    named = next((shard for shard, paths in BY_PATH.items() if nodeid.startswith(paths)), SPARK)
    return named if needs_jvm or named in SLOW_WITHOUT_JVM else FAST


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.addoption("--shard", choices=SHARDS, help="run only this part of the tests")


@pytest.hookimpl(trylast=True)  # the markers are set by then
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the tests of the other shards."""
    if shard := config.getoption("--shard"):
        kept = of_shard(shard, items)
        chosen = set(kept)
        config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
        items[:] = kept


def of_shard(shard: str, items: list[pytest.Item]) -> list[pytest.Item]:
    """Return the tests of one shard."""
    needing = {item.nodeid for item in items if item.get_closest_marker("jvm")}
    return [item for item in items if shard_of(item.nodeid, needs_jvm=item.nodeid in needing) == shard]
