"""Tables on S3 without a JVM, with credentials that only boto3 finds: a profile, and nothing in the environment."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.stored import store

from metriccare.definitions.tables import MEASURE_PUBLISHED, RUN, Table
from metriccare.errors import LakeError, StorageError
from metriccare.lake import s3
from metriccare.lake.reader import read_table
from metriccare.runtime.aws import session as aws_session
from metriccare.settings import Lake

BUCKET = "lake-of-a-profile"


@pytest.fixture
def uploaded(
    aws: str, finished_lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Lake]:
    """Yield a copy of the finished lake on S3; only the profile `analyst` has credentials for it."""
    stored = store(finished_lake, BUCKET)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    profile = "[analyst]\naws_access_key_id = a\naws_secret_access_key = b\naws_session_token = c\n"
    (tmp_path / "credentials").write_text(profile)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_PROFILE", "analyst")
    forget_session()
    yield stored
    forget_session()


def forget_session() -> None:
    aws_session.cache_clear()
    s3._client.cache_clear()


@pytest.mark.parametrize("table", [RUN, MEASURE_PUBLISHED], ids=str)
def test_a_profile_is_enough(uploaded: Lake, finished_lake: Lake, table: Table) -> None:
    found, expected = (read_table(lake, table).to_pylist() for lake in (uploaded, finished_lake))
    assert sorted(map(str, found)) == sorted(map(str, expected))


def test_what_is_missing_is_said_as_it_is(uploaded: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LakeError, match=r"There is no table gold\.run yet at s3://lake-of-a-profile/other"):
        read_table(Lake(f"s3://{BUCKET}/other"), RUN)
    monkeypatch.delenv("AWS_PROFILE")
    forget_session()
    with pytest.raises(StorageError, match="credentials"):
        read_table(uploaded, RUN)
