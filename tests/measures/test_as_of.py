"""Any as_of: what is decided at an earlier one is what would be, had nothing later been heard of."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession
from tests.support.builders import RECEIVED_AT, RUN, Lake, Resource, Silver, records, silver_of

from metriccare import measures
from metriccare import silver as layer
from metriccare.generate import generate
from metriccare.measures.stay_measure import DECISIONS

CUT = date(2025, 3, 5)
MORE_CUTS = tuple(
    date(2025, month, day) for month, day in ((1, 31), (2, 28), (3, 4), (3, 16), (3, 31), (4, 4))
)
NAMES = [decide.__name__ for decide in DECISIONS]
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
    """The patients with stays that overlap at one hospital: which encounters are one stay does not depend on as_of."""
    places: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for one in resources:
        if one["resourceType"] == "Encounter" and one.get("period", {}).get("start"):
            place = (one.get("subject", {}).get("reference"), one.get("serviceProvider", {}).get("reference"))
            places.setdefault(place, []).append((one["period"]["start"], one["period"].get("end", "9999")))
    return {
        patient.removeprefix("Patient/")
        for (patient, _), periods in places.items()
        for (_, end), (start, _) in zip(sorted(periods), sorted(periods)[1:], strict=False)
        if patient and start[:DAY] <= end[:DAY]
    }


def decided(stays: DataFrame, conditions: DataFrame, **cut: Any) -> DataFrame:
    events = measures.infection_events(stays, conditions, measures.PROFILES, RUN).localCheckpoint()
    return measures.stay_measures(stays, events, measures.PROFILES, RUN, **cut)


def by_stay(decisions: DataFrame) -> Decisions:
    """Return what was decided, without the hashes of the bodies that a removed fact has changed."""
    return {(row.stay_id, row.profile): dict(_facts(row)) for row in decisions.collect()}


def _facts(row: Any) -> Iterator[tuple[str, Any]]:
    for name in ("admission_date", "discharge_date", "hospital_id", "age"):
        yield name, row[name]
    for name in NAMES:
        found = row[name].asDict(recursive=True)
        found["evidence"] = sorted((one["role"], one["type"], one["id"]) for one in found["evidence"])
        yield name, found


def seen_at(told: Silver, as_of: date) -> layer.Seen:
    seen = layer.stays_at(as_of, told.stay, told.encounter, told.patient, told.condition)
    return layer.Seen(seen.stays.localCheckpoint(), seen.later.localCheckpoint(), seen.conditions)


def decided_at(seen: layer.Seen, as_of: date) -> Decisions:
    return by_stay(decided(seen.stays, seen.conditions, later=seen.later))


def unheard(spark: SparkSession, resources: list[Resource], cuts: tuple[date, ...]) -> DataFrame:
    """Decide as if nothing after each of the cuts had been heard of; each cut is a source of one lake."""
    deliveries = [
        records(spark, *filter(None, (heard_by(one, cut) for one in resources)), source=str(cut))
        for cut in cuts
    ]
    told = silver_of(reduce(DataFrame.unionByName, deliveries))
    conditions = layer.with_survivor(told.condition, layer.survivors(told.patient))
    return decided(told.stay, conditions).localCheckpoint()


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


def compare(spark: SparkSession, resources: list[Resource], seen: dict[date, layer.Seen]) -> None:
    expected = unheard(spark, resources, tuple(seen))
    for cut, one in seen.items():
        unheard_of = by_stay(expected.filter(expected.source == str(cut)))
        assert different(decided_at(one, cut), unheard_of) == {}, cut


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
def told(spark: SparkSession, stories: list[Resource]) -> Silver:
    return silver_of(records(spark, *stories))


@pytest.fixture(scope="module")
def seen(told: Silver) -> layer.Seen:
    return seen_at(told, CUT)


def test_an_earlier_as_of_sees_what_was_heard_by_then(
    spark: SparkSession, seen: layer.Seen, stories: list[Resource]
) -> None:
    compare(spark, stories, {CUT: seen})


@pytest.mark.long
def test_so_does_any_other(spark: SparkSession, told: Silver, stories: list[Resource]) -> None:
    compare(spark, stories, {cut: seen_at(told, cut) for cut in MORE_CUTS})


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_so_do_generated_patients(seed: int, spark: SparkSession, tmp_path: Path) -> None:
    generate(patients=500, seed=seed, out=tmp_path)
    lines = [line for file in sorted(tmp_path.rglob("*.ndjson")) for line in file.read_text().splitlines()]
    once = told_once([json.loads(line) for line in lines])
    odd = nested(once)
    resources = [one for one in once if not odd & {one["id"], *_patients_of(one)}]
    told = silver_of(records(spark, *resources, received_at=RECEIVED_AT))
    cuts = (date(2024, 1 + 3 * seed, day) for day in (5, 20))
    compare(spark, resources, {cut: seen_at(told, cut) for cut in cuts})


def test_a_stay_that_begins_later_is_out_of_everything(seen: layer.Seen) -> None:
    nothing = measures.infection_events(seen.stays.limit(0), seen.conditions.limit(0), measures.PROFILES, RUN)
    rows = measures.stay_measures(
        seen.stays.limit(0), nothing, measures.PROFILES, RUN, later=seen.later
    ).collect()
    assert rows
    # A cycle of partOf that only later encounters close makes no stay before.
    assert all(row.admission_date > CUT for row in rows if not row.stay_id.startswith("segment-cycle"))
    assert {row[name].exclusion for row in rows for name in NAMES} == {LATER}
    assert not any(row[name].denominator or row[name].initial_population for row in rows for name in NAMES)


def test_every_stay_is_seen_or_later(told: Silver, seen: layer.Seen) -> None:
    ids = sorted(row.id for part in (seen.stays, seen.later) for row in part.select("id").collect())
    assert ids == sorted(row.id for row in told.stay.select("id").collect())


def test_without_later_facts_the_stays_are_those_of_silver(told: Silver) -> None:
    seen = layer.stays_at(date(2999, 1, 1), told.stay, told.encounter, told.patient, told.condition)
    assert seen.stays is told.stay
    assert seen.later.count() == 0
