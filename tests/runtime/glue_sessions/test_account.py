"""Sessions on an account: what the commands find there reaches the real Glue kernel and its session.

The account is moto, but for the sessions, which the local endpoint runs: one profile points to both.
"""

import json
import os
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import nbformat
import pytest
from click.testing import CliRunner, Result
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
from tests.runtime.glue_sessions.endpoint import Glue, glue
from tests.runtime.glue_sessions.kernel import GLUE, said

from metriccare.cli import main
from metriccare.runtime import aws as aws_session
from metriccare.runtime.glue_sessions.account import Account
from metriccare.runtime.glue_sessions.api_error import NOT_FOUND, GlueApiError
from metriccare.runtime.glue_sessions.glue_arguments import MODULES
from metriccare.runtime.glue_sessions.operations import OPERATIONS
from metriccare.settings import notebook

BUCKET = "metriccare-all-scripts-dev-123456789012"
KEY = "code/0123456789abcdef/metriccare-1.0.0.gluewheels.zip"
WHEELS = f"s3://{BUCKET}/{KEY}"
ROLE = "metriccare_gold_sessions_dev"
LAKE = "s3://metriccare-all-lake-dev-123456789012"
LEDGER = "dynamodb://metriccare_all_ledger_dev?lake=metriccare_dev"
RAW = "s3://metriccare-raw-fhir-dev-123456789012/fhir_data/json/"
SHARED = {MODULES: WHEELS, "--lake": LAKE, "--ledger_url": LEDGER}
SETTINGS = ("glue-sessions", "settings", "--profile", "engineer")


