"""MetricCare's stack on an emulated AWS, and what AWS would do with it: call the function, run the jobs."""

import importlib.util
import json
import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import boto3
import pyspark
import pytest
from tests.aws import glue_environment
from tests.aws.acting import always_as, starting_as
from tests.aws.deploy_page import YES, Shell, blocks
from tests.aws.moto_server import CALLS
from tests.aws.workflow_engine import Arguments, Engine
from tests.infra.emulated import acting, stack
from tests.infra.terraform import Terraform

from metriccare.lake import s3
from metriccare.runtime.jars import HUDI, S3, jars
from metriccare.runtime.java import find_java
from metriccare.runtime.spark_s3 import s3_settings

QUICK = "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m -Duser.timezone=UTC"
METASTORE = "metastore"
HIVE = "-Ddatanucleus.schema.autoCreateAll=true -Dhive.metastore.schema.verification=false"


@dataclass
class Cloud:
    """The stack as it was applied.

    Attributes:
        terraform: the root module's folder.
        outputs: its outputs.
        address: where AWS is played.
        folder: for what the jobs need locally.
        handler: the function's module, from the archive that Terraform uploaded.
        pythons: the interpreter for each archive of modules that a job has asked for.
    """

    terraform: Terraform
    outputs: dict[str, Any]
    address: str
    folder: Path
    handler: ModuleType
    pythons: dict[str, Path] = field(default_factory=dict)

    @property
    def metastore(self) -> Path:
        """The files of the Hive metastore that stands in the place of the Glue Catalog."""
        return self.folder / METASTORE

    def upload(self, files: Path, under: str) -> None:
        """Upload the files of a folder below the raw zone."""
        for file in sorted(files.rglob("*.ndjson")):
            s3.write(
                f"{self.outputs['raw_url']}{under}/{file.relative_to(files).as_posix()}", file.read_bytes()
            )

    def deliver(self) -> list[dict[str, Any]]:
        """Give the queue's messages to the function as Lambda would, until none is left; return its answers."""
        sqs, answers = boto3.client("sqs"), []
        while messages := self._receive(sqs):
            records = [{"messageId": one["MessageId"], "body": one["Body"]} for one in messages]
            answers.append(self.handler.handle({"Records": records}, None))
            failed = {one["itemIdentifier"] for one in answers[-1]["batchItemFailures"]}
            for one in messages:
                if one["MessageId"] not in failed:
                    sqs.delete_message(QueueUrl=self.outputs["queue_url"], ReceiptHandle=one["ReceiptHandle"])
        return answers

    def _receive(self, sqs: Any) -> list[dict[str, Any]]:
        found = sqs.receive_message(QueueUrl=self.outputs["queue_url"], MaxNumberOfMessages=10)
        messages: list[dict[str, Any]] = found.get("Messages", [])
        return messages

    def sweep(self) -> list[dict[str, Any]]:
        """Call the function with the events that EventBridge has for it."""
        events, answers = [event for _, event in CALLS], []
        CALLS.clear()
        for event in events:
            answers.append(self.handler.handle(event, None))
        return answers

    def run(self, extra: dict[str, Arguments] | None = None) -> list[dict[str, str]]:
        """Run the workflow runs that were started; return the states of their jobs by layer."""
        layers = {name: layer for layer, name in self.outputs["job_names"].items()}
        named = {self.outputs["job_names"][layer]: given for layer, given in (extra or {}).items()}
        runs = Engine(self._submit_as_role).run_all(named)
        return [{layers[job]: state for job, state in run.items()} for run in runs]

    def _submit_as_role(self, job: str, arguments: Arguments) -> None:
        """Run the job's script with the job's role, which has its name."""
        with starting_as(job):
            self._submit(job, arguments)

    def _submit(self, job: str, arguments: Arguments) -> None:
        """Run the job's script by spark-submit, in its Python and with its arguments; only where S3 is, is added."""
        location = boto3.client("glue").get_job(JobName=job)["Job"]["Command"]["ScriptLocation"]
        script = self.folder / "run_notebook.py"
        script.write_bytes(s3.read(location))
        own = arguments.get("--conf", "").split(" --conf ")
        settings = [*own, *(f"{name}={value}" for name, value in self._settings().items())]
        command = [
            str(Path(pyspark.__file__).parent / "bin" / "spark-submit"),
            *(part for setting in settings if setting for part in ("--conf", setting)),
            str(script),
            *(part for name, value in arguments.items() for part in (name, value)),
        ]
        done = subprocess.run(
            command,
            env=self._environment(self._python(arguments)),
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        (self.folder / f"{job}.log").write_text(done.stdout + done.stderr, encoding="utf-8")
        assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]

    def _settings(self) -> dict[str, str]:
        return {
            **s3_settings(),
            "spark.master": "local[2]",
            "spark.jars": ",".join(map(str, jars(HUDI) + jars(S3))),
            "spark.driver.memory": "2g",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
            "spark.driver.extraJavaOptions": f"{QUICK} {HIVE} -Djavax.jdo.option.ConnectionURL={self._catalog()}",
            "spark.sql.shuffle.partitions": "4",
            "spark.ui.enabled": "false",
        }

    def _catalog(self) -> str:
        return f"jdbc:derby:;databaseName={self.metastore};create=true"

    def _python(self, arguments: Arguments) -> Path:
        """Return Glue's Python with the modules that the job's arguments name."""
        url, options = (
            arguments["--additional-python-modules"],
            arguments["--python-modules-installer-option"],
        )
        if url not in self.pythons:
            folder = self.folder / f"glue-{len(self.pythons)}"
            folder.mkdir()
            archive = folder / "modules.zip"
            archive.write_bytes(s3.read(url))
            self.pythons[url] = glue_environment.install(archive, options.split(), folder)
        return self.pythons[url]

    def _environment(self, python: Path) -> dict[str, str]:
        """Return the environment variables of a job. Its kernels find no other Python either."""
        own = {
            "JAVA_HOME": str(find_java()),
            "PYSPARK_PYTHON": str(python),
            "PYSPARK_DRIVER_PYTHON": str(python),
        }
        return os.environ | own | {"PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}"}


