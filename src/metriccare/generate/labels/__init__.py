"""Labels of the planned stays in truth.json: one module per measure, derived from the plan alone."""

from typing import TypedDict

from metriccare.generate.plan import PatientPlan, StayPlan


class Label(TypedDict):
    """Whether a stay is in a measure's denominator (else the exclusion reason) and numerator."""

    denominator: bool
    exclusion: str | None
    numerator: bool


def label(exclusion: str | None, outcome: bool) -> Label:
    """Return the label of a stay; an excluded stay is never in the numerator."""
    return {
        "denominator": exclusion is None,
        "exclusion": exclusion,
        "numerator": exclusion is None and outcome,
    }


def common_exclusion(plan: PatientPlan, stay: StayPlan) -> str | None:
    """Return the first exclusion common to all measures: open, age unknown, under 18."""
    if stay.open:
        return "not_finished"
    return age_exclusion(plan, stay)


def age_exclusion(plan: PatientPlan, stay: StayPlan) -> str | None:
    """Return the exclusion by age in completed years on the admission date."""
    if not plan.person.age_known:
        return "age_unknown"
    return "under_18" if stay.admission_day < plan.person.adult_from else None


def first_true(*reasons: tuple[str | None, bool]) -> str | None:
    """Return the first reason that applies, None if none does."""
    return next((reason for reason, applies in reasons if applies), None)