@pytest.fixture
def account(aws: str) -> Iterator[str]:
    """Make what a deployment makes; yield the ARN of the sessions' role."""
    clients = {service: boto3.client(service) for service in ("s3", "iam", "glue")}
    clients["s3"].create_bucket(Bucket=BUCKET)
    clients["s3"].put_object(Bucket=BUCKET, Key=KEY, Body=b"wheels")
    arn: str = clients["iam"].create_role(RoleName=ROLE, AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    for layer, own in (("bronze", {"--raw": RAW}), ("gold", {})):
        clients["glue"].create_job(
            Name=f"metriccare_{layer}_job_dev",
            Role=arn,
            Command={"Name": "glueetl"},
            DefaultArguments=SHARED | own,
            GlueVersion="5.0",
            WorkerType="G.2X",
            NumberOfWorkers=2,
            SecurityConfiguration="metriccare_all_security_dev",
        )
    yield arn
    for layer in ("bronze", "gold"):
        clients["glue"].delete_job(JobName=f"metriccare_{layer}_job_dev")
    clients["iam"].delete_role(RoleName=ROLE)
    clients["s3"].delete_object(Bucket=BUCKET, Key=KEY)


@pytest.fixture
def served(account: str, aws: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Glue]:
    """Serve the sessions, in an empty project whose AWS configuration has the profile engineer and nothing else."""
    moto = boto3.client("glue")
    moto_job = moto.get_job

    def get_job(_: Any, request: dict[str, Any]) -> Any:
        try:
            found = moto_job(**request)["Job"]
        except moto.exceptions.EntityNotFoundException as error:
            raise GlueApiError(NOT_FOUND, str(error)) from error
        return {"Job": {name: value for name, value in found.items() if isinstance(value, (str, dict, int))}}

    monkeypatch.setitem(OPERATIONS, "GetJob", get_job)
    known = Account(frozenset((account,)), {WHEELS: ("metriccare-1.0.0-py3-none-any.whl",)})
    with glue(spark=False, account=known) as endpoint:
        (tmp_path / "config").write_text(profile(endpoint, aws))
        for name in [name for name in os.environ if name.startswith(("AWS_", "glue_"))]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")  # the kernel asks PyPI for its newest version
        monkeypatch.setenv("AWS_PROFILE", "")  # the commands set it, and pytest restores it
        monkeypatch.delenv("AWS_PROFILE")
        monkeypatch.setenv("JUPYTER_PATH", "")
        monkeypatch.chdir(tmp_path)
        aws_session.session.cache_clear()
        yield endpoint
    aws_session.session.cache_clear()


def profile(endpoint: Glue, moto: str) -> str:
    at = {"glue": endpoint.endpoint.address, "sts": endpoint.endpoint.address, "iam": moto, "s3": moto}
    services = "".join(f"{service} =\n  endpoint_url = {address}\n" for service, address in at.items())
    key, secret = endpoint.endpoint.access_key, endpoint.endpoint.secret_key
    return (
        f"[profile engineer]\nregion = us-east-1\naws_access_key_id = {key}\naws_secret_access_key = {secret}\n"
        f"services = here\n[services here]\n{services}"
    )


def called(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_the_kernel_starts_a_session_with_the_role_and_the_wheel_of_the_account(
    served: Glue, account: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = called(*SETTINGS)
    assert done.exit_code == 0, done.output
    for line in done.stdout.splitlines():
        name, _, value = shlex.split(line)[1].partition("=")
        if name == "JUPYTER_PATH":  # the kernelspec alone has the rest
            monkeypatch.setenv(name, value)
    cells = ["1 + 1", "%status"]
    notebook = new_notebook(cells=[new_code_cell(source) for source in cells])
    NotebookClient(notebook, kernel_name=GLUE, timeout=60).execute()

    (session,) = served.client.list_sessions()["Sessions"]
    wanted = {
        "Role": account,
        "GlueVersion": "5.0",
        "WorkerType": "G.2X",
        "NumberOfWorkers": 2,
        "IdleTimeout": 30,
    }
    assert {name: session[name] for name in wanted} == wanted
    assert session["DefaultArguments"][MODULES] == WHEELS
    assert session["SecurityConfiguration"] == "metriccare_all_security_dev"
    assert said(notebook.cells[0]).splitlines()[-1] == "2"
    assert "'Project': 'metriccare'" in said(notebook.cells[1])
    assert "'owner': 'AROALOCAL:local'" in said(notebook.cells[1])  # so that the policy lets its owner use it


def test_glue_lab_opens_copies_of_the_notebooks_with_the_locations_of_the_account(
    served: Glue, account: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda _, command: started.append(command) or sys.exit(0))
    done = called("glue-lab", "--profile", "engineer", "--port", "8890")
    assert done.exit_code == 0, done.output
    copies = {
        file.stem: nbformat.read(file, as_version=4) for file in (tmp_path / "notebooks-dev").glob("*.ipynb")
    }

    assert f"Sessions run on AWS as {account}; they cost money" in done.output
    assert started[0][-2:] == ["--port", "8890"]
    assert "--LabApp.default_url=/lab/tree/notebooks-dev" in started[0]
    assert sorted(copies) == ["02_bronze", "03_silver", "04_gold"]
    for name, copy in copies.items():
        (given,) = (
            cell.source for cell in copy.cells if "injected-parameters" in cell.metadata.get("tags", [])
        )
        assert f'lake = "{LAKE}"\nledger_url = "{LEDGER}"' in given
        assert (f'raw = "{RAW}"' in given) == (name == "02_bronze")
        assert copy.metadata.kernelspec.name == GLUE
        assert LAKE not in notebook(name).read_text(encoding="utf-8")
    spec = Path(os.environ["JUPYTER_PATH"].split(os.pathsep)[0]) / "kernels" / GLUE / "kernel.json"
    assert json.loads(spec.read_text())["env"]["glue_role_arn"] == account


def test_a_copy_that_somebody_works_in_is_left_alone(
    served: Glue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = tmp_path / "notebooks-dev" / "04_gold.ipynb"
    mine.parent.mkdir()
    mine.write_text("mine")
    monkeypatch.setattr(os, "execv", lambda *_: sys.exit(0))
    done = called("glue-lab", "--profile", "engineer")
    assert "02_bronze.ipynb, 03_silver.ipynb\n" in done.output
    assert mine.read_text() == "mine"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            ("--environment", "prod"),
            "There is no Glue job metriccare_gold_job_prod in this account and region: deploy",
        ),
        (("--role", "nobody"), "There is no role nobody for sessions: apply the stack of this version"),
        (
            ("--modules", "s3://elsewhere/a.whl"),
            "There is no s3://elsewhere/a.whl, which should hold the wheels: run `make package`",
        ),
        (("--modules", "metriccare"), "installs no wheel from S3, so a session could not import metriccare"),
        (("--profile", "nobody"), "The config profile (nobody) could not be found. Set AWS_PROFILE"),
        (("--profile", "empty"), "no AWS credentials were found. Set AWS_PROFILE"),
    ],
)
def test_what_is_missing_on_the_account_is_said(
    options: tuple[str, ...], sentence: str, served: Glue, tmp_path: Path
) -> None:
    with (tmp_path / "config").open("a") as config:
        config.write("[profile empty]\nregion = us-east-1\n")
    done = called("glue-lab", "--profile", "engineer", *options)
    assert done.exit_code == 1
    assert sentence in " ".join(done.output.split())
    assert not (tmp_path / "notebooks-dev").exists()


def test_the_settings_of_no_account_are_not_guessed(served: Glue) -> None:
    done = called("glue-sessions", "settings")
    assert done.exit_code == 2
    assert "--profile NAME" in done.output
