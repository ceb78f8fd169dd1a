"""What each event sends and when, for one patient at a time."""

from datetime import datetime

import pytest

from metriccare.generate.dates import Window
from metriccare.generate.deliveries.case import Case
from metriccare.generate.deliveries.events import EVENTS, event_of
from metriccare.generate.deliveries.item import Item
from metriccare.generate.deliveries.nightly_feed import NightlyFeed, by_delivery
from metriccare.generate.deliveries.version import deletion, newer, older, stamp_after
from metriccare.generate.parameters import DEFAULT_END, DEFAULT_START
from metriccare.generate.planner import World, plan_patient
from metriccare.generate.render import render
from metriccare.generate.render.common import Resource
from metriccare.generate.rng import Rng

WINDOW = Window.of(DEFAULT_START, DEFAULT_END)
LATER = 3
NUMBERS = range(1, 9)


@pytest.fixture(scope="module")
def world() -> World:
    return World.of(7, WINDOW)


def resources_of(world: World, rng: Rng, number: int) -> tuple[Resource, ...]:
    patient, encounters, conditions = render(world, rng, plan_patient(world, rng, number))
    return patient, *encounters, *conditions


def case_of(world: World, number: int, delivery: int = LATER, batches: int = LATER) -> Case:
    rng = Rng(world.seed)
    plan = plan_patient(world, rng, number)
    patient, encounters, conditions = render(world, rng, plan)
    items = [Item(resource) for resource in (patient, *encounters, *conditions)]
    return Case(rng, plan, NightlyFeed.of(WINDOW, batches, 0.01), delivery, 0, items)


def after(name: str, case: Case) -> list[Item]:
    EVENTS[name](case)
    return case.items


def of_kind(items: list[Item], *kinds: str) -> list[Item]:
    return [item for item in items if item.kind in kinds]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize(
    ("name", "before", "behind"),
    [
        ("encounter corrected", "wrong", "corrected"),
        ("condition of another patient", "wrong", "corrected"),
        ("encounter corrected before", "in_time", "stale"),
        ("encounter deleted", "never_true", "deleted"),
        ("patient deleted", "never_true", "deleted"),
        ("condition in error", "never_true", "entered_in_error"),
        ("patient merged", "duplicate", "merged"),
        ("late patient", "in_time", "late"),
        ("line not JSON", "corrupt", "readable"),
        ("line not UTF-8", "corrupt", "readable"),
    ],
)
def test_one_kind_of_line_arrives_before_the_other(
    world: World, number: int, name: str, before: str, behind: str
) -> None:
    items = after(name, case_of(world, number))
    first, later = of_kind(items, before), of_kind(items, behind)
    assert first and later
    assert max(item.delivery for item in first) < min(item.delivery for item in later)


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize(
    ("name", "before", "behind"),
    [
        ("encounter deleted, then copied", "deleted", "stale"),
        ("encounter deleted before", "deleted", "never_true"),
        ("condition in error before", "entered_in_error", "stale"),
    ],
)
def test_one_kind_of_line_does_not_arrive_after_the_other(
    world: World, number: int, name: str, before: str, behind: str
) -> None:
    items = after(name, case_of(world, number))
    ((first,), later) = of_kind(items, before), of_kind(items, behind)
    assert 1 <= first.delivery <= min(item.delivery for item in later)


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("name", EVENTS)
def test_an_event_needs_no_more_than_one_later_delivery(world: World, number: int, name: str) -> None:
    items = after(name, case_of(world, number, delivery=1, batches=1))
    assert {item.delivery for item in items} == {0, 1}


@pytest.mark.parametrize("name", ["late stay", "patient merged"])
def test_a_stay_is_sent_with_all_its_resources(world: World, name: str) -> None:
    for number in NUMBERS:
        moved = of_kind(after(name, case_of(world, number)), "late", "duplicate")
        ids = {item.resource["id"] for item in moved if item.resource["resourceType"] == "Encounter"}
        others = [item for item in moved if item.resource["resourceType"] == "Condition"]
        assert ids and others
        assert {one.resource["encounter"]["reference"].removeprefix("Encounter/") for one in others} <= ids


def test_another_patient_is_one_of_the_dataset(world: World) -> None:
    for number in (0, 5):
        items = after("encounter of another patient", case_of(world, number))
        (wrong,), (right,) = of_kind(items, "wrong"), of_kind(items, "corrected")
        assert wrong.resource["subject"] == {"reference": f"Patient/7-p{abs(number - 1)}"}
        assert right.resource["subject"] == {"reference": f"Patient/7-p{number}"}


def test_a_patient_whose_death_is_sent_later_is_alive_before(world: World) -> None:
    rng, seen = Rng(7), 0
    feed = NightlyFeed.of(WINDOW, 20, 1.0)
    for number in range(200):
        items = by_delivery(feed, list(resources_of(world, rng, number)))
        patients = [item for item in items if item.resource["resourceType"] == "Patient"]
        if len(patients) > 1:
            final, first = patients
            seen += "deceasedDateTime" in final.resource
            assert first.delivery < final.delivery
            assert not [name for name in first.resource if name.startswith("deceased")]
            assert moment(first.resource) < moment(final.resource)
    assert seen


def moment(resource: Resource) -> datetime:
    return datetime.fromisoformat(resource["meta"]["lastUpdated"])


@pytest.mark.parametrize("sent", ["2020-01-01", "2025-12-31"])
def test_a_deletion_is_newer_than_what_it_deletes_whenever_it_is_sent(world: World, sent: str) -> None:
    (patient, *others) = resources_of(world, Rng(7), 3)
    latest = max(moment(one) for one in (patient, *others))
    assert datetime.fromisoformat(stamp_after([patient, *others], sent)) > latest
    assert moment(deletion([patient, *others], sent)) > latest
    assert moment(newer(patient, sent)) > moment(patient)


@pytest.mark.parametrize("form", range(3))
def test_an_older_version_is_older_by_its_instant_or_by_its_number(world: World, form: int) -> None:
    (patient, *_) = resources_of(world, Rng(7), 3)
    version = older(form, patient)
    assert int(version["meta"]["versionId"]) < int(patient["meta"]["versionId"])
    assert (moment(version) == moment(patient)) == (form == 0)
    assert moment(version) <= moment(patient)


def test_events_are_assigned_in_turn_to_all_later_deliveries() -> None:
    assigned = [one for number in range(2400) if (one := event_of(number, 4, 0.1))]
    assert len(assigned) == 240
    assert {one.name: 0 for one in assigned[: len(EVENTS)]}.keys() == EVENTS.keys()
    assert {(one.name, one.delivery) for one in assigned} == {
        (name, k) for name in EVENTS for k in range(1, 5)
    }
