"""A local Spark session on S3 with a profile alone: its JVM asks for credentials, and again before they expire."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from tests.support.aws_gate import Gate, Refusal, gate_before
from tests.support.aws_profiles import Portal, log_in, portal, write_profiles

from metriccare.errors import StorageError
from metriccare.runtime import aws
from metriccare.runtime.spark_s3 import PROFILES_VARIABLE, credentials_for_jvm, s3_settings

BUCKET = "written-by-spark"
PROVIDER = "spark.hadoop.fs.s3a.aws.credentials.provider"
DENIED = Refusal(403, "AccessDenied", "Access Denied")
SECONDS = 20  # the SDK asks for new credentials 15 seconds before the old ones expire
PROGRAM = f"""
import sys
from metriccare.runtime.aws_errors import explain_spark
from metriccare.runtime.spark import get_spark
spark = get_spark("s3://{BUCKET}/lake")
for line in sys.stdin:
    try:
        spark.range(3).write.mode("overwrite").parquet("s3://{BUCKET}/" + line.strip())
        print("rows", spark.read.parquet("s3://{BUCKET}/" + line.strip()).count(), flush=True)
    except Exception as error:
        print(explain_spark(str(error)) or repr(error), flush=True)
"""


@pytest.fixture
def gate(aws: str) -> Iterator[Gate]:
    boto3.client("s3").create_bucket(Bucket=BUCKET)
    with gate_before(aws) as before:
        yield before


@pytest.fixture
def sso() -> Iterator[Portal]:
    with portal() as served:
        yield served


@pytest.fixture
def home(gate: Gate, sso: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give this process, and those it starts, the profile sso and nothing else of AWS."""
    downloaded = os.environ.get("METRICCARE_IVY") or str(Path.home() / ".ivy2")
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    own = {"AWS_ENDPOINT_URL": gate.address, "AWS_ENDPOINT_URL_SSO": sso.address, "AWS_PROFILE": "sso"}
    for name, value in {**write_profiles(tmp_path), **own, "METRICCARE_IVY": downloaded}.items():
        monkeypatch.setenv(name, value)
    aws_forgotten()
    yield tmp_path
    aws_forgotten()


def aws_forgotten() -> None:
    aws.session.cache_clear()


@pytest.mark.long
def test_spark_writes_and_reads_with_a_login_whose_credentials_expire(
    jvm: None, gate: Gate, sso: Portal, home: Path
) -> None:
    sso.seconds = SECONDS
    log_in(home)
    command = [sys.executable, "-c", PROGRAM]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=home, text=True, **pipes) as process:  # type: ignore[call-overload]
        assert write(process, "first") == "rows 3"
        before = gate.keys("s3")
        time.sleep(SECONDS - 14)
        assert write(process, "second") == "rows 3"
        after = gate.keys("s3") - before
        gate.refuse = lambda asked: DENIED if "denied" in asked.path else None
        denied = write(process, "denied")
        sso.is_open = False  # as when the login itself expires in the middle of a run
        time.sleep(SECONDS - 14)
        refused = write(process, "third")
        process.stdin.close()

    assert before
    assert after
    assert all(key.startswith("ASIASSO") for key in before | after)
    assert denied.startswith(
        "S3 refuses Spark: access is denied to the profile sso. Ask for the permission s3:ListB"
    )
    assert refused.startswith("Spark has no AWS credentials any more: you are not logged in to AWS, or")
    assert "Run `aws sso login --profile sso`" in refused


def write(process: "subprocess.Popen[str]", name: str) -> str:
    """Let Spark write and read a table; return what it says."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{name}\n")
    process.stdin.flush()
    return process.stdout.readline().strip()


def test_keys_in_the_environment_are_taken_as_they_are(aws: str) -> None:
    assert s3_settings()[PROVIDER].endswith("DefaultAWSCredentialsProviderChain")
    assert s3_settings()["spark.hadoop.fs.s3a.endpoint"] == aws
    with credentials_for_jvm():
        assert PROFILES_VARIABLE not in os.environ


def test_without_credentials_no_jvm_is_started(home: Path) -> None:
    with pytest.raises(StorageError, match="Run `aws sso login --profile sso`"):
        s3_settings()


def test_the_file_for_the_jvm_holds_a_command_and_no_secret(home: Path) -> None:
    with credentials_for_jvm():
        file = Path(os.environ[PROFILES_VARIABLE])
        assert file.read_text().startswith("[sso]\ncredential_process = ")
        assert file.parent.stat().st_mode & 0o077 == 0
    assert PROFILES_VARIABLE not in os.environ


def test_the_endpoint_of_a_profile_is_that_of_spark_too(
    home: Path, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "keys")
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    config = home / ".aws" / "config"
    config.write_text(
        config.read_text().replace("[profile keys]", f"[profile keys]\nendpoint_url = {gate.address}")
    )
    aws_forgotten()
    found = s3_settings()
    assert found["spark.hadoop.fs.s3a.endpoint"] == gate.address
    assert found[PROVIDER].endswith("ProfileCredentialsProvider")
