"""What the configuration of a source changes, and that it changes nothing elsewhere (MEASURES 0.1, 0.2, 2.1)."""

from datetime import date

import pyarrow as pa
import pytest
from pyspark.sql import Row
from tests.support.builders import (
    ACT,
    NUBC,
    SEPSIS,
    Resource,
    Silver,
    concept,
    condition,
    decide,
    diagnosis,
    encounter,
    patient,
    records,
    silver_of,
)

from metriccare.definitions.sources import Source, Sources
from metriccare.definitions.value_sets import Code

LOCAL = "urn:oid:1.2.3"
POINT_OF_ORIGIN = "https://www.nubc.org/CodeSystem/PointOfOrigin"
HOSPITAL_ADMISSION = concept("http://snomed.info/sct", "32485007")
EVENING = "2025-03-01T23:30:00Z"  # 17:30 in Chicago, 18:30 in New York, next day 00:30 in Berlin
NIGHT = "2025-03-06T05:30:00Z"  # 23:30 the day before in Chicago, 00:30 in New York
DATED = {"start": EVENING, "end": NIGHT}


def code(system: str, code: str, category: str) -> Code:
    return Code(system, code, "", category, "", "test", "1")


SOURCES = Sources(
    {
        "epic": Source(
            timezone="America/Chicago",
            has_dispositions=True,
            inpatient_by_type=True,
            class_map=(
                code(LOCAL, "101", "acute_inpatient"),
                code(ACT, "OBSENC", "nonacute_inpatient"),
                code("", "IP", "acute_inpatient"),
            ),
            disposition_map=(code(NUBC, "5", "acute_transfer"), code(LOCAL, "dead", "expired")),
            cancer_hospitals=("onc",),
            hospital_timezones={"north": "America/New_York"},
            hospital_aliases={"old": "north"},
        )
    },
    timezone="Europe/Berlin",
)


def local(code: str, system: str | None = LOCAL) -> Resource:
    return {"system": system, "code": code} if system else {"code": code}


def resources() -> list[Resource]:
    """Return one patient's encounters, each at a hospital of its own so that none is merged."""
    told = {
        "local": encounter("local", hospital="h1", **DATED) | {"class": local("101")},
        "bare": encounter("bare", hospital="h2", **DATED) | {"class": local("IP", None)},
        "overridden": encounter("overridden", hospital="h3", kind="OBSENC", **DATED),
        "typed": encounter("typed", hospital="h4", kind="EMER", type=[HOSPITAL_ADMISSION], **DATED),
        "north": encounter("north", hospital="old", disposition=concept(NUBC, "05"), **DATED),
        "oncology": encounter("oncology", hospital="onc", disposition=concept(LOCAL, "dead"), **DATED),
        "hospice": encounter(
            "hospice",
            hospital="h5",
            hospitalization={"admitSource": concept(POINT_OF_ORIGIN, "F")},
            diagnosis=[diagnosis("c")],
            **DATED,
        ),
    }
    return [patient(died=NIGHT), *told.values(), condition("c", SEPSIS, onset=NIGHT, recorded=NIGHT)]


@pytest.fixture(scope="module")
def tables() -> Silver:
    """Return silver of the same resources twice: from a configured source and from another one."""
    received = [records(*resources(), source=source) for source in ("epic", "other")]
    return silver_of(pa.concat_tables(received), SOURCES)


@pytest.fixture(scope="module")
def encounters(tables: Silver) -> dict[tuple[str, str], Row]:
    return {(row.source, row.id): row for row in tables.encounter.collect()}


@pytest.fixture(scope="module")
def stays(tables: Silver) -> dict[tuple[str, str], Row]:
    return {(row.source, row.id): row for row in tables.stay.collect()}


Rows = dict[tuple[str, str], Row]


@pytest.mark.parametrize(
    ("name", "in_epic", "elsewhere"),
    [
        ("local", "acute_inpatient", None),
        ("bare", "acute_inpatient", None),
        ("overridden", "nonacute_inpatient", "not_inpatient"),
        ("typed", "acute_inpatient", "not_inpatient"),
        ("north", "acute_inpatient", "acute_inpatient"),
    ],
)
def test_a_class_is_what_the_sources_own_map_says_then_ours(
    encounters: Rows, name: str, in_epic: str, elsewhere: str | None
) -> None:
    found = [encounters[source, name].class_kind for source in ("epic", "other")]
    assert found == [in_epic, elsewhere]


def test_a_class_that_no_map_knows_is_flagged_in_that_source_only(encounters: Rows) -> None:
    flagged = ["class_unmapped" in encounters[source, "local"].quality_flags for source in ("epic", "other")]
    assert flagged == [False, True]


def test_a_disposition_is_what_the_sources_own_map_says_then_ours(encounters: Rows) -> None:
    found = {
        (source, name): encounters[source, name].disposition_class
        for source in ("epic", "other")
        for name in ("north", "oncology")
    }
    assert found == {
        ("epic", "north"): "acute_transfer",
        ("epic", "oncology"): "expired",
        ("other", "north"): "unknown",
        ("other", "oncology"): "unknown",
    }


def test_codes_are_kept_with_system_and_display(encounters: Rows) -> None:
    row = encounters["epic", "local"]
    assert (row.class_system, row.class_code, row.class_display) == (LOCAL, "101", None)
    assert [tuple(coding) for coding in encounters["epic", "north"].dispositions] == [
        (NUBC, "05", "display of 05")
    ]
    assert [coding.code for coding in encounters["epic", "hospice"].admit_sources] == ["F"]
    assert (row.dispositions, row.admit_sources) == ([], [])


def test_an_alias_is_the_hospital_it_means_in_its_source_only(encounters: Rows) -> None:
    assert [encounters[source, "north"].hospital_id for source in ("epic", "other")] == ["north", "old"]


def test_the_zone_is_the_hospitals_then_the_sources_then_the_one_for_all(stays: Rows) -> None:
    zones = [stays[key].timezone for key in (("epic", "north"), ("epic", "local"), ("other", "north"))]
    assert zones == ["America/New_York", "America/Chicago", "Europe/Berlin"]


def test_the_dates_of_a_stay_and_the_death_are_in_the_zone_of_its_hospital(stays: Rows) -> None:
    found = {
        key: (stays[key].admission_date.day, stays[key].discharge_date.day, stays[key].death_date.day)
        for key in (("epic", "local"), ("epic", "north"), ("other", "north"))
    }
    assert found == {
        ("epic", "local"): (1, 5, 5),
        ("epic", "north"): (1, 6, 6),
        ("other", "north"): (2, 6, 6),
    }


def test_an_infection_is_dated_where_the_stay_is(tables: Silver) -> None:
    events = decide(tables, date.max, SOURCES)["infection_event"].to_pylist()
    found = {row["source"]: row["event_date"] for row in events}
    assert found == {"epic": date(2025, 3, 5), "other": date(2025, 3, 6)}


def test_a_stay_says_what_its_source_is_known_for(stays: Rows) -> None:
    for source, expected in (("epic", True), ("other", False)):
        assert stays[source, "north"].has_dispositions is expected
        assert stays[source, "oncology"].is_cancer_hospital is expected
        assert stays[source, "north"].is_cancer_hospital is False


def test_an_admission_from_hospice_is_told_by_its_code(stays: Rows) -> None:
    assert stays["epic", "hospice"].admit_source_class == "hospice"
    assert stays["epic", "north"].admit_source_class is None
