"""The decision on one stay for one measure, as a sentence."""

from datetime import date

from metriccare.definitions.decision_codes import NOT_YET, Reason, Role
from metriccare.definitions.measures import (
    DAYS,
    READMISSION,
    READMISSION_UNPLANNED,
    measure_of,
    title_of,
)
from metriccare.lake.run_log import Row
from metriccare.reporting.wording import words

PLANNED = "readmission_planned"
LENGTH = "length_of_stay"  # the words are the same for all methods of counting days


def decided(stay: Row, measure: str, as_of: date) -> Row:
    """Return one measure's decision in words.

    Args:
        stay: a row of gold.stay_measure.
        measure: the column that holds the decision.
        as_of: the cut-off date, which decides whether the follow-up is complete.

    Returns:
        `measure`, `title`, `counts`, `reason` (the first that applied, or null), `reasons` (all of them),
        `numerator`, `value`, `matures_on`, `event_on`, `sentence`, and `evidence` with `words` for each role.
    """
    decision = stay[measure]
    reason = reason_at(stay, measure, as_of)
    numerator = reason is None and _has_event(decision, as_of)
    return {
        "measure": measure,
        "title": title_of(measure),
        "counts": reason is None,
        "reason": reason,
        "reasons": _all_reasons(reason, decision),
        "numerator": numerator,
        "value": decision["value"],
        "matures_on": decision["matures_on"],
        "event_on": decision["event_on"],
        "sentence": _counts(stay, measure, numerator)
        if reason is None
        else _does_not_count(stay, measure, as_of),
        "evidence": [one | {"words": words("role", one["role"])} for one in decision["evidence"] or []],
    }


def reason_at(stay: Row, measure: str, as_of: date) -> str | None:
    """Return why a stay does not count at `as_of`, or None; the same rule as `measures.result.as_of.reason_at`."""
    decision, exclusion = stay[measure], stay[measure]["exclusion"]
    if _is_later(stay["admission_date"], as_of):
        return Reason.ADMITTED_AFTER_AS_OF
    if exclusion != Reason.PATIENT_UNKNOWN and _is_later(stay["discharge_date"], as_of):
        return Reason.NOT_FINISHED
    if exclusion is None and _is_later(decision["matures_on"], as_of):
        return Reason.FOLLOW_UP_INCOMPLETE
    return exclusion if exclusion is None else str(exclusion)


def _is_later(day: date | None, as_of: date) -> bool:
    return day is not None and day > as_of


def _has_event(decision: Row, as_of: date) -> bool:
    return bool(decision["numerator"]) and not _is_later(decision["event_on"], as_of)


def _all_reasons(first: str | None, decision: Row) -> list[str]:
    others = [one for one in decision["exclusions"] or [] if one != first]
    return [first, *others] if first else []


def _does_not_count(stay: Row, measure: str, as_of: date) -> str:
    first, *others = _all_reasons(reason_at(stay, measure, as_of), stay[measure])
    facts = {"as_of": as_of, "admission_date": stay["admission_date"]}
    facts["matures_on"] = stay[measure]["matures_on"]
    if first in NOT_YET:
        sentence = f"does not count yet: {words('yet', first, **facts)}."
    else:
        sentence = f"does not count: {words('reason', first)}."
    also = "; ".join(words("reason", one) for one in others)
    return f"{sentence} Also: {also}." if also else sentence


def _counts(stay: Row, measure: str, numerator: bool) -> str:
    kind = "happened" if numerator else "did_not_happen"
    code = LENGTH if measure_of(measure).kind in DAYS else measure
    facts = _facts(stay, measure)
    if measure == READMISSION_UNPLANNED and not numerator and stay[READMISSION]["numerator"]:
        code = PLANNED
        facts["event_on"] = stay[READMISSION]["event_on"]
    joint = " " if code == LENGTH else "; "
    return f"counts{joint}{words(kind, code, **facts)}."


def _facts(stay: Row, measure: str) -> Row:
    decision = stay[measure]
    event_on = decision["event_on"]
    return {
        "event_on": event_on,
        "first": f"on {event_on}" if event_on else "without a date",
        "count": _number(decision["value"] or 0),
        "duration": _days(decision["value"]),
        "after_discharge": _days(_days_between(stay["discharge_date"], event_on)),
        "after_admission": _days(_days_between(stay["admission_date"], event_on)),
        "resource": _resource(decision),
    }


def _days_between(since: date | None, until: date | None) -> int | None:
    return None if since is None or until is None else (until - since).days


def _days(days: float | None) -> str:
    if days is None:
        return ""
    return "1 day" if days == 1 else f"{_number(days)} days"


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _resource(decision: Row) -> str:
    found = [one for one in decision["evidence"] or [] if one["role"] == Role.READMISSION]
    return f" ({found[0]['type']} {found[0]['id']})" if found else ""
