"""The stack, applied to an emulated AWS; files go in by upload, measures come out, and alerts when a job fails."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from tests.aws import cloud, moto_server, workflow_engine
from tests.aws.acting import acting_as, starting_as
from tests.aws.cloud import Cloud
from tests.aws.deploy_page import YES, Shell, blocks, project
from tests.aws.moto_server import REQUESTS
from tests.infra.emulated import STATE_BUCKET, stack, variables
from tests.infra.policies import account as aws_account
from tests.infra.policies import everything, rules, senders, unseen
from tests.infra.policies.account import Account
from tests.infra.policies.check import refused
from tests.infra.policies.mutants import MUTANTS, Mutant
from tests.infra.terraform import ROOT, TerraformError, require_provider
from tests.proofs.truth.compare import different_rows
from tests.support.builders import patient
from tests.support.rest import turns_to_rest
from tools import destroyable

from metriccare.definitions.tables import MEASURE_RESULT, PATIENT, TABLES
from metriccare.lake import s3
from metriccare.lake.ledger import FileEntry, FileState, open_ledger
from metriccare.lake.reader import read_table
from metriccare.runtime import logs
from metriccare.runtime.metrics import METRICS, NAMESPACE
from metriccare.settings import Lake

FIRST_RUN = blocks("The first run")
SOURCE = ROOT / "src"
APPLY, PLAN = "metriccare_all_apply_dev", "metriccare_all_plan_dev"
ENGINEER, UPLOADER = "metriccare_gold_engineers_dev", "metriccare_raw_uploaders_dev"
DOERS = {f"metriccare_{of}_dev" for of in ("raw_intake", "bronze_job", "silver_job", "gold_job")}
BLANK = "fhir_data/json/blank.ndjson"
ALL_SUCCEEDED = {"bronze": "SUCCEEDED", "silver": "SUCCEEDED", "gold": "SUCCEEDED"}


@pytest.fixture(scope="module")
def module_patch() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        for variable, value in ((logs.LEVEL_VARIABLE, "info"), (logs.FORMAT_VARIABLE, "json")):
            patch.setenv(variable, value)  # as the function sets them when it is loaded
        yield patch
    logs.configure()


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory, module_patch: pytest.MonkeyPatch) -> Iterator[Shell]:
    """A shell for the commands of docs/deploy.md, in a copy of the project and with an empty account."""
    require_provider()
    with moto_server.serving() as address:
        for name, value in variables(address).items():
            module_patch.setenv(name, value)
        s3._client.cache_clear()
        workflow_engine.repair(module_patch)
        copy = project(tmp_path_factory.mktemp("page") / "a project")
        yield Shell(copy, tmp_path_factory.mktemp("scratch"), address)
        s3._client.cache_clear()


@pytest.fixture(scope="module")
def dev(
    jvm: None,
    glue_platform: None,
    shell: Shell,
    tmp_path_factory: pytest.TempPathFactory,
    module_patch: pytest.MonkeyPatch,
) -> Cloud:
    return cloud.deploy_by_page(shell, tmp_path_factory.mktemp("aws"), module_patch)


@pytest.fixture(scope="module")
def account(dev: Cloud) -> Account:
    """Return all policies as they were applied."""
    return aws_account.read()


@pytest.fixture(scope="module")
def alerts(dev: Cloud) -> str:
    """Return a queue that hears what the topic tells."""
    sqs = boto3.client("sqs")
    queue = sqs.create_queue(QueueName="alerts")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    boto3.client("sns").subscribe(TopicArn=dev.outputs["topic_arn"], Protocol="sqs", Endpoint=arn)
    return str(queue)


@pytest.fixture(scope="module")
def planted(dev: Cloud, shell: Shell) -> Path:
    """What the page's command generates: a delivery, which it uploads, and two later ones."""
    shell.run(FIRST_RUN[0])
    return shell.scratch / "first"


