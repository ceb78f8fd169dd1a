"""The folder of a dataset in several deliveries: same bytes, size, parameters, written atomically."""

from collections import Counter
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner
from tests.generate.delivery_reader import files_of, lines, versions

from metriccare.cli import main
from metriccare.errors import ParameterError
from metriccare.generate import generate
from metriccare.generate.deliveries.events import EVENTS


@pytest.fixture(scope="module")
def thousand(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("thousand")
    generate(1000, 7, out, batches=4)
    return out


def test_each_delivery_concerns_about_one_percent_of_the_patients(thousand: Path) -> None:
    _, *later = orjson.loads((thousand / "truth.json").read_bytes())["deliveries"]
    assert len(later) == 4
    assert all(5 <= row["patients"] <= 20 for row in later)


def test_a_thousand_patients_in_four_deliveries_contain_every_event(thousand: Path) -> None:
    deliveries = orjson.loads((thousand / "truth.json").read_bytes())["deliveries"]
    assert Counter(name for row in deliveries for name in row["events"]) == Counter(EVENTS.keys())


NIGHTS = {1: "2025-12-29", 2: "2025-12-30", 3: "2025-12-31", 4: "2026-01-01"}


@pytest.mark.parametrize("number", NIGHTS)
def test_updates_of_the_last_nights_are_in_the_later_deliveries(thousand: Path, number: int) -> None:
    stamps = Counter(one.stamp[:10] for one in versions(lines(thousand / "json" / f"delivery={number:02}")))
    counts = orjson.loads((thousand / "truth.json").read_bytes())["deliveries"][number]
    assert stamps[NIGHTS[number]] >= counts["lines"]["in_time"] > 0


def test_a_stay_that_continues_is_sent_open_first(thousand: Path) -> None:
    first = {one.key: one.resource for one in versions(lines(thousand / "json" / "delivery=00"))}
    last = {one.key: one.resource for one in versions(lines(thousand / "json" / "delivery=04"))}
    openings = [
        key
        for key, encounter in first.items()
        if encounter
        and encounter.get("status") == "in-progress"
        and (last.get(key) or {}).get("status") == "finished"
    ]
    assert openings
    for key in openings:
        assert "end" not in (first[key] or {})["period"]


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        generate(120, 7, tmp_path / name, batches=2, batch_share=0.2)
    assert files_of(tmp_path / "a") == files_of(tmp_path / "b")


def test_a_complete_dataset_is_left_unchanged(tmp_path: Path) -> None:
    first = generate(120, 7, tmp_path, batches=2, batch_share=0.2)
    before = files_of(tmp_path)
    again = generate(120, 7, tmp_path, batches=2, batch_share=0.2)
    assert (first.reused, again.reused) == (False, True)
    assert files_of(tmp_path) == before


def test_a_missing_file_of_a_delivery_is_regenerated(tmp_path: Path) -> None:
    generate(120, 7, tmp_path, batches=2, batch_share=0.2)
    before = files_of(tmp_path)
    next((tmp_path / "json" / "delivery=01" / "deleted").iterdir()).unlink()
    assert not generate(120, 7, tmp_path, batches=2, batch_share=0.2).reused
    assert files_of(tmp_path) == before


@pytest.mark.parametrize("other", [{"batches": 0}, {"batches": 1}, {"batch_share": 0.3}])
def test_a_dataset_with_other_deliveries_is_not_overwritten_by_default(
    tmp_path: Path, other: dict[str, int]
) -> None:
    asked = {"batches": 2, "batch_share": 0.2}
    generate(60, 7, tmp_path / "set", **asked)  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="other parameters"):
        generate(60, 7, tmp_path / "set", **(asked | other))  # type: ignore[arg-type]
    generate(60, 7, tmp_path / "set", **(asked | other), overwrite=True)  # type: ignore[arg-type]
    generate(60, 7, tmp_path / "fresh", **(asked | other))  # type: ignore[arg-type]
    assert files_of(tmp_path / "set") == files_of(tmp_path / "fresh")
    left = sorted(path.name for path in (tmp_path / "set" / "json").iterdir())
    assert left == sorted(path.name for path in (tmp_path / "fresh" / "json").iterdir())


def test_deliveries_replace_a_dataset_in_one_delivery(tmp_path: Path) -> None:
    generate(60, 7, tmp_path / "set")
    generate(60, 7, tmp_path / "set", batches=1, overwrite=True)
    generate(60, 7, tmp_path / "fresh", batches=1)
    assert files_of(tmp_path / "set") == files_of(tmp_path / "fresh")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"batches": -1}, "0 to 99"),
        ({"batches": 100}, "0 to 99"),
        ({"batch_share": 0.0}, "above 0 and up to 1"),
        ({"batch_share": 1.5}, "above 0 and up to 1"),
    ],
)
def test_parameters_out_of_range_are_refused(tmp_path: Path, changed: dict[str, float], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        generate(10, 7, tmp_path / "set", **({"batches": 2} | changed))  # type: ignore[arg-type]
    assert not (tmp_path / "set").exists()


@pytest.mark.parametrize(("patients", "batches", "share"), [(1, 1, 1.0), (3, 99, 1.0), (5, 2, 0.0001)])
def test_the_smallest_and_the_largest_number_of_deliveries_are_written(
    tmp_path: Path, patients: int, batches: int, share: float
) -> None:
    summary = generate(patients, 7, tmp_path, batches=batches, batch_share=share)
    deliveries = orjson.loads((tmp_path / "truth.json").read_bytes())["deliveries"]
    assert len(deliveries) == batches + 1
    assert summary.counts["Patient"] == patients


def test_the_command_writes_deliveries(tmp_path: Path) -> None:
    arguments = ["generate", "--patients", "30", "--batches", "2", "--out", str(tmp_path)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    assert [path.name for path in sorted((tmp_path / "json").iterdir())] == [
        f"delivery=0{n}" for n in range(3)
    ]
