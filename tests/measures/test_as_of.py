"""Any as_of: what is decided at an earlier one is what would be, had nothing later been heard of."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyspark.sql import Row
from tests.support.builders import (
    RECEIVED_AT,
    RUN,
    Lake,
    Resource,
    Silver,
    by_id,
    decide,
    records,
    seen_at,
    silver_of,
)
from tests.support.tables import Rows

from metriccare import measures
from metriccare.definitions.measures import DECISIONS
from metriccare.engine import Reference
from metriccare.generate import generate

CUT = date(2025, 3, 5)
MORE_CUTS = tuple(
    date(2025, month, day) for month, day in ((1, 31), (2, 28), (3, 4), (3, 16), (3, 31), (4, 4))
)
LATER = "admitted_after_as_of"
CLOSED = {"finished", "unknown"}
DAY = 10
Decisions = dict[tuple[str, str], dict[str, Any]]


def day_of(text: str | None) -> date | None:
    """The date as written, of a value that is precise to the day."""
    return date.fromisoformat(text[:DAY]) if text and len(text) >= DAY else None


def is_later(text: str | None, as_of: date) -> bool:
    day = day_of(text)
    return day is not None and day > as_of


def heard_by(resource: Resource, as_of: date) -> Resource | None:
    """Return the resource without the facts dated after as_of; None where it is such a fact itself."""
    kind = resource["resourceType"]
    if kind == "Patient" and is_later(resource.get("deceasedDateTime"), as_of):
        return {key: value for key, value in resource.items() if key != "deceasedDateTime"}
    if kind == "Encounter":
        return _encounter_heard_by(resource, as_of)
    if kind == "Condition":
        onset = resource.get("onsetDateTime") or resource.get("onsetPeriod", {}).get("start")
        days = [day for day in map(day_of, (onset, resource.get("recordedDate"))) if day]
        return None if days and min(days) > as_of else resource
    return resource


def _encounter_heard_by(encounter: Resource, as_of: date) -> Resource | None:
    period = encounter.get("period", {})
    if is_later(period.get("start"), as_of):
        return None
    if not is_later(period.get("end"), as_of):
        return encounter
    kept = {key: value for key, value in encounter.items() if key != "hospitalization"}
    source = {k: v for k, v in encounter.get("hospitalization", {}).items() if k != "dischargeDisposition"}
    status = "in-progress" if encounter.get("status") in CLOSED else encounter.get("status")
    begun = {
        "period": {k: v for k, v in period.items() if k != "end"},
        "hospitalization": source,
        "status": status,
    }
    return {**kept, **begun}


def told_once(resources: list[Resource]) -> list[Resource]:
    """Leave out the resources that come in several versions: as_of is no matter of when something was heard."""
    times = Counter((one["resourceType"], one["id"]) for one in resources)
    return [one for one in resources if times[one["resourceType"], one["id"]] == 1]


def nested(resources: list[Resource]) -> set[str]:
    """The patients with stays that overlap at one hospital: which encounters are one stay does not depend on as_of.

    The stays of merged patients are those of one.
    """
    replaced_by = {
        f"Patient/{one['id']}": link["other"]["reference"]
        for one in resources
        for link in one.get("link", ())
        if link["type"] == "replaced-by"
    }
    places: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
    for one in resources:
        if one["resourceType"] == "Encounter" and one.get("period", {}).get("start"):
            patient = one.get("subject", {}).get("reference", "")
            place = (replaced_by.get(patient, patient), one.get("serviceProvider", {}).get("reference"))
            period = (one["period"]["start"], one["period"].get("end", "9999"), patient)
            places.setdefault(place, []).append(period)
    return {
        patient.removeprefix("Patient/")
        for periods in places.values()
        for (_, end, first), (start, _, second) in zip(sorted(periods), sorted(periods)[1:], strict=False)
        if start[:DAY] <= end[:DAY]
        for patient in (first, second)
        if patient
    }


def by_stay(decisions: Iterable[Row]) -> Decisions:
    """Return what was decided, without the hashes of the bodies that a removed fact has changed."""
    return {(row.stay_id, row.profile): dict(_facts(row)) for row in decisions}


def _facts(row: Row) -> Iterator[tuple[str, Any]]:
    for name in ("admission_date", "discharge_date", "hospital_id", "age"):
        yield name, row[name]
    for name in DECISIONS:
        found = row[name].asDict(recursive=True)
        found["evidence"] = sorted((one["role"], one["type"], one["id"]) for one in found["evidence"])
        yield name, found


def decided(told: Silver, as_of: date = date.max) -> list[Row]:
    return Rows(decide(told, as_of)["stay_measure"]).collect()


def unheard(resources: list[Resource], cuts: Iterable[date]) -> list[Row]:
    """Decide as if nothing after each of the cuts had been heard of; each cut is a source of one lake."""
    deliveries = [
        records(*filter(None, (heard_by(one, cut) for one in resources)), source=str(cut)) for cut in cuts
    ]
    return decided(silver_of(pa.concat_tables(deliveries)))


def different(found: Decisions, expected: Decisions) -> dict[tuple[str, str], tuple[Any, Any]]:
    """Return what differs, but for the stays that begin later: the one side has no row for them."""
    begun = {key: value for key, value in found.items() if value["infection"]["exclusion"] != LATER}
    keys = begun.keys() | expected.keys()
    pairs = {key: (begun.get(key), expected.get(key)) for key in keys}
    return {key: _only_differences(*pair) for key, pair in pairs.items() if pair[0] != pair[1]}


def _only_differences(found: Any, expected: Any) -> tuple[Any, Any]:
    if found is None or expected is None:
        return found and "a stay", expected and "a stay"
    names = [name for name in found if found[name] != expected[name]]
    return {name: found[name] for name in names}, {name: expected[name] for name in names}


def compare(told: Silver, resources: list[Resource], cuts: tuple[date, ...]) -> None:
    expected = unheard(resources, cuts)
    for cut in cuts:
        unheard_of = by_stay(row for row in expected if row.source == str(cut))
        assert different(by_stay(decided(told, cut)), unheard_of) == {}, cut


@pytest.fixture(scope="module")
def stories(lake: Lake) -> list[Resource]:
    once = told_once(lake.resources)
    if not once:
        pytest.skip("the stories are told by the other modules of tests/measures: run them together")
    odd = nested(once)
    return [one for one in once if not odd & {one["id"], *_patients_of(one)}]


def _patients_of(resource: Resource) -> list[str]:
    return [resource.get("subject", {}).get("reference", "").removeprefix("Patient/")]


@pytest.fixture(scope="module")
def told(stories: list[Resource]) -> Silver:
    return silver_of(records(*stories))


@pytest.fixture(scope="module")
def seen(told: Silver) -> dict[str, Rows]:
    return seen_at(told, CUT)


def test_an_earlier_as_of_sees_what_was_heard_by_then(told: Silver, stories: list[Resource]) -> None:
    compare(told, stories, (CUT,))


@pytest.mark.long
def test_so_does_any_other(told: Silver, stories: list[Resource]) -> None:
    compare(told, stories, MORE_CUTS)


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_so_do_generated_patients(seed: int, tmp_path: Path) -> None:
    generate(patients=500, seed=seed, out=tmp_path)
    lines = [line for file in sorted(tmp_path.rglob("*.ndjson")) for line in file.read_text().splitlines()]
    once = told_once([json.loads(line) for line in lines])
    odd = nested(once)
    resources = [one for one in once if not odd & {one["id"], *_patients_of(one)}]
    told = silver_of(records(*resources, received_at=RECEIVED_AT))
    compare(told, resources, tuple(date(2024, 1 + 3 * seed, day) for day in (5, 20)))


def test_a_stay_that_begins_later_is_out_of_everything(seen: dict[str, Rows]) -> None:
    later = {"later_stay": seen["later_stay"].table}
    made = measures.DECISIONS.run(later, Reference({"run_id": RUN, "as_of": CUT}))
    rows = Rows(made["stay_measure"]).collect()
    assert rows
    # A cycle of partOf that only later encounters close makes no stay before.
    assert all(row.admission_date > CUT for row in rows if not row.stay_id.startswith("segment-cycle"))
    assert {row[name].exclusion for row in rows for name in DECISIONS} == {LATER}
    assert not any(
        row[name].denominator or row[name].initial_population for row in rows for name in DECISIONS
    )


def test_every_stay_is_seen_or_later(told: Silver, seen: dict[str, Rows]) -> None:
    ids = sorted(row.id for part in ("stay", "later_stay") for row in seen[part].collect())
    assert ids == sorted(row.id for row in told.stay.collect())


def test_without_later_facts_the_stays_are_those_of_silver(told: Silver) -> None:
    seen = seen_at(told, date(2999, 1, 1))
    assert by_id(seen["stay"]) == by_id(told.stay)
    assert seen["later_stay"].count() == 0
