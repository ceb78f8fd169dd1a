"""Dates and times as feeds write them; each test is named by its case."""

from tests.proofs.cases.case import Case

DEATH, MONTH_DEATH = "mortality_in_hospital", "mortality_30_day"
MIDNIGHTS, EXACT, BILLING = "length_of_stay_midnights", "length_of_stay_fractional", "length_of_stay_billing"


def test_b03_a_time_without_an_offset_is_local_and_flagged() -> None:
    case = Case("b03")
    assert case.value(MIDNIGHTS, "bo-naive") == 4
    assert case.flags("encounter")["bo-naive"] == ["period_without_offset"]


def test_b08_a_death_before_the_end_of_the_encounter_is_in_hospital() -> None:
    case = Case("b08")
    assert case.outcome(DEATH, "gus-1") is True


def test_b23_times_in_utc_are_told() -> None:
    assert "all inpatient encounters have times in UTC" in Case("b23").findings


def test_b30_a_birth_date_without_a_day_is_no_age() -> None:
    case = Case("b30")
    assert {case.outcome(BILLING, id) for id in case.stays} == {"age_unknown"}


def test_b31_dead_without_a_date_but_discharged_home() -> None:
    case = Case("b31")
    assert case.outcome(DEATH, "zed-1") is False
    assert case.outcome(MONTH_DEATH, "zed-1") == "death_date_unknown"


def test_b32_a_death_in_the_future_is_none() -> None:
    case = Case("b32")
    assert case.outcome(MONTH_DEATH, "abe-1") is False


def test_b33_a_death_before_an_admission_is_inconsistent() -> None:
    case = Case("b33")
    assert {case.outcome(DEATH, id) for id in case.stays} == {"inconsistent_vital_status"}


def test_b34_newborns_are_under_age() -> None:
    case = Case("b34")
    assert {id: case.outcome(BILLING, id) for id in case.stays} == {
        "babe-1": "under_18",
        "mum-1": True,
        "twin-1": "under_18",
    }


def test_b42_an_end_without_a_time_is_not_before_the_start() -> None:
    case = Case("b42")
    assert case.flags("encounter") == {"jan-1": [], "jan-2": []}
    assert [case.value(BILLING, id) for id in case.stays] == [1, 2]


def test_b44_an_end_in_utc_is_told() -> None:
    case = Case("b44")
    assert case.value(MIDNIGHTS, "leo-1") == 4
    assert "in UTC" in case.findings


def test_b44z_with_the_zone_it_is_right() -> None:
    case = Case("b44z", timezone="America/Chicago")
    assert case.value(MIDNIGHTS, "leo-1") == 3
    assert "in UTC" not in case.findings


def test_b49_an_empty_text_is_none() -> None:
    case = Case("b49")
    assert case.outcome(MONTH_DEATH, "pam-1") is False
    assert case.outcome(BILLING, "pat-1") == "age_unknown"
    assert case.outcome(BILLING, "pol-1") == "dates_unusable"
    assert case.flags("patient")["pat"] == ["birth_date_missing"]


def test_b57_what_is_no_date_of_fhir_is_unusable_and_a_time_without_seconds_is_a_time() -> None:
    case = Case("b57")
    unusable = {id: case.outcome(BILLING, id) for id in case.stays if id != "art-5"}
    assert unusable == dict.fromkeys(("art-1", "art-2", "art-3", "art-4"), "dates_unusable")
    assert case.flags("encounter")["art-5"] == []
    assert (case.value(MIDNIGHTS, "art-5"), case.value(EXACT, "art-5")) == (4, 4.0)


def test_n01_a_time_without_seconds_is_one_everywhere() -> None:
    case = Case("n01")
    assert list(case.stays) == ["naive-1", "sec-1", "sec-3"]
    assert case.value(MIDNIGHTS, "sec-1") == 6  # two encounters that overlap
    assert case.outcome(BILLING, "sec-3") == "end_before_start"
    assert case.value(EXACT, "naive-1") == 4 + 1 / 24
