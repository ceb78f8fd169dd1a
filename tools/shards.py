"""A pytest plugin that runs one part of the tests (`--shard NAME`). Each test is in exactly one shard.

The shard `fast` needs no JVM, emulated AWS, Terraform, browser or Jupyter kernel. Nobody marks a test for it:
`tests/conftest.py` does, by the fixtures that a test asks for, itself or through others.
"""

from pathlib import Path

import pytest

FAST, SPARK, AWS = "fast", "spark", "end-to-end"
# Shards defined by path; the other tests are in `spark` if they need a JVM, in `end-to-end` if they need AWS, else in
# `fast`.
BY_PATH = {
    AWS: ("tests/aws/", "tests/infra/", "tests/browser/"),
    "notebooks": (
        "tests/notebooks/",
        "tests/install/",
        "tests/runtime/glue_sessions/",
        "tests/proofs/input/",
    ),
    "lakes": ("tests/proofs/", "tests/pipeline/"),
}
# Terraform and browsers; kernels, servers and new environments.
SLOW_WITHOUT_JVM = (AWS, "notebooks")
SHARDS = (FAST, SPARK, *BY_PATH)


def shard_of(nodeid: str, *, needs_jvm: bool, needs_aws: bool) -> str:
    """Return the shard of a test."""
    named = next((shard for shard, paths in BY_PATH.items() if nodeid.startswith(paths)), SPARK)
    if needs_jvm or named in SLOW_WITHOUT_JVM:
        return named
    return AWS if needs_aws else FAST


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.addoption("--shard", choices=SHARDS, help="run only this part of the tests")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out folders in which no test is of the shard `fast`: their imports take seconds in each worker."""
    path = f"{collection_path.relative_to(config.rootpath).as_posix()}/"
    is_out = any(path.startswith(folder) for shard in SLOW_WITHOUT_JVM for folder in BY_PATH[shard])
    return True if config.getoption("--shard") == FAST and is_out else None


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
    return [item for item in items if _shard_of(item) == shard]


def _shard_of(item: pytest.Item) -> str:
    needs_jvm, needs_aws = (item.get_closest_marker(name) is not None for name in ("jvm", "aws"))
    return shard_of(item.nodeid, needs_jvm=needs_jvm, needs_aws=needs_aws)
