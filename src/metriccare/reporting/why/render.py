"""The explanation of a stay as text for an analyst."""

import json
from collections.abc import Iterator

from metriccare.lake.run_log import Row

NONE = "unknown"


def to_text(answer: Row) -> str:
    """Return the answer of `explain` as paragraphs."""
    if answer["stay"] is None:
        return _without_stay(answer)
    paragraphs = [
        "\n".join(_stay(answer)),
        *(paragraph for profile in answer["profiles"] for paragraph in _profile(profile)),
        *_flags(answer["quality_flags"]),
        _source_of_decisions(answer),
    ]
    return "\n\n".join(paragraphs)


def to_json(answer: Row) -> str:
    """Return the answer of `explain` as a JSON object; dates are written as YYYY-MM-DD."""
    return json.dumps(answer, indent=2, default=str)


def _without_stay(answer: Row) -> str:
    encounter = answer["encounter"]
    return (
        f"Encounter {answer['asked']} of source {encounter['source']} is in no inpatient stay: "
        f"{answer['no_stay']}.\n  from {_place(encounter)}"
    )


def _stay(answer: Row) -> Iterator[str]:
    stay = answer["stay"]
    yield f"Stay {stay['id']} of source {stay['source']}, patient {stay['patient_id'] or NONE}"
    if answer["asked"] != stay["id"]:
        yield f"  Encounter {answer['asked']} is part of this stay."
    name = f" ({stay['hospital_name']})" if stay["hospital_name"] else ""
    yield f"  hospital {stay['hospital_id'] or NONE}{name}"
    yield f"  admitted {stay['admission_date'] or NONE}, {_end(answer)}"
    kind = "acute" if stay["is_acute"] else "not acute"
    yield f"  class {stay['class_code'] or NONE} ({kind}), disposition: {stay['disposition'] or 'none'}"
    age = NONE if stay["age"] is None else stay["age"]
    yield f"  age {age}, sex {stay['sex'] or NONE}, principal diagnosis: {_coding(stay['principal_diagnosis'])}"
    if stay["chain_length"] > 1:
        yield f"  leg {stay['chain_position']} of {stay['chain_length']} of transfer chain {stay['chain_id']}"


def _end(answer: Row) -> str:
    stay = answer["stay"]
    if stay["is_open"]:
        return "not discharged"
    if stay["discharge_date"] is None:
        return f"discharged {NONE}"
    later = ", after as_of" if stay["discharge_date"] > answer["as_of"] else ""
    return f"discharged {stay['discharge_date']}{later}"


def _coding(coding: Row | None) -> str:
    if not coding:
        return NONE
    return f"{coding['display'] or NONE} ({coding['code']})"


def _profile(profile: Row) -> Iterator[str]:
    yield f"Profile {profile['profile']}:"
    for measure in profile["measures"]:
        evidence = (f"  {one['words']}: {_resource(one)}" for one in measure["evidence"])
        yield "\n".join([f"{measure['title']}: {measure['sentence']}", *evidence])
    if profile["infections"]:
        yield "\n".join(["Candidate infections:", *map(_infection, profile["infections"])])


def _infection(event: Row) -> str:
    day = f", {event['event_date']}" if event["event_date"] else ""
    if event["hospital_day"] is not None:
        day += f", hospital day {event['hospital_day']}"
    decision = event["decision"].replace("_", " ")
    return f"  {_coding(event)}{day}: {decision}. {event['reason']}\n    {_resource(event)}"


def _resource(one: Row) -> str:
    return f"{one['type']} {one['id']}, {_place(one)}"


def _place(one: Row) -> str:
    if one["file"] is None:
        return "no longer in any table: run `metriccare run` again"
    return f"{one['file']}, position {one['position']}"


def _flags(flags: list[Row]) -> list[str]:
    return ["\n".join(["Data-quality flags:", *(f"  {flag['words']}" for flag in flags)])] if flags else []


def _source_of_decisions(answer: Row) -> str:
    return (
        f"Decided by run {answer['run_id']} with definition version {answer['definition_version']}, as of "
        f"{answer['as_of']}; later events are ignored. Observed, unadjusted."
    )