def apply(
    folder: Path, address: str, environment: str, modules: Path, monkeypatch: pytest.MonkeyPatch
) -> Cloud:
    """Apply the stack, in an account with bootstrap, and load the function with the variables it was given.

    Args:
        folder: for the state, and for what jobs and function need locally.
        address: where AWS is played.
        environment: `dev` or `prod`.
        modules: the archive of wheels that the jobs install.
        monkeypatch: for the function's environment variables.
    """
    archive = folder / "lambda_function.zip"
    glue_environment.run(sys.executable, "infra/lambda_archive.py", archive)
    terraform = stack(folder / "tree", address, environment, modules, archive)
    terraform("apply", "-auto-approve")
    return _applied(terraform, archive, address, folder, monkeypatch)


def deploy_by_page(shell: Shell, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Cloud:
    """Do what docs/deploy.md says, in an empty account, to the end of dev's deployment; load the function.

    Args:
        shell: in a copy of the project.
        folder: for what jobs and function need locally.
        monkeypatch: for the function's environment variables.
    """
    for block in blocks("Once per account, by an administrator"):
        shell.run(block, answer=YES)
    shell.run(blocks("Or deploy manually")[0], principal="metriccare_all_apply_dev")
    terraform = acting(shell.project / "infra", shell.address, "dev", "apply")
    archive = shell.project / "dist" / "lambda_function.zip"
    return _applied(terraform, archive, shell.address, folder, monkeypatch)


def _applied(
    terraform: Terraform, archive: Path, address: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Cloud:
    outputs = {name: one["value"] for name, one in json.loads(terraform("output", "-json")).items()}
    function = boto3.client("lambda").get_function_configuration(FunctionName=outputs["function_name"])
    for name, value in function["Environment"]["Variables"].items():
        monkeypatch.setenv(name, value)
    handler = _load(archive, folder / "function")
    # Its role has its name.
    monkeypatch.setattr(handler, "handle", always_as(outputs["function_name"], handler.handle))
    return Cloud(terraform, outputs, address, folder, handler)


def _load(archive: Path, folder: Path) -> ModuleType:
    """Unpack the function and load it; the package it brings is the one that is installed here."""
    zipfile.ZipFile(archive).extractall(folder)
    spec = importlib.util.spec_from_file_location("uploaded_handler", folder / "handler.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
