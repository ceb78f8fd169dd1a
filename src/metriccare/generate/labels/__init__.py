"""What the truth says of a planned stay: one module per measure, read from the plan and from nothing else."""

from typing import TypedDict

from metriccare.generate.plan import PatientPlan, StayPlan


class Label(TypedDict):
    """Whether one stay is in the denominator of one measure, else why not, and whether in the numerator."""

    denominator: bool
    exclusion: str | None
    numerator: bool


def label(exclusion: str | None, outcome: bool) -> Label:
    """Return the label of a stay; an excluded stay has no outcome."""
    return {
        "denominator": exclusion is None,
        "exclusion": exclusion,
        "numerator": exclusion is None and outcome,
    }


def common_exclusion(plan: PatientPlan, stay: StayPlan) -> str | None:
    """Return the first exclusion that holds for every measure: open, age unknown, under 18."""
    if stay.open:
        return "not_finished"
    return age_exclusion(plan, stay)


def age_exclusion(plan: PatientPlan, stay: StayPlan) -> str | None:
    """Return the exclusion by age on the admission date, completed years."""
    if not plan.person.age_known:
        return "age_unknown"
    return "under_18" if stay.admission_day < plan.person.adult_from else None


def first_true(*reasons: tuple[str | None, bool]) -> str | None:
    """Return the first reason that holds, None if none does."""
    return next((reason for reason, holds in reasons if holds), None)
