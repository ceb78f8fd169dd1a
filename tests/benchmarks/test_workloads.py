from pathlib import Path

from benchmarks.pipeline.workloads import FIRST, NEXT, UNIT, WORKLOADS, job, places, selected

from metriccare.generate import generate

TINY = {"S": 5, "M": 200, "run": 3}


def test_d_is_measured_with_every_selection() -> None:
    assert [one.name for one in selected([])] == list(WORKLOADS)
    assert selected(["delivery-S", "full-S"]) == [UNIT, WORKLOADS["full-S"], WORKLOADS["delivery-S"]]
    assert selected(["full-M"]) == [WORKLOADS["full-M"]]


def test_only_the_sizes_that_are_needed_have_a_place(tmp_path: Path) -> None:
    assert list(places(tmp_path, TINY, selected(["run"]))) == ["M"]
    found = places(tmp_path, TINY, selected(["delivery-3M"]))
    assert {name: place.patients for name, place in found.items()} == {"M": 200, "3M": 600}


def test_the_same_patients_are_delivered_to_m_and_to_three_times_m(tmp_path: Path) -> None:
    known = places(tmp_path, TINY, selected(["delivery-M", "delivery-3M"]))
    for place in known.values():
        place.generate(seed=7)
        place.offer("delivery")

    assert lines(known["M"].raw / NEXT)
    assert lines(known["M"].raw / NEXT) == lines(known["3M"].raw / NEXT)
    assert lines(known["M"].raw / FIRST) < lines(known["3M"].raw / FIRST)


def test_a_lake_that_is_offered_the_same_delivery_again_finds_the_same_files(tmp_path: Path) -> None:
    place = places(tmp_path, TINY, selected(["full-M"]))["M"]
    generate(5, 7, place.generated.parent, batches=1)

    def offered(kind: str) -> set[tuple[Path, int, int]]:
        place.offer(kind)
        files = [(path, path.stat()) for path in place.raw.rglob("*.ndjson")]
        return {(path, stat.st_size, stat.st_mtime_ns) for path, stat in files}

    first, both = offered("full"), offered("delivery")
    assert first < both
    assert offered("nothing") == first


def test_a_delivery_starts_from_a_copy_of_the_first_full_build(tmp_path: Path) -> None:
    place = places(tmp_path, TINY, selected(["delivery-M"]))["M"]
    base = place.base("duckdb")
    base.mkdir(parents=True)
    (base / "stay.parquet").touch()

    second = job(WORKLOADS["delivery-M"], place, "duckdb").of_turn(2)
    assert second.prepare
    second.prepare(2)

    assert second.folder == place.lake("duckdb", "delivery", 2)
    assert (second.folder / "stay.parquet").exists()


def lines(folder: Path) -> set[str]:
    return {line for path in folder.rglob("*.ndjson") for line in path.read_text().splitlines()}