def heard(queue: str) -> list[str]:
    """Return the texts that the topic has told, and forget them."""
    sqs, texts = boto3.client("sqs"), []
    while found := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
        for one in found:
            texts.append(json.loads(one["Body"])["Message"])
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=one["ReceiptHandle"])
    return texts


def differences(dev: Cloud, planted: Path) -> list[tuple[object, ...]]:
    truth: dict[str, Any] = json.loads((planted / "truth.json").read_text(encoding="utf-8"))
    found = read_table(Lake(dev.outputs["lake_url"]), MEASURE_RESULT).to_pylist()
    return different_rows([row for row in found if str(row["as_of"]) == truth["as_of"]], truth)


def files(dev: Cloud) -> list[FileEntry]:
    return list(open_ledger(Lake(dev.outputs["lake_url"]), dev.outputs["ledger_url"]).files())


def quarantine(dev: Cloud, *given: str, package: Path = SOURCE) -> str:
    """Return what `metriccare quarantine` prints about the lake on S3, in a process that uses a package's source."""
    return printed("quarantine", *given, *places(dev), package=package)


def places(dev: Cloud) -> tuple[str, ...]:
    return "--lake", dev.outputs["lake_url"], "--ledger", dev.outputs["ledger_url"]


def printed(*given: str, package: Path = SOURCE) -> str:
    """Return what `metriccare` prints, in a process that uses a package's source."""
    call = "from metriccare.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", call, *given],
        env=os.environ | {"PYTHONPATH": str(package)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def open_reasons(dev: Cloud) -> dict[str, int]:
    counts: dict[str, int] = json.loads(quarantine(dev, "list", "--format", "json"))["by_reason"]
    return counts


def workflow_runs(dev: Cloud) -> list[str]:
    found = boto3.client("glue").get_workflow_runs(Name=dev.outputs["workflow_name"])["Runs"]
    return [run["WorkflowRunId"] for run in found]


def states(dev: Cloud) -> dict[FileState, int]:
    return Counter(entry.state for entry in files(dev))


def overwrite(dev: Cloud, content: bytes) -> None:
    """Write a file without records over itself."""
    s3.write(f"s3://{dev.outputs['buckets']['raw']}/{BLANK}", content)


Watched = tuple[str, frozenset[tuple[str, str]]]  # the name of a metric of our own, and its dimensions


def watched() -> set[Watched]:
    """Return the metrics that alarms look at and the dashboard draws."""
    cloudwatch, found = boto3.client("cloudwatch"), set[Watched]()
    for alarm in cloudwatch.describe_alarms()["MetricAlarms"]:
        if alarm["Namespace"] == NAMESPACE:
            found.add((alarm["MetricName"], _pairs(alarm["Dimensions"])))
    (name,) = (one["DashboardName"] for one in cloudwatch.list_dashboards()["DashboardEntries"])
    for widget in json.loads(cloudwatch.get_dashboard(DashboardName=name)["DashboardBody"])["widgets"]:
        for one in widget["properties"]["metrics"]:
            names = [part for part in one if isinstance(part, str)]
            if names[:1] == [NAMESPACE]:
                found.add((names[1], frozenset(zip(names[2::2], names[3::2], strict=True))))
    assert len(found) > len(METRICS)
    return found


def published(printed: str) -> set[Watched]:
    """Return the metrics that the jobs have sent and the function has printed."""
    sent = boto3.client("cloudwatch").list_metrics(Namespace=NAMESPACE)["Metrics"]
    found = {(one["MetricName"], _pairs(one["Dimensions"])) for one in sent}
    for line in (json.loads(line) for line in printed.splitlines() if '"_aws"' in line):
        (about,) = line["_aws"]["CloudWatchMetrics"]
        found.add((about["Metrics"][0]["Name"], frozenset((k, line[k]) for k in about["Dimensions"][0])))
    return found


def _pairs(dimensions: list[dict[str, str]]) -> frozenset[tuple[str, str]]:
    return frozenset((one["Name"], one["Value"]) for one in dimensions)


def test_a_second_plan_is_empty(dev: Cloud, shell: Shell, tmp_path: Path) -> None:
    """As the workflow plans: in a new checkout, with the role that can't write, and so can't take the lock."""
    (tmp_path / "dist").symlink_to(shell.project / "dist")
    planning = stack(tmp_path, dev.address, "dev", role="plan")
    assert planning.run("plan", "-lock=false", "-detailed-exitcode").returncode == 0


def test_a_part_is_planned_and_applied_by_itself(dev: Cloud, shell: Shell) -> None:
    assert "No changes" in shell.run(blocks("Or deploy manually")[1], principal=APPLY)


def test_every_policy_says_what_it_means(account: Account) -> None:
    assert len(account.policies()) > 15
    assert rules.broken(account.policies()) == []
    assert rules.unused_resources(account.policies()) == []
    assert rules.oversized(account) == []


def test_a_policy_that_says_nothing_is_found(account: Account) -> None:
    """Finding A4 as it was: IAM takes such a statement, and it allows nothing."""
    (mutant,) = [one for one in MUTANTS if one.said == "sns:Unsubscribe on *"]
    (finding,) = [one for one in rules.broken(mutant.mutate(account).policies()) if "sns:Unsubscribe" in one]
    assert "knows no resource" in finding


def test_services_may_send_and_those_of_other_accounts_may_not(account: Account) -> None:
    assert senders.faults(account, "dev") == []


def test_the_state_is_under_its_own_key(dev: Cloud, account: Account) -> None:
    state = boto3.client("s3").head_object(Bucket=STATE_BUCKET, Key="env:/dev/metriccare/terraform.tfstate")
    assert account.keys[state["SSEKMSKeyId"]].alias == "alias/metriccare_all_state"


def test_raw_files_are_under_another_key_than_results(account: Account) -> None:
    buckets = ("metriccare-raw-fhir-dev-123456789012", "metriccare-all-lake-dev-123456789012")
    raw, lake = (account.keys[account.bucket_keys[name]].alias for name in buckets)
    assert (raw, lake) == ("alias/metriccare_raw_key_dev", "alias/metriccare_all_key_dev")


def test_readers_can_read_nothing_but_what_is_published(account: Account) -> None:
    others = unseen.denied_to_readers(unseen.Stack())
    assert [call for call in others if not refused([call], account)] == []


def test_the_first_export_goes_through(dev: Cloud, shell: Shell, alerts: str, planted: Path) -> None:
    """With a map of a hospital's own codes beside the tables; a file that is gone before it is read fails nothing."""
    lake, columns = dev.outputs["lake_url"], "system,code,display,category"
    s3.write(f"{lake}/metriccare.toml", b'[sources.default]\nclass_map = "class.csv"\n')
    s3.write(
        f"{lake}/class.csv", f"{columns}\nhttp://hospital.test/class,W1,ward 1,acute_inpatient\n".encode()
    )
    overwrite(dev, b"\n")
    boto3.client("s3").delete_object(Bucket=dev.outputs["buckets"]["raw"], Key=BLANK)
    assert planted.is_dir()
    answers = dev.deliver()
    assert sum(answer["registered"] for answer in answers) == 4
    assert (
        sum(bool(answer["started"]) for answer in answers) == 1
    )  # those that come while it runs start nothing
    assert dev.run() == [ALL_SUCCEEDED]
    assert turns_to_rest(dev.sweep, dev.run) == 0
    assert states(dev) == {FileState.DONE: 3, FileState.GONE: 1}
    (told,) = heard(alerts)
    assert "computed the measures as of" in told
    assert "accepted" in told
    said = shell.run(FIRST_RUN[1])
    assert "Newest file received" in said
    assert "stay (billing days)" in said


def test_a_failed_job_is_reported_and_loses_nothing(
    dev: Cloud, shell: Shell, alerts: str, planted: Path
) -> None:
    """Later deliveries come, late, corrected, and one repeated byte for byte; silver is given a zone that is none.

    The file that was gone comes back as it was, and is overwritten before it is read.
    """
    shell.run(FIRST_RUN[2])
    dev.upload(planted / "json" / "delivery=00", "delivery=00")
    overwrite(dev, b"\n")
    overwrite(dev, b"\n\n")
    assert dev.deliver()
    wrong = {"silver": {"--timezone": "Nowhere/City"}}
    assert dev.run(wrong) == [{"bronze": "SUCCEEDED", "silver": "FAILED"}]
    (told,) = heard(alerts)
    assert "metriccare_silver" in told
    assert "FAILED" in told
    assert states(dev).keys() == {FileState.DONE, FileState.GONE}
    assert (
        dev.handler.handle({"source": "aws.events"}, None)["started"] == ""
    )  # nothing waits, so nothing loops


def test_the_next_run_recovers_and_meets_the_truth(
    dev: Cloud, alerts: str, planted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its cells run in the driver's own process, which no other process can join."""
    assert dev.handler.handle({"source": "metriccare.daily", "always": True}, None)["started"]
    in_process = {layer: {"--engine": "in_process"} for layer in ALL_SUCCEEDED}
    assert dev.run(in_process) == [ALL_SUCCEEDED]
    assert differences(dev, planted) == []
    assert {answer["started"] for answer in dev.sweep()} == {""}  # gold has ended, and nothing waits
    assert turns_to_rest(dev.sweep, dev.run) == 0
    (told,) = heard(alerts)
    assert "computed the measures as of" in told
    assert watched() - published(capsys.readouterr().out) == set()


@pytest.mark.long
def test_a_delivery_once_more_under_other_names_changes_no_number(
    dev: Cloud, alerts: str, planted: Path
) -> None:
    dev.upload(planted / "json" / "delivery=01", "sent-again")
    dev.deliver()
    assert dev.run() == [ALL_SUCCEEDED]
    assert differences(dev, planted) == []
    assert len(heard(alerts)) == 1


@pytest.mark.long
def test_what_was_quarantined_is_replayed_after_a_fix(dev: Cloud, tmp_path: Path) -> None:
    """A patient with a modifier extension that nobody knew; the fix is a package whose list has it."""
    url = "http://hospital.test/modifier"
    (tmp_path / "in.ndjson").write_text(
        json.dumps(patient("unknown") | {"modifierExtension": [{"url": url}]})
    )
    dev.upload(tmp_path, "unknown")
    dev.deliver()
    assert dev.run() == [ALL_SUCCEEDED]
    assert open_reasons(dev)["modifier_extension"] == 1

    fixed = tmp_path / "fixed"
    shutil.copytree(SOURCE, fixed)
    with (fixed / "metriccare/definitions/value_sets/modifier_extension.csv").open(
        "a", encoding="utf-8"
    ) as known:
        known.write(f",{url},nothing for the measures,harmless,test,1\n")
    said = quarantine(dev, "replay", "--reason-code", "modifier_extension", package=fixed)
    assert said.startswith("1 quarantined record was accepted now: 1 in bronze")
    assert "modifier_extension" not in open_reasons(dev)

    assert dev.handler.handle({"source": "metriccare.daily", "always": True}, None)["started"]
    assert dev.run() == [ALL_SUCCEEDED]
    ids = read_table(Lake(dev.outputs["lake_url"]), PATIENT)["id"].to_pylist()
    assert "unknown" in ids


def test_an_engineer_looks_at_the_lake(dev: Cloud) -> None:
    with starting_as(ENGINEER):
        assert "bronze" in printed("status", *places(dev))
        assert "mortality" in printed("measures", *places(dev)[:2])
        assert quarantine(dev, "list")


def test_executed_notebooks_are_kept_by_run(dev: Cloud) -> None:
    kept = {
        one.url.removeprefix(dev.outputs["lake_url"])
        for one in s3.list_objects(f"{dev.outputs['lake_url']}/runs")
    }
    assert {name.rpartition("/")[2] for name in kept} == {
        "02_bronze.ipynb",
        "03_silver.ipynb",
        "04_gold.ipynb",
    }
    assert all("/runs/wr_" in name for name in kept)


def test_the_catalog_knows_every_table(dev: Cloud) -> None:
    """By what Hudi's sync has left in the files of the Hive metastore that stands in the place of the catalog."""
    written = b"".join(one.read_bytes() for one in dev.metastore.rglob("*.dat"))
    missing = [
        name
        for name in TABLES
        if f"{dev.outputs['lake_url']}/{name.replace('.', '/')}".encode() not in written
    ]
    assert missing == []
    others = [f"{one.name}_{suffix}" for one in TABLES.values() if one.buckets for suffix in ("ro", "rt")]
    assert [name for name in others if name.encode() in written] == []


@pytest.mark.long
def test_prod_next_to_dev_does_not_touch_it(dev: Cloud, archive: Path, planted: Path, tmp_path: Path) -> None:
    before = files(dev), workflow_runs(dev)
    with pytest.MonkeyPatch.context() as patch:
        prod = cloud.apply(tmp_path, dev.address, "prod", archive, patch)
        prod.upload(planted / "json" / "delivery=00", "delivery=00")
        assert [bool(answer["started"]) for answer in prod.deliver()].count(True) == 1
        assert len(files(prod)) == 3
        assert len(workflow_runs(prod)) == 1
        assert (files(dev), workflow_runs(dev)) == before
        with pytest.raises(
            TerraformError, match=r"terraform_data\.protection\[0\] has\s+lifecycle\.prevent_destroy set"
        ):
            prod.terraform("destroy", "-auto-approve")  # as docs/deploy.md says
    assert dev.terraform.run("plan", "-detailed-exitcode").returncode == 0


def test_destroying_leaves_nothing(dev: Cloud, shell: Shell) -> None:
    with acting_as(APPLY):
        assert destroyable.obstacles(dev.outputs, "dev") == []
        assert destroyable.obstacles(dev.outputs, "prod")  # for its calls: in prod, data would be in the way
    shell.run(blocks("Teardown")[0], answer=YES, principal=APPLY)
    buckets = [one["Name"] for one in boto3.client("s3").list_buckets()["Buckets"]]
    jobs = [one["Name"] for one in boto3.client("glue").get_jobs()["Jobs"]]
    ledgers = boto3.client("dynamodb").list_tables()["TableNames"]
    assert [name for name in (*buckets, *jobs, *ledgers) if "dev" in re.split("[-_]", name)] == []
    assert "default" in [
        one["Name"] for one in boto3.client("glue").get_databases()["DatabaseList"]
    ]  # bootstrap's


def test_every_call_is_allowed_to_the_role_that_makes_it(account: Account) -> None:
    """All of the above, as it arrived at the emulator, and what only AWS or a person does (`unseen`)."""
    calls = everything.calls(REQUESTS.calls.values())
    principals = {call.principal for call in calls}
    assert principals >= {APPLY, PLAN, ENGINEER, UPLOADER, *DOERS}
    assert refused((one for one in calls if one.principal == APPLY), account, new_keys=True) == []
    assert refused((one for one in calls if one.principal != APPLY), account) == []


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: f"{one.letter} {one.said}")
def test_a_right_that_is_taken_away_is_missed(account: Account, mutant: Mutant) -> None:
    calls = [call for call in everything.calls(REQUESTS.calls.values()) if call.principal == mutant.principal]
    findings = refused(calls, mutant.mutate(account), new_keys=mutant.principal == APPLY)
    assert any(mutant.said in finding for finding in findings), findings
