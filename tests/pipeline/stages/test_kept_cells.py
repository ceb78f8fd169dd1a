"""The cells are kept for the tables that they were made of, and for no others."""

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from metriccare import measures
from metriccare.engine.schema import arrow_schema
from metriccare.pipeline.stages import kept_cells
from metriccare.pipeline.stages.kept_cells import FILE, LONGEST, MADE_OF, KeptCells
from metriccare.settings import Lake

SETTLED = date(2025, 6, 30)
FIRST, SECOND = "20260101000000001", "20260102000000002"
CELL = {
    "measure": "mortality_30_day",
    "profile": "all_adult",
    "hospital_id": "north",
    "month": "2025-03",
    "n": 12,
}
BILLING_DAY = {
    "profile": "all_adult",
    "hospital_id": "north",
    "month": "2025-03",
    "billing_days": 4.0,
    "n": 12,
}


def end(lake: Lake, table: str, instant: str, action: str = "deltacommit") -> None:
    """Let a commit of a table end."""
    timeline = Path(MADE_OF[table].path(lake.root)) / ".hoodie"
    timeline.mkdir(parents=True, exist_ok=True)
    (timeline / f"{instant}.{action}").write_text("{}")


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(str(tmp_path))
    for table in MADE_OF:
        end(lake, table, FIRST)
    return lake


@pytest.fixture
def kept(lake: Lake) -> KeptCells:
    """Keep two sums, and return them."""
    cells = {
        name: pa.Table.from_pylist([row], arrow_schema(ddl))
        for (name, ddl), row in zip(measures.CELLS.gives.items(), (CELL, BILLING_DAY), strict=True)
    }
    made = KeptCells(SETTLED, kept_cells.commits_of(lake), cells)
    kept_cells.save(lake, made)
    return made


def test_what_is_kept_is_found(lake: Lake, kept: KeptCells) -> None:
    assert kept_cells.load(lake) == kept
    assert [path.name for path in (Path(lake.root) / FILE).parent.glob("_*")] == ["_cells"]


def test_nothing_is_found_where_nothing_is_kept(lake: Lake) -> None:
    assert kept_cells.load(lake) is None


@pytest.mark.parametrize("table", MADE_OF)
def test_it_is_not_found_once_a_table_has_changed(lake: Lake, kept: KeptCells, table: str) -> None:
    end(lake, table, SECOND)
    assert kept_cells.load(lake) is None


def test_a_compaction_changes_no_row(lake: Lake, kept: KeptCells) -> None:
    end(lake, "stay_measure", SECOND, "commit")
    assert kept_cells.load(lake) == kept


def test_what_other_rules_have_made_is_not_found(
    lake: Lake, kept: KeptCells, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measures, "DEFINITION_VERSION", "1999-01")
    assert kept_cells.load(lake) is None


@pytest.mark.parametrize("share", [0.0, 0.5, 0.99])
def test_a_torn_file_is_as_good_as_none(lake: Lake, kept: KeptCells, share: float) -> None:
    file = Path(lake.root) / FILE
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * share)])
    assert kept_cells.load(lake) is None


def test_no_changed_byte_changes_a_number(lake: Lake, kept: KeptCells) -> None:
    file = Path(lake.root) / FILE
    content = file.read_bytes()
    for place in range(0, len(content), 7):
        file.write_bytes(content[:place] + bytes([content[place] ^ 0x10]) + content[place + 1 :])
        assert kept_cells.load(lake) is None, place


def test_a_place_that_refuses_the_file_costs_no_number(lake: Lake, kept: KeptCells, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    refusing = Lake(str(tmp_path / "elsewhere"))
    (tmp_path / "elsewhere" / FILE).mkdir(parents=True)
    kept_cells.save(refusing, kept)
    assert kept_cells.load(refusing) is None
    assert [path.name for path in (tmp_path / "elsewhere" / "gold").iterdir()] == ["_cells"]


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (SETTLED, True),
        (date(2025, 6, 29), False),
        (SETTLED + LONGEST, True),
        (date(2025, 10, 1), False),
    ],
)
def test_they_serve_the_days_from_the_one_they_are_settled_on(
    kept: KeptCells, as_of: date, expected: bool
) -> None:
    assert kept.are_of(as_of) is expected
