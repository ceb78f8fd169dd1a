from datetime import date
from pathlib import Path

import orjson
import pytest
from tests.generate.delivery_reader import files_of

from metriccare.errors import ParameterError
from metriccare.generate import generate
from metriccare.generate.files import DatasetFolder


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        generate(120, 7, tmp_path / name)
    assert files_of(tmp_path / "a") == files_of(tmp_path / "b")


def test_another_seed_gives_another_dataset(tmp_path: Path) -> None:
    for seed in (7, 8):
        generate(20, seed, tmp_path / str(seed))
    first, second = files_of(tmp_path / "7"), files_of(tmp_path / "8")
    assert first.keys() == second.keys()
    assert all(first[name] != second[name] for name in first)


def test_a_patient_does_not_depend_on_the_number_of_patients(tmp_path: Path) -> None:
    for patients in (10, 30):
        generate(patients, 7, tmp_path / str(patients))
    part = "json/patients/part-00000.ndjson"
    assert (tmp_path / "30" / part).read_bytes().startswith((tmp_path / "10" / part).read_bytes())


def test_parts_have_the_requested_size(tmp_path: Path) -> None:
    generate(25, 7, tmp_path, part_size=10)
    parts = sorted((tmp_path / "json" / "patients").iterdir())
    assert [part.name for part in parts] == [f"part-{number:05}.ndjson" for number in range(3)]
    assert [len(part.read_bytes().splitlines()) for part in parts] == [10, 10, 5]


def test_the_summary_counts_what_was_written(tmp_path: Path) -> None:
    summary = generate(30, 7, tmp_path)
    lines = {
        folder: sum(len(part.read_bytes().splitlines()) for part in (tmp_path / "json" / folder).iterdir())
        for folder in ("patients", "encounters", "conditions")
    }
    assert list(summary.counts.values()) == list(lines.values())
    assert summary.counts["Patient"] == 30
    assert (summary.as_of, summary.reused) == (date(2025, 12, 31), False)


def test_progress_ends_with_all_patients(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    generate(250, 7, tmp_path, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(100, 250), (200, 250), (250, 250)]


def test_the_window_is_a_parameter(tmp_path: Path) -> None:
    summary = generate(40, 7, tmp_path, start=date(2020, 1, 1), end=date(2022, 6, 30))
    truth = orjson.loads(summary.truth.read_bytes())
    assert truth["as_of"] == "2022-06-30"
    assert max(stay["discharge_date"] or "" for stay in truth["stays"]) == "2022-06-30"
    assert min(stay["admission_date"] for stay in truth["stays"]) >= "2020-01-01"


def test_a_complete_dataset_is_left_unchanged(tmp_path: Path) -> None:
    first = generate(20, 7, tmp_path)
    stamps = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    again = generate(20, 7, tmp_path)
    assert again.reused
    assert (again.counts, again.stays, again.as_of) == (first.counts, first.stays, first.as_of)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == stamps


def test_a_dataset_with_other_parameters_is_not_overwritten_by_default(tmp_path: Path) -> None:
    generate(20, 7, tmp_path, part_size=5)
    before = files_of(tmp_path)
    with pytest.raises(ParameterError, match="other parameters"):
        generate(10, 7, tmp_path)
    assert files_of(tmp_path) == before


def test_overwrite_leaves_nothing_of_the_old_dataset(tmp_path: Path) -> None:
    generate(20, 7, tmp_path / "reused", part_size=5)
    generate(10, 7, tmp_path / "reused", overwrite=True)
    generate(10, 7, tmp_path / "fresh")
    assert files_of(tmp_path / "reused") == files_of(tmp_path / "fresh")


def test_a_killed_run_leaves_no_part_behind_and_the_next_run_completes(tmp_path: Path) -> None:
    def kill(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate(120, 7, tmp_path / "killed", progress=kill)
    assert not (tmp_path / "killed" / "json").exists()
    assert not (tmp_path / "killed" / "truth.json").exists()
    assert not generate(120, 7, tmp_path / "killed").reused
    generate(120, 7, tmp_path / "fresh")
    assert files_of(tmp_path / "killed") == files_of(tmp_path / "fresh")


def test_a_run_killed_while_publishing_is_repeated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = Path.rename

    def rename_but_the_truth(path: Path, target: Path) -> Path:
        if path.name == "truth.json":
            raise KeyboardInterrupt
        return rename(path, target)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Path, "rename", rename_but_the_truth)
        generate(20, 7, tmp_path)
    assert not (tmp_path / "truth.json").exists()
    assert not generate(20, 7, tmp_path).reused
    assert not DatasetFolder(tmp_path).staging.exists()


def test_a_missing_part_is_regenerated(tmp_path: Path) -> None:
    generate(20, 7, tmp_path)
    (tmp_path / "json" / "patients" / "part-00000.ndjson").unlink()
    assert not generate(20, 7, tmp_path).reused
    assert (tmp_path / "json" / "patients" / "part-00000.ndjson").exists()


def test_files_of_others_are_not_touched(tmp_path: Path) -> None:
    foreign = tmp_path / "json" / "patients" / "part-00000.ndjson"
    foreign.parent.mkdir(parents=True)
    foreign.write_text("{}\n")
    with pytest.raises(ParameterError, match=r"contains NDJSON files without a truth\.json"):
        generate(20, 7, tmp_path)
    assert foreign.read_text() == "{}\n"


def test_a_truth_of_others_is_rejected(tmp_path: Path) -> None:
    (tmp_path / "truth.json").write_text("nothing of ours")
    with pytest.raises(ParameterError, match="not written by this generator"):
        generate(20, 7, tmp_path)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"patients": 0}, "patients is 0, but must be at least 1"),
        ({"seed": -1}, "seed is -1, but must be 0 or more"),
        ({"part_size": 0}, "at least 1 line"),
        ({"seed": 10**18}, "18 digits"),
        ({"start": date(2025, 1, 1)}, "too short"),
        ({"start": date(2026, 1, 1)}, "out of range"),
        ({"start": date(1999, 1, 1)}, "out of range"),
    ],
)
def test_parameters_out_of_range_are_refused(
    tmp_path: Path, changed: dict[str, object], message: str
) -> None:
    arguments = {"patients": 10, "seed": 7, "out": tmp_path / "set"} | changed
    with pytest.raises(ParameterError, match=message):
        generate(**arguments)  # type: ignore[arg-type]
    assert not (tmp_path / "set").exists()


def test_a_folder_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ParameterError, match="Cannot write to"):
        generate(10, 7, tmp_path / "file")
