"""The function's archive: always the same bytes, and complete under the Python that Lambda runs it with."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import boto3
import pytest
from tests.infra.terraform import ROOT
from tests.support.required import is_missing

INFRA = ROOT / "infra"
# What Lambda's Python brings: boto3 with what it needs, and nothing else that a development environment has.
SDK = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six.py", "urllib3")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archive") / "lambda_function.zip"
    subprocess.run([sys.executable, INFRA / "lambda_archive.py", path], check=True)
    return path


@pytest.fixture(scope="module")
def lambdas_python() -> str:
    """Return a Python of the version that the function runs on; uv fetches one where there is a network."""
    version = runtime()
    found = subprocess.run(
        [sys.executable, "-m", "uv", "run", "--no-project", "--python", version, "python", "-c", PATH],
        env=os.environ | {"PYENV_VERSION": version},
        capture_output=True,
        text=True,
        check=False,
    )
    if found.returncode:
        is_missing("lambda-python", f"there is no Python {version} here: {found.stderr.strip()[:200]}")
    return found.stdout.strip()


PATH = "import sys; print(sys.executable)"


def runtime() -> str:
    variables = (INFRA / "modules" / "lambda_function" / "variables.tf").read_text()
    (version,) = re.findall(r'^  default += "python(3\.\d+)"$', variables, re.MULTILINE)
    return str(version)


def test_the_same_content_gives_the_same_bytes(archive: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, INFRA / "lambda_archive.py", tmp_path / "other.zip"], check=True)
    assert archive.read_bytes() == (tmp_path / "other.zip").read_bytes()


def test_the_function_runs_on_the_newest_python_of_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    supported = re.findall(r"Python :: (3\.\d+)", "\n".join(project["classifiers"]))
    assert runtime() == max(supported, key=lambda one: int(one.partition(".")[2]))


def test_the_archive_is_complete(archive: Path, lambdas_python: str, tmp_path: Path) -> None:
    sdk = tmp_path / "sdk"
    sdk.mkdir()
    for name in SDK:
        (sdk / name).symlink_to(Path(boto3.__file__).parents[1] / name)
    path = f"import sys; sys.path[:0] = [{str(archive)!r}, {str(sdk)!r}]"
    imported = "import handler, metriccare.lake.ledger.dynamodb as ledger"
    code = f"{path}; {imported}; print(handler.handle and ledger.__file__); print(sys.version)"
    done = subprocess.run(
        [lambdas_python, "-I", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    file, version = done.stdout.splitlines()
    assert file.startswith(str(archive))
    assert version.startswith(f"{runtime()}.")
