import json
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest
from benchmarks.pipeline.compare import compare
from benchmarks.pipeline.duckdb_pipeline import results, update
from benchmarks.pipeline.duckdb_steps import MADE, RESOURCES, Options
from benchmarks.pipeline.tables import table_path
from tests.benchmarks.fhir_files import NEWER, Resource, deletion, deliver, patient, stay, text, write

from metriccare.generate import generate

ONE_THREAD = Options(threads=1)
OLDER = "2020-01-01T00:00:00Z"


@pytest.mark.parametrize("seed", [7, 11])
def test_the_numbers_are_those_that_the_generator_planted(tmp_path: Path, seed: int) -> None:
    truth = json.loads(generate(500, seed, tmp_path / "raw").truth.read_text())

    update([tmp_path / "raw" / "json"], tmp_path / "lake", ONE_THREAD)

    planted = [row | {"profile": truth["profile"], "as_of": truth["as_of"]} for row in truth["results"]]
    assert compare(results(tmp_path / "lake"), planted) == []


@pytest.mark.parametrize(
    "step", [pytest.param(1, marks=pytest.mark.long), -1], ids=["as they come", "the last one first"]
)
def test_late_corrected_deleted_and_corrupt_records_change_no_number(tmp_path: Path, step: int) -> None:
    summary = generate(300, 7, tmp_path / "raw", batches=3, batch_share=0.05)
    truth = json.loads(summary.truth.read_text())

    for folder in sorted((tmp_path / "raw" / "json").glob("delivery=*"))[::step]:
        work([folder], tmp_path / "lake")

    planted = [row | {"profile": truth["profile"], "as_of": truth["as_of"]} for row in truth["results"]]
    assert compare(results(tmp_path / "lake"), planted) == []


def test_two_deliveries_end_in_the_same_tables_as_one(tmp_path: Path) -> None:
    generate(40, 7, tmp_path / "raw", part_size=40)
    parts = sorted((tmp_path / "raw" / "json").rglob("*.ndjson"))
    for path in parts:  # the stays come before their patients, and half of the conditions after
        half = "second" if path.parent.name == "patients" or path.name.endswith("0.ndjson") else "first"
        write(tmp_path / half / f"{path.parent.name}-{path.name}", path.read_text().splitlines())

    whole, halves = tmp_path / "whole", tmp_path / "halves"
    assert work([tmp_path / "first", tmp_path / "second"], whole) == "full"
    assert work([tmp_path / "first"], halves) == "full"
    assert work([tmp_path / "second"], halves) == "delivery"

    for name in (*RESOURCES, *MADE):
        assert rows(whole, name), name
        assert rows(whole, name) == rows(halves, name), name


def test_nothing_new_is_noticed_and_nothing_written(tmp_path: Path) -> None:
    deliver(tmp_path / "raw", [patient(), stay()])
    work([tmp_path / "raw"], tmp_path / "lake")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "lake").iterdir()}

    assert work([tmp_path / "raw"], tmp_path / "lake") == "nothing"
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "lake").iterdir()} == before


# What arrives about a stay after it has, and the lengths of the stay that is left.
CORRECTIONS: list[tuple[list[str], list[int]]] = [
    ([], [4]),
    (["stay until 8"], [7]),
    (["older stay until 8"], [4]),
    (["stay until 8", "older stay until 8", "stay until 8"], [7]),
    (["deletion"], []),
    (["deletion", "older stay until 8"], []),
    (["entered in error"], []),
    (["entered in error", "stay of last year"], []),
    (["garbage"], [4]),
]


def arrivals(case: int) -> dict[str, Resource | str]:
    """Return what can arrive of one case, by its name."""
    stay_id, patient_id = f"e{case}", f"p{case}"
    changed = partial(stay, stay_id, patient_id)
    return {
        "patient": patient(patient_id),
        "another stay": stay(f"other{case}", patient_id, start="2025-06-01", end="2025-06-02"),
        "stay": stay(stay_id, patient_id),
        "stay until 8": changed("2025-03-08", updated=NEWER),
        "older stay until 8": changed("2025-03-08", updated=OLDER),
        "stay of last year": changed("2025-03-08", updated="2025-12-31T23:59:59Z"),
        "entered in error": changed(status="entered-in-error", updated=NEWER),
        "deletion": deletion(f"Encounter/{stay_id}"),
        "garbage": f'{{"resourceType": "Encounter", "id": "{stay_id}", "status"',
    }


@pytest.fixture(scope="module", params=[1, -1], ids=["as they come", "the last one first"])
def corrected(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a lake to which all corrections were delivered, the first of each case together, and so on."""
    folder = tmp_path_factory.mktemp("corrected")
    cases = [[("patient", "another stay"), ("stay",), *((kind,) for kind in then)] for then, _ in CORRECTIONS]
    for place in range(max(map(len, cases)))[:: request.param]:
        kinds = [case[place] if place < len(case) else () for case in cases]
        deliver(
            folder / f"raw-{place}", [arrivals(case)[kind] for case, of in enumerate(kinds) for kind in of]
        )
        work([folder / f"raw-{place}"], folder / "lake")
    return folder / "lake"


@pytest.mark.parametrize("case", range(len(CORRECTIONS)), ids=lambda case: ", ".join(CORRECTIONS[case][0]))
def test_corrections_and_deletions_in_any_order_of_arrival(corrected: Path, case: int) -> None:
    assert lengths(corrected, f"p{case}") == sorted([1, *CORRECTIONS[case][1]])


def test_a_stay_of_a_replaced_patient_is_the_survivors_and_a_cycle_is_left_alone(tmp_path: Path) -> None:
    chain = [patient("a", replaced_by="b"), patient("b", replaced_by="p"), patient()]
    cycle = [patient("x", replaced_by="y"), patient("y", replaced_by="x")]
    deliver(tmp_path / "raw", [*chain, *cycle, stay("e", "a"), stay("f", "x")])

    work([tmp_path / "raw"], tmp_path / "lake")

    assert [(row["id"], row["patient_id"]) for row in rows(tmp_path / "lake", "stay")] == [
        ("e", "p"),
        ("f", "x"),
    ]


def test_every_line_is_kept_where_that_is_wanted(tmp_path: Path) -> None:
    deliver(tmp_path / "raw", [patient(), stay(), "garbage"])

    update([tmp_path / "raw"], tmp_path / "lake", ONE_THREAD._replace(keeps_raw=True))

    kept = duckdb.read_parquet(f"{tmp_path}/lake/record/*.parquet").select("body").fetchall()
    assert sorted(body for (body,) in kept) == sorted([text(patient()), text(stay()), "garbage"])


def test_a_folder_without_files_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=f"no files in {tmp_path}"):
        update([tmp_path], tmp_path / "lake", ONE_THREAD)


def work(folders: list[Path], lake: Path) -> str:
    return str(update(folders, lake, ONE_THREAD)["workload"])


def lengths(lake: Path, patient_id: str) -> list[int]:
    """Return the billing days of a patient's stays."""
    stays = (row for row in rows(lake, "stay_measure") if row["is_initial"])
    return sorted(row["billing_days"] for row in stays if row["patient_id"] == patient_id)


def rows(lake: Path, name: str) -> list[dict[str, Any]]:
    """The rows of a table in a fixed order, without the time at which they were received."""
    found = duckdb.read_parquet(str(table_path(lake, name))).order("ALL")
    kept = [column for column in found.columns if column != "received_at"]
    return [
        {key: value for key, value in zip(found.columns, row, strict=True) if key in kept}
        for row in found.fetchall()
    ]
