"""The labels of one stay, i.e. of one row of `silver.stay`."""

from typing import Any

from metriccare.generate.dates import iso
from metriccare.generate.labels import (
    age_exclusion,
    common_exclusion,
    infection,
    label,
    length_of_stay,
    mortality,
    readmission,
)
from metriccare.generate.plan import PatientPlan, StayPlan
from metriccare.settings import DEFAULT_SOURCE


def stay_label(plan: PatientPlan, stay: StayPlan, end: int) -> dict[str, Any]:
    """Return the object of a stay in truth.json; dates are local, lengths of an open stay are null."""
    return {
        "source": DEFAULT_SOURCE,
        "id": stay.ids[0],
        "patient_id": plan.person.id,
        "hospital_id": stay.hospital.id,
        "admission_date": iso(stay.admission_day),
        "discharge_date": None if stay.open else iso(stay.discharge_day),
        "encounter_ids": stay.ids,
        **_measures(plan, stay, end),
    }


def _measures(plan: PatientPlan, stay: StayPlan, end: int) -> dict[str, Any]:
    common = common_exclusion(plan, stay)
    index = readmission.exclusion(plan, stay, end)
    onsets = infection.hospital_onset_days(stay)
    return {
        "readmission_30_day": label(index, readmission.readmitted(stay)),
        "readmission_30_day_unplanned": label(index, readmission.readmitted_unplanned(stay)),
        "mortality_in_hospital": label(mortality.in_hospital_exclusion(plan, stay), stay.dies),
        "mortality_30_day": label(
            mortality.thirty_day_exclusion(plan, stay, end), mortality.died_within_thirty_days(plan, stay)
        ),
        "infection": {
            **label(common, bool(onsets)),
            "events": infection.events(stay),
            "patient_days": _patient_days(plan, stay, end),
        },
        "length_of_stay": {**label(common, True), **_lengths(stay)},
    }


def _patient_days(plan: PatientPlan, stay: StayPlan, end: int) -> int | None:
    """Return the census days up to as_of; None for a stay outside the population."""
    if age_exclusion(plan, stay):
        return None
    return length_of_stay.census_end(stay, end) - stay.admission_day


def _lengths(stay: StayPlan) -> dict[str, float | None]:
    if stay.open:
        return {"midnights": None, "billing": None, "fractional": None}
    return {
        "midnights": stay.nights,
        "billing": length_of_stay.billing_days(stay),
        "fractional": length_of_stay.fractional_days(stay),
    }
