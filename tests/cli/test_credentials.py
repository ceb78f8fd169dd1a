"""Commands on a lake on S3 with a profile and no keys in the environment, and every way to be refused."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from botocore.tokens import SSOTokenProvider
from click.testing import CliRunner
from tests.support.aws_gate import Asked, Gate, Refusal, gate_before
from tests.support.aws_profiles import KINDS, Portal, log_in, portal, write_profiles
from tests.support.stored import store

from metriccare.cli import main
from metriccare.lake import s3
from metriccare.lake.ledger import open_ledger
from metriccare.lake.ledger.dynamodb_store import create_table
from metriccare.lake.ledger.model import RunEntry
from metriccare.runtime import aws as aws_session
from metriccare.settings import Lake

BUCKET = "lake-by-profile"
LAKE = f"s3://{BUCKET}/lake"
TABLE = "ledger_by_profile"
LEDGER = f"dynamodb://{TABLE}"
MEASURES = ("measures", "--format", "csv", "--lake", LAKE)
STATUS = ("status", "--lake", LAKE, "--ledger", LEDGER)
OWN_KEYS = {"keys": "AKIAKEYS", "process": "ASIAPROCESS", "role": "ASIA", "sso": "ASIASSO"}


@pytest.fixture(scope="module")
def stored(moto_server: str, finished_lake: Lake) -> None:
    """Copy the finished lake to S3, and make a ledger with a run for it."""
    with pytest.MonkeyPatch.context() as patch:
        settings = {"ENDPOINT_URL": moto_server, "DEFAULT_REGION": "us-east-1"}
        for name, value in {**settings, "ACCESS_KEY_ID": "x", "SECRET_ACCESS_KEY": "x"}.items():
            patch.setenv(f"AWS_{name}", value)
        forget()
        store(finished_lake, BUCKET)
        create_table(TABLE)
        ledger = open_ledger(Lake(LAKE), LEDGER)
        ledger.start_run(RunEntry("run-2", datetime(2025, 7, 2, tzinfo=UTC)))
        ledger.close()
        forget()


@pytest.fixture
def gate(stored: None, moto_server: str) -> Iterator[Gate]:
    with gate_before(moto_server) as before:
        yield before


@pytest.fixture
def sso() -> Iterator[Portal]:
    with portal() as served:
        yield served


@pytest.fixture
def home(gate: Gate, sso: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give this process, and those it starts, the profiles of a home folder and nothing else of AWS."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    addresses = {"AWS_ENDPOINT_URL": gate.address, "AWS_ENDPOINT_URL_SSO": sso.address}
    for name, value in {**write_profiles(tmp_path), **addresses}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("time.sleep", lambda _: None)  # boto3's pauses between tries
    # botocore finds the home folder once, when it is imported.
    monkeypatch.setattr(SSOTokenProvider, "_SSO_TOKEN_CACHE_DIR", str(tmp_path / ".aws" / "sso" / "cache"))
    forget()
    yield tmp_path
    forget()


def forget() -> None:
    """Forget what this process knows of AWS."""
    for known in (aws_session.session, s3._client, s3._region, s3._require_bucket):
        known.cache_clear()


def said(*arguments: str) -> str:
    """Run a command that fails, in this process; return its message on one line."""
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 1, done.output
    assert "Traceback" not in done.output
    return " ".join(done.output.split())


@pytest.mark.parametrize("kind", KINDS)
def test_a_profile_alone_is_enough(
    kind: str, gate: Gate, home: Path, finished_lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a process of its own: the same numbers as on disk, asked for with the profile's keys and no others."""
    log_in(home)
    monkeypatch.setenv("AWS_PROFILE", kind)
    command = [Path(sys.executable).with_name("metriccare"), *MEASURES]
    there = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    here = CliRunner().invoke(main, [*MEASURES[:-1], finished_lake.root])

    assert there == here.output != ""
    (key,) = gate.keys("s3")
    assert key.startswith(OWN_KEYS[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_the_ledger_on_dynamodb_is_read_with_the_profile_too(
    kind: str, gate: Gate, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log_in(home)
    monkeypatch.setenv("AWS_PROFILE", kind)
    done = CliRunner().invoke(main, STATUS)

    assert done.exit_code == 0, done.output
    assert "run-2" in done.output
    assert all(key.startswith(OWN_KEYS[kind]) for key in gate.keys("dynamodb"))
    assert len([one for one in gate.asked if one.service == "sts"]) == (
        1 if kind == "role" else 0
    )  # assumed once


def test_the_region_may_come_from_the_variable_of_the_aws_cli(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / ".aws" / "config").write_text("")
    monkeypatch.setenv("AWS_PROFILE", "keys")
    assert "no AWS region is set. Set AWS_REGION, or `region` for the profile keys" in said(*STATUS)
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    forget()
    assert CliRunner().invoke(main, STATUS).exit_code == 0


def of(service: str, *methods: str, refusal: Refusal, path: str = "") -> Callable[[Asked], Refusal | None]:
    """Return a rule that refuses requests to a service, those of these methods if there are any."""

    def refuse(asked: Asked) -> Refusal | None:
        is_meant = (
            asked.service == service and (not methods or asked.method in methods) and path in asked.path
        )
        return refusal if is_meant else None

    return refuse


DENIED = Refusal(403, "AccessDenied", "Access Denied")
NAMED = Refusal(
    403,
    "AccessDenied",
    "User: arn:aws:sts::1:assumed-role/Analyst/me is not authorized to perform: s3:ListBucket on resource: "
    f'"arn:aws:s3:::{BUCKET}" because no identity-based policy allows the s3:ListBucket action',
)
KMS = Refusal(
    403,
    "AccessDenied",
    "User: arn:aws:sts::1:assumed-role/Analyst/me is not authorized to perform: kms:Decrypt on the resource associated "
    "with this ciphertext because no identity-based policy allows the kms:Decrypt action",
)
NO_TABLE_RIGHT = Refusal(
    400,
    "AccessDeniedException",
    "User is not authorized to perform: dynamodb:GetItem on resource: arn:aws:dynamodb:us-east-1:1:table/x because",
)
EXPIRED = Refusal(400, "ExpiredToken", "The provided token has expired.")
REFUSED = {
    "reads": (MEASURES, of("s3", refusal=DENIED), "permission s3:GetObject on s3://lake-by-profile/lake/gold/"),
    "listing": (MEASURES, of("s3", refusal=NAMED), "permission s3:ListBucket on arn:aws:s3:::lake-by-profile,"),
    "key": (MEASURES, of("s3", refusal=KMS), "the permission kms:Decrypt on "),
    "contents": (MEASURES, of("s3", "GET", refusal=DENIED), "access is denied to the profile keys"),
    "key of contents": (MEASURES, of("s3", "GET", refusal=KMS), "the permission kms:Decrypt on "),
    "expired": (MEASURES, of("s3", refusal=EXPIRED), "have expired. Run `aws sso login --profile keys`"),
    "unknown keys": (
        MEASURES,
        of("s3", refusal=Refusal(403, "InvalidAccessKeyId", "The AWS Access Key Id does not exist")),
        "AWS does not know the credentials of the profile keys (InvalidAccessKeyId)",
    ),
    "other region": (
        MEASURES,
        of("s3", refusal=Refusal(301, "PermanentRedirect", "must be addressed elsewhere", region="eu-west-1")),
        "the bucket is in another region. Set AWS_REGION to eu-west-1.",
    ),
    "ledger": (
        STATUS,
        of("dynamodb", refusal=NO_TABLE_RIGHT),
        "permission dynamodb:GetItem on arn:aws:dynamodb:us-east-1:1:table/x",
    ),
    "expired for the ledger": (
        STATUS,
        of("dynamodb", refusal=Refusal(400, "ExpiredTokenException", "expired")),
        "have expired. Run `aws sso login --profile keys`",
    ),
    "no table": (
        ("status", "--lake", LAKE, "--ledger", "dynamodb://none"),
        of("s3", refusal=DENIED),
        "there is no such table in this account and region",
    ),
    "no bucket": (
        ("measures", "--lake", "s3://no-such-lake-bucket/lake"),
        of("none", refusal=DENIED),
        "There is no bucket s3://no-such-lake-bucket: check its name, and the account",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_refusal_says_what_to_do(
    case: str, gate: Gate, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments, gate.refuse, sentence = REFUSED[case]
    monkeypatch.setenv("AWS_PROFILE", "keys")
    found = said(*arguments)
    assert sentence in found
    assert "run `metriccare run` first" not in found


@pytest.mark.parametrize(
    ("profile", "sentence"),
    [
        ("", "no AWS credentials were found. Set AWS_PROFILE to one of your profiles"),
        ("nobody", "The config profile (nobody) could not be found. Set AWS_PROFILE to one of those"),
        ("nowhere", "no AWS credentials were found"),
        ("broken", "the credentials of the profile broken can't be had"),
        ("sso", "you are not logged in to AWS, or the login has expired. Run `aws sso login --profile sso`"),
    ],
)
@pytest.mark.parametrize("arguments", [MEASURES, STATUS], ids=["measures", "status"])
def test_missing_credentials_say_how_to_get_them(
    profile: str, sentence: str, arguments: tuple[str, ...], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if profile:
        monkeypatch.setenv("AWS_PROFILE", profile)
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    assert sentence in said(*arguments)


def test_an_expired_login_says_to_log_in_again(
    home: Path, sso: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The token is out of date, or no longer taken by the portal."""
    monkeypatch.setenv("AWS_PROFILE", "sso")
    log_in(home, hours=-1)
    assert "Run `aws sso login --profile sso`" in said(*MEASURES)
    log_in(home)
    forget()
    assert CliRunner().invoke(main, MEASURES).exit_code == 0
    sso.is_open = False
    forget()
    assert "Run `aws sso login --profile sso`" in said(*MEASURES)


def test_a_role_that_may_not_be_assumed_says_so(
    gate: Gate, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate.refuse = of("sts", refusal=Refusal(403, "AccessDenied", "not authorized to perform: sts:AssumeRole"))
    monkeypatch.setenv("AWS_PROFILE", "role")
    assert "the profile role may not assume its role" in said(*MEASURES)


def test_a_table_that_is_not_there_yet_is_still_said_as_it_is(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "keys")
    assert f"There is no table gold.measure_published yet at s3://{BUCKET}/empty" in said(
        "measures", "--lake", f"s3://{BUCKET}/empty"
    )


def test_the_reader_goes_to_the_region_of_the_bucket(
    gate: Gate, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """boto3 is sent there by S3; Hudi's reader must be told."""
    monkeypatch.setenv("AWS_PROFILE", "keys")
    gate.refuse = of("s3", "HEAD", refusal=Refusal(301, "PermanentRedirect", region="eu-west-1"))
    assert s3._region(BUCKET) == "eu-west-1"
    assert s3.reader_options(LAKE)["aws_region"] == "us-east-1"  # an emulator has no regions
    monkeypatch.setattr(aws_session, "is_aws", lambda _: True)
    options = s3.reader_options(LAKE)
    assert options["aws_region"] == "eu-west-1"
    assert "aws_endpoint" not in options
