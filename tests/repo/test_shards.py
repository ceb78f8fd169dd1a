"""The tests by kind: what needs no JVM runs without one, and the shards of CI are all tests."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from tools.shards import SHARDS, of_shard, shard_of
from tools.xdist_by_lake import pytest_xdist_auto_num_workers

from metriccare.runtime.java import find_java

EXAMPLES = {
    ("tests/bronze/test_fields.py::t", ""): "fast",
    ("tests/silver/test_stay.py::t", "jvm"): "spark",
    ("tests/proofs/truth/test_truth.py::t", "jvm"): "lakes",
    ("tests/proofs/independent/test_courses.py::t", ""): "fast",
    ("tests/proofs/input/test_every_shape.py::t", "jvm"): "notebooks",
    ("tests/notebooks/test_nbval.py::t", "jvm"): "notebooks",
    ("tests/runtime/glue_sessions/test_runner.py::t", ""): "notebooks",
    ("tests/infra/test_terraform.py::t", ""): "end-to-end",
    ("tests/aws/test_end_to_end.py::t", "jvm"): "end-to-end",
    ("tests/lake/test_s3.py::t", "aws"): "end-to-end",
    ("tests/lake/test_reader_s3.py::t", "jvm aws"): "spark",
}


def test_a_test_that_asks_for_no_jvm_can_start_none() -> None:
    refused = subprocess.run(
        [find_java() / "bin" / "java", "-version"], capture_output=True, text=True, check=False
    )
    assert refused.returncode != 0
    assert "asks-for-the-fixture-jvm" in refused.stderr


@pytest.mark.parametrize("test", EXAMPLES, ids=lambda test: test[0])
def test_a_shard_goes_by_the_path_and_by_what_is_needed(test: tuple[str, str]) -> None:
    nodeid, needed = test
    assert shard_of(nodeid, needs_jvm="jvm" in needed, needs_aws="aws" in needed) == EXAMPLES[test]


def test_all_shards_together_are_all_tests_each_once(request: pytest.FixtureRequest) -> None:
    assert set(EXAMPLES.values()) == set(SHARDS)
    ids = [item.nodeid for shard in SHARDS for item in of_shard(shard, request.session.items)]
    assert sorted(ids) == sorted(item.nodeid for item in request.session.items)


def test_a_shard_differs_from_all_tests_by_its_option_only(root: Path) -> None:
    everything, shard = (
        subprocess.run(["make", "-n", *command], cwd=root, capture_output=True, text=True, check=True)
        .stdout.rstrip()
        .splitlines()[-1]
        for command in (["test", "SHARD="], ["test", "SHARD=lakes"])
    )
    assert shard.replace("--shard=lakes", "") == everything != shard


_NO_SHARD = cast(pytest.Config, SimpleNamespace(getoption=lambda *_: None))


def test_there_are_as_many_workers_as_the_plugin_says(root: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-v",
        "-n",
        "auto",
        "-p",
        "tools.xdist_by_lake",
        "-p",
        "tools.shards",
    ]
    one = "tests/repo/test_shards.py::test_a_shard_differs_from_all_tests_by_its_option_only"
    said = subprocess.run(
        [*command, "-p", "no:cacheprovider", one], cwd=root, capture_output=True, text=True, check=True
    ).stdout
    assert f"created: {pytest_xdist_auto_num_workers(_NO_SHARD)}/" in said
