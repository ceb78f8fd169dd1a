"""Stays, versions and deletions as feeds write them; each test is named by its case."""

from tests.proofs.cases.case import Case

DEATH, MONTH_DEATH, AGAIN = "mortality_in_hospital", "mortality_30_day", "readmission_30_day"
DAYS = "length_of_stay_billing"


def test_b06_a_missing_status_is_named_as_the_cause() -> None:
    case = Case("b06")
    assert case.stays == {}
    assert "no status that FHIR R4 knows" in case.findings
    assert "Encounter.class" not in case.findings


def test_b28_encounters_that_touch_are_two_stays() -> None:
    case = Case("b28")
    assert case.outcome(AGAIN, "wim-1") is True
    assert "same_day_diagnosis_unknown" in case.stays["wim-1"]["quality_flags"]


def test_b29_a_stay_of_months_that_is_billed_monthly() -> None:
    case = Case("b29")
    assert {case.outcome(AGAIN, id) for id in case.stays} == {"not_acute"}
    assert len(case.stays) == 3


def test_b36_stays_that_are_part_of_none_are_told() -> None:
    case = Case("b36")
    assert case.stays == {}
    assert "`partOf`" in case.findings
    assert "every inpatient encounter is part of another one" in case.findings


def test_b37_a_chain_of_parts_is_one_stay() -> None:
    case = Case("b37")
    assert list(case.stays) == ["eli-0"]
    assert case.infections == {"eli-c": "hospital_onset"}


def test_b38_three_encounters_with_one_period_are_one_stay() -> None:
    assert list(Case("b38").stays) == ["flo-a"]


def test_b39_back_on_the_same_day_for_another_reason() -> None:
    assert Case("b39").outcome(AGAIN, "gil-1") is True


def test_b45_every_way_to_write_a_deletion_deletes_or_is_quarantined() -> None:
    case = Case("b45")
    assert list(case.stays) == ["del-hist", "del-query"]
    assert case.quarantined == {"bad_deletion": 1, "conditional_delete": 1}


def test_b46_versions_that_can_not_be_ordered_are_told() -> None:
    case = Case("b46")
    assert "came in several versions in the same run" in case.findings
    assert {"version_order_unknown"} == {flag for flags in case.flags("encounter").values() for flag in flags}


def test_b48_versions_are_ordered_by_instant_then_by_number() -> None:
    case = Case("b48")
    days = {id: str(row["discharge_date"])[-2:] for id, row in case.stays.items()}
    assert days == {"oz-1": "04", "oz-2": "04", "oz-3": "04", "oz-4": "03"}


def test_b53_a_transfer_between_hospitals_on_one_day() -> None:
    case = Case("b53")
    assert case.outcome(AGAIN, "wes-1") == "transferred_out"
    assert case.outcome(AGAIN, "wes-2") is True


def test_b56_back_after_an_hour_in_the_same_hospital() -> None:
    assert Case("b56").outcome(AGAIN, "zoe-1") is True


def test_b58_of_two_encounters_with_one_period_either_may_tell_the_death() -> None:
    case = Case("b58")
    for measure in (DEATH, MONTH_DEATH):
        assert {id: case.outcome(measure, id) for id in case.stays} == {"dup-a": True, "pud-a": True}


def test_b80_a_history_ends_with_the_newest_version() -> None:
    case = Case("b80")
    assert case.stays["hv1-1"]["age"] == 74


def test_n28_a_deletion_in_lower_case_deletes() -> None:
    case = Case("n28")
    assert list(case.stays) == ["n28-3"]
    assert case.quarantined == {"bad_deletion": 1}


def test_t1_t2_a_transfer_between_two_sources_is_none() -> None:
    case = Case("t1", "t2")
    assert list(case.stays) == ["vic-1", "vic-2"]
    assert case.outcome(AGAIN, "vic-1") is False
