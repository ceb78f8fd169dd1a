from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from metriccare.generate.dates import Clock, birthday, clock_change, iso
from metriccare.generate.parameters import HOSPITALS

END = "2025-12-31"


def moments(resource: dict[str, Any]) -> list[str]:
    """Return all dates in a resource."""
    onset = resource.get("onsetPeriod", {})
    period = resource.get("period", {})
    texts = [
        resource.get(name) for name in ("onsetDateTime", "recordedDate", "deceasedDateTime", "birthDate")
    ]
    return [text for text in (*texts, onset.get("start"), period.get("start"), period.get("end")) if text]


def test_nothing_is_later_than_the_end_of_the_window(thousand: Any) -> None:
    for resource in (item for resources in thousand.resources.values() for item in resources):
        assert all(text[:10] <= END for text in moments(resource))


def test_the_newest_finished_discharge_is_as_of(thousand: Any) -> None:
    finished = [stay["discharge_date"] for stay in thousand.stays if stay["discharge_date"]]
    assert max(finished) == thousand.truth["as_of"] == thousand.summary.as_of.isoformat() == END


def test_periods_run_forward_as_instants(thousand: Any) -> None:
    for encounter in thousand.resources["Encounter"]:
        period = encounter["period"]
        if "end" in period:
            assert datetime.fromisoformat(period["start"]) < datetime.fromisoformat(period["end"])


def test_a_resource_is_updated_after_its_facts(thousand: Any) -> None:
    for resource in (item for resources in thousand.resources.values() for item in resources):
        updated = resource["meta"]["lastUpdated"]
        assert all(text[:10] < updated[:10] for text in moments(resource))


def test_births_come_before_admissions_and_deaths_after_the_last_one(thousand: Any) -> None:
    patients = thousand.by_id("Patient")
    planted = 0
    for stays in thousand.of_patient():
        patient = patients[stays[0]["patient_id"]]
        assert patient.get("birthDate", "0") <= stays[0]["admission_date"]
        if "deceasedDateTime" in patient:
            planted += patient["deceasedDateTime"][:10] < stays[-1]["admission_date"]
    assert 0 < planted <= 2


def test_infections_have_the_date_given_in_the_truth(thousand: Any) -> None:
    conditions = thousand.by_id("Condition")
    for event in (event for stay in thousand.stays for event in stay["infection"]["events"]):
        dates = [text[:10] for text in moments(conditions[event["condition_id"]])]
        assert (min(dates) if dates else None) == event["event_date"]


def test_offsets_are_those_of_the_time_zone() -> None:
    for zone in {hospital.zone for hospital in HOSPITALS}:
        clock, real = Clock(zone), ZoneInfo(zone)
        for days in range(0, 3 * 365, 5):
            day = date(2023, 1, 1) + timedelta(days=days)
            for hour in (0, 1, 3, 12, 23):
                local = datetime(day.year, day.month, day.day, hour, 30, tzinfo=real)
                assert clock.text(day.toordinal(), hour * 60 + 30) == local.isoformat()


@pytest.mark.parametrize("year", [2023, 2024, 2025])
@pytest.mark.parametrize("spring", [True, False])
def test_offsets_change_on_the_right_sunday(year: int, spring: bool) -> None:
    clock, day = Clock("America/New_York"), clock_change(year, spring)
    before, after = ("-05:00", "-04:00") if spring else ("-04:00", "-05:00")
    assert date.fromordinal(day).weekday() == 6
    assert clock.text(day, 60).endswith(before)
    assert clock.text(day, 180).endswith(after)


def test_the_repeated_hour_has_two_offsets() -> None:
    clock, day = Clock("America/New_York"), clock_change(2022, spring=False)
    first, second = clock.text(day, 112), clock.text(day, 67, second_pass=True)
    assert (first, second) == ("2022-11-06T01:52:00-04:00", "2022-11-06T01:07:00-05:00")
    assert clock.instant(day, 67, second_pass=True) - clock.instant(day, 112) == 15


def test_days_are_written_as_fhir_dates() -> None:
    assert iso(date(2024, 2, 29).toordinal()) == "2024-02-29"
    assert iso(birthday(date(2000, 5, 6).toordinal(), 18)) == "2018-05-06"
