"""The truth adds up: stay labels to results, exclusions to all stays, stays to encounters."""

from collections import Counter
from math import exp, log
from statistics import fmean, median
from typing import Any

import pytest

BINARY = ("readmission_30_day", "readmission_30_day_unplanned", "mortality_in_hospital", "mortality_30_day")
MEASURES = {
    *BINARY,
    "infection_per_100_discharges",
    "infection_per_1000_patient_days",
    *(
        f"length_of_stay_{kind}"
        for kind in ("billing", "midnights", "fractional", "median", "geometric_mean")
    ),
}
STRATA = ("all", "hospital", "year", "hospital_year")


def stratum_value(stay: dict[str, Any], stratum: str) -> str:
    year = (stay["discharge_date"] or "")[:4]
    hospital = stay["hospital_id"]
    return {"all": "all", "hospital": hospital, "year": year, "hospital_year": f"{hospital}|{year}"}[stratum]


def rows(truth: dict[str, Any], measure: str) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (row["stratum"], row["stratum_value"]): row for row in truth["results"] if row["measure"] == measure
    }


def groups(stays: list[dict[str, Any]], measure: str) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """The stays of the denominator, by stratum."""
    grouped: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for stay in stays:
        if stay[measure]["denominator"]:
            for stratum in STRATA:
                grouped.setdefault((stratum, stratum_value(stay, stratum)), []).append(stay)
    return grouped


def test_the_header_has_the_parameters_of_the_dataset(small: Any) -> None:
    generator = small.truth["generator"]
    assert (generator["seed"], generator["patients"]) == (11, 200)
    assert (generator["start"], generator["end"]) == ("2023-01-01", "2025-12-31")
    assert small.truth["profile"] == "all_adult"


def test_all_measures_have_all_strata(thousand: Any) -> None:
    assert {row["measure"] for row in thousand.truth["results"]} == MEASURES
    for measure in MEASURES:
        assert {stratum for stratum, _ in rows(thousand.truth, measure)} == set(STRATA)


@pytest.mark.parametrize("measure", BINARY)
def test_results_are_the_sums_of_the_labels(thousand: Any, measure: str) -> None:
    results, grouped = rows(thousand.truth, measure), groups(thousand.stays, measure)
    assert results.keys() == grouped.keys()
    for key, stays in grouped.items():
        numerator = sum(stay[measure]["numerator"] for stay in stays)
        assert (results[key]["numerator"], results[key]["denominator"]) == (numerator, len(stays))
        assert results[key]["rate"] == numerator / len(stays)


def test_infections_per_discharges_count_events(thousand: Any) -> None:
    results = rows(thousand.truth, "infection_per_100_discharges")
    for key, stays in groups(thousand.stays, "infection").items():
        decisions = Counter(event["decision"] for stay in stays for event in stay["infection"]["events"])
        assert results[key]["numerator"] == decisions["hospital_onset"]
        assert results[key]["denominator"] == len(stays)


def test_patient_days_are_those_of_the_stays(thousand: Any) -> None:
    results = rows(thousand.truth, "infection_per_1000_patient_days")
    days = sum(stay["infection"]["patient_days"] or 0 for stay in thousand.stays)
    assert results["all", "all"]["denominator"] == days
    for stratum in STRATA[1:]:
        assert sum(row["denominator"] for (name, _), row in results.items() if name == stratum) == days


@pytest.mark.parametrize("unit", ["billing", "midnights", "fractional"])
def test_mean_lengths_of_stay(thousand: Any, unit: str) -> None:
    results = rows(thousand.truth, f"length_of_stay_{unit}")
    for key, stays in groups(thousand.stays, "length_of_stay").items():
        days = [stay["length_of_stay"][unit] for stay in stays]
        assert results[key]["numerator"] == pytest.approx(sum(days))
        assert results[key]["rate"] == pytest.approx(fmean(days))


def test_median_and_geometric_mean_of_billing_days(thousand: Any) -> None:
    for key, stays in groups(thousand.stays, "length_of_stay").items():
        days = [stay["length_of_stay"]["billing"] for stay in stays]
        middle = rows(thousand.truth, "length_of_stay_median")[key]
        geometric = rows(thousand.truth, "length_of_stay_geometric_mean")[key]
        assert (middle["numerator"], middle["rate"]) == (None, median(days))
        assert geometric["rate"] == pytest.approx(exp(fmean(map(log, days))))


@pytest.mark.parametrize("measure", [*BINARY, "infection", "length_of_stay"])
def test_every_stay_is_counted_or_excluded_for_a_reason(thousand: Any, measure: str) -> None:
    for stay in thousand.stays:
        label = stay[measure]
        assert label["denominator"] == (label["exclusion"] is None)
        assert label["denominator"] or not label["numerator"]


def test_the_stays_are_the_inpatient_encounters(thousand: Any) -> None:
    inpatient = {
        encounter["id"]
        for encounter in thousand.resources["Encounter"]
        if encounter["class"]["code"] in ("IMP", "ACUTE", "NONAC")
        and "partOf" not in encounter
        and encounter["status"] in ("finished", "in-progress", "onleave", "unknown")
        and ("end" in encounter["period"] or encounter["status"] != "unknown")
    }
    named = [identity for stay in thousand.stays for identity in stay["encounter_ids"]]
    assert sorted(named) == sorted(inpatient)
    assert all(stay["id"] == stay["encounter_ids"][0] for stay in thousand.stays)
    assert thousand.truth["counts"]["stays"] == len(thousand.stays) == thousand.summary.stays


def test_rates_resemble_those_of_hospitals(thousand: Any) -> None:
    rates = {measure: rows(thousand.truth, measure)["all", "all"]["rate"] for measure in MEASURES}
    assert 0.12 < rates["readmission_30_day"] < 0.20
    assert rates["readmission_30_day_unplanned"] < rates["readmission_30_day"]
    assert 0.02 < rates["mortality_in_hospital"] < 0.035
    assert 0.045 < rates["mortality_30_day"] < 0.085
    assert 1 < rates["infection_per_100_discharges"] < 4.5
    assert 4 < rates["length_of_stay_billing"] < 6.5
    assert 1.5 < len(thousand.stays) / 1000 < 2
