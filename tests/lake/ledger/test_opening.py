"""Which ledger a lake has, and what a reader finds where nothing was written yet."""

from pathlib import Path

import pytest

from metriccare.errors import LedgerError
from metriccare.lake.ledger import open_ledger
from metriccare.settings import Lake


@pytest.mark.parametrize(
    ("lake", "url", "sentence"),
    [
        ("s3://bucket/lake", "", r"needs a ledger on DynamoDB: pass one with --ledger dynamodb://<table>\."),
        ("lake", "postgres://x", r"is not a ledger; use dynamodb://<table>"),
        ("lake", "dynamodb://", r"is not a ledger; use dynamodb://<table>"),
    ],
)
def test_a_ledger_that_is_none_is_refused(lake: str, url: str, sentence: str) -> None:
    with pytest.raises(LedgerError, match=sentence):
        open_ledger(Lake(lake), url)


def test_a_reader_makes_no_lake(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match=r"There is no ledger .*: run `metriccare run` first"):
        open_ledger(Lake(str(tmp_path / "none")), create=False)
    assert not (tmp_path / "none").exists()


def test_a_reader_makes_no_lake_table(table: str, tmp_path: Path) -> None:
    lake, url = Lake(f"s3://bucket/{tmp_path}"), f"dynamodb://{table}"
    for _ in range(2):
        with pytest.raises(LedgerError, match=r"has no lake s3://bucket/.* yet: run `metriccare run` first"):
            open_ledger(lake, url, create=False)
    open_ledger(lake, url).close()
    open_ledger(lake, url, create=False).close()
