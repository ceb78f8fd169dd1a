"""The command and its JupyterLab, as a user starts them."""

import json
import os
import shlex
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest
from tests.runtime.glue_sessions.endpoint import NEEDED, wait_until_gone
from tests.support.jupyter_lab import OPTIONS, lab_address, settings

COMMAND = [Path(sys.executable).with_name("metriccare"), "glue-sessions", "serve"]
LAB = [Path(sys.executable).with_name("metriccare"), "glue-lab", *OPTIONS]
REGION = "us-east-1"


@contextmanager
def started(command: list[Any], folder: Path, **options: Any) -> Iterator["subprocess.Popen[str]"]:
    """Run a command in an empty folder, with a home of its own, and end it."""
    environment = os.environ | {"HOME": str(folder / "home"), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=folder, env=environment, text=True, **options) as process:
        try:
            yield process
        finally:
            process.kill()


def exported(process: "subprocess.Popen[str]") -> dict[str, str]:
    """Return the variables that the command prints, the last of which is the path of Jupyter."""
    assert process.stdout is not None
    found: dict[str, str] = {}
    for line in process.stdout:
        if line.startswith("export "):
            name, _, value = shlex.split(line)[1].partition("=")
            found[name] = value
        if "JUPYTER_PATH" in found:
            return found
    raise AssertionError("the command ended early")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_command_says_what_to_set_and_ends_cleanly(
    number: signal.Signals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with started(COMMAND, tmp_path, stdout=subprocess.PIPE) as process:
        variables = exported(process)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        client = boto3.Session(profile_name=variables["glue_profile"]).client("glue")
        client.create_session(Id="begun", **NEEDED)
        drivers = children(process.pid)
        process.send_signal(number)

        assert process.wait(30) == 0
    assert drivers
    wait_until_gone(*drivers)
    assert not (tmp_path / "home").exists() or not list((tmp_path / "home").glob(".aws"))


def test_what_the_command_writes_is_for_this_user_only_and_inside_the_project(tmp_path: Path) -> None:
    with started(COMMAND, tmp_path, stdout=subprocess.PIPE) as process:
        config = Path(exported(process)["AWS_CONFIG_FILE"])
        assert config.is_relative_to(tmp_path / ".metriccare")
        assert config.stat().st_mode & 0o077 == 0


def test_jupyterlab_finds_the_glue_kernel_and_ends_with_the_endpoint(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings(tmp_path).items():
            patch.setenv(name, value)
        with started(LAB, tmp_path, stderr=subprocess.DEVNULL) as process:
            address = lab_address(tmp_path)
            kernels = asked(f"{address}api/kernelspecs")["kernelspecs"]
            (server,) = children(process.pid)
            process.terminate()
            process.wait(30)

    spec = kernels["glue_pyspark"]["spec"]
    assert spec["argv"][2] == "aws_glue_interactive_sessions_kernel.glue_pyspark.GlueKernel"
    assert spec["env"]["AWS_ENDPOINT_URL_GLUE"].startswith("http://127.0.0.1:")
    assert "metriccare" in kernels
    wait_until_gone(server)


def asked(address: str) -> Any:
    request = urllib.request.Request(address, headers={"Authorization": "token t"})
    for _ in range(100):
        try:
            with urllib.request.urlopen(request) as answer:
                return json.loads(answer.read())
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError(f"{address} does not answer")


def children(pid: int) -> list[int]:
    listing = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    return [int(line) for line in listing.stdout.split()]
