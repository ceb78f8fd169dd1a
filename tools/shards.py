"""A pytest plugin: which part of the tests a job runs (`--shard NAME`). Each test is in one shard.

`fast` needs no JVM, no Terraform and no browser; the tests that need a JVM are marked by tests/conftest.py.
"""

import pytest

FAST, SPARK = "fast", "spark"
# The shards that are named by paths; of what is left, a JVM decides.
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
SHARDS = (FAST, SPARK, *BY_PATH)


def shard_of(nodeid: str, *, needs_jvm: bool) -> str:
    """Return the shard of a test."""
    named = next((shard for shard, paths in BY_PATH.items() if nodeid.startswith(paths)), SPARK)
    is_slow_without_jvm = named == "end-to-end"
    return named if needs_jvm or is_slow_without_jvm else FAST


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.addoption("--shard", choices=SHARDS, help="run this part of the tests only")


@pytest.hookimpl(trylast=True)  # the markers are set by then
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the tests of the other shards out."""
    if shard := config.getoption("--shard"):
        kept = of_shard(shard, items)
        chosen = set(kept)
        config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
        items[:] = kept


def of_shard(shard: str, items: list[pytest.Item]) -> list[pytest.Item]:
    """Return the tests of one shard."""
    needing = {item.nodeid for item in items if item.get_closest_marker("jvm")}
    return [item for item in items if shard_of(item.nodeid, needs_jvm=item.nodeid in needing) == shard]
