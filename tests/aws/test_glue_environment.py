"""A job's Python, made of Glue's own list of modules and the archive that Terraform uploads."""

import importlib
import re
import subprocess
from pathlib import Path

import boto3
import pyspark
import pytest
from tests.aws import glue_environment
from tests.aws.glue_environment import MODULES
from tests.infra.terraform import ROOT

from metriccare.lake import s3

# What Glue puts on a job's path, from a Spark of the same version.
SPARK = [str(one) for one in (Path(pyspark.__file__).parent / "python" / "lib").glob("*.zip")]


def in_glue(python: Path, code: str, *given: str) -> str:
    """Run code in a job's Python, and nothing of this one; return what it prints."""
    done = subprocess.run(
        [python, "-I", "-c", code, *given], cwd=python.parent, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_modules_are_glues_and_the_locks(glue_python: Path) -> None:
    code = (
        "import importlib.metadata as m; print(*(f'{one.name}=={one.version}' for one in m.distributions()))"
    )
    found = versions(in_glue(glue_python, code).split())
    listed = (MODULES.read_text() + glue_environment.LOCK.read_text()).splitlines()
    pins = versions([line.split()[0] for line in listed if "==" in line])  # the lock's come later and count
    assert found["boto3"] == "1.34.131"
    assert found["numpy"].startswith("2.")
    assert {name: found.get(name) for name in pins} == pins
    assert found.keys() - pins.keys() == {"metriccare", "pip"}


def versions(pins: list[str]) -> dict[str, str]:
    found = dict(pin.split("==") for pin in pins)
    return {re.sub("[-_.]+", "-", name).lower(): version for name, version in found.items()}


def test_modules_and_pins_satisfy_each_other(glue_python: Path) -> None:
    """pip also looks at what the wheel asks for; what Glue's modules ask of each other is Glue's own business."""
    done = subprocess.run([glue_python, "-m", "pip", "check"], check=False, capture_output=True, text=True)
    assert done.stdout.strip() == "No broken requirements found."


def test_every_module_of_the_wheel_can_be_imported(glue_python: Path) -> None:
    code = """
import importlib, pkgutil, sys
from metriccare import __path__ as folders
sys.path += sys.argv[1:]
for module in pkgutil.walk_packages(folders, "metriccare."):
    importlib.import_module(module.name)
    print(module.name)
"""
    imported = in_glue(glue_python, code, *SPARK).split()
    assert len(imported) > 100
    assert {"metriccare.pipeline.glue_job.run", "metriccare.reporting.explore"} <= set(imported)


def test_an_object_is_read_whole_and_from_an_offset(glue_python: Path, aws: str) -> None:
    """By the boto3 that Glue brings, which is older than the one of the other tests."""
    boto3.client("s3").create_bucket(Bucket="bucket")
    s3.write("s3://bucket/key", b"0123456789")
    code = """
from metriccare.lake import s3
print(s3.read("s3://bucket/key"), s3.open_from("s3://bucket/key", 7).read())
"""
    assert in_glue(glue_python, code).strip() == "b'0123456789' b'789'"


def test_the_same_wheels_give_the_same_archive(archive: Path, tmp_path: Path) -> None:
    again = glue_environment.build_archive(tmp_path)
    assert again.name == archive.name
    assert again.read_bytes() == archive.read_bytes()


def test_a_wheel_with_another_hash_than_the_locks_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(ROOT / "infra")
    job_modules = importlib.import_module("job_modules")
    lock = tmp_path / "requirements.lock"
    lock.write_text(f"click==8.5.1 --hash=sha256:{'0' * 64}\n")
    monkeypatch.setattr(job_modules, "LOCK", lock)
    with pytest.raises(SystemExit, match="THESE PACKAGES DO NOT MATCH THE HASHES"):
        job_modules.download(tmp_path)
