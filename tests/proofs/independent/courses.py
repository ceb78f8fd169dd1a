"""Courses of patients for hypothesis to draw: what can happen to one, and how it can be written down.

A course is a list of NDJSON lines whose ids begin with `COURSE-`, so that many fit in one lake. Its days lean to
the boundaries of the rules; of everything else that can be odd, each course has a few kinds, so that oddities
meet without hiding each other.
"""

import json
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from tests.proofs.independent.choices import ALWAYS, ODD, PREFIX, Choices

Resource = dict[str, Any]


class Moment(NamedTuple):
    """A moment by the clock on the wall, and as it stands in the resource."""

    at: datetime
    text: str


class Dice:
    """Draws one choice of a name: any where that kind of oddity belongs to the course, else the ordinary first."""

    def __init__(self, draw: DrawFn) -> None:
        self.draw = draw
        self.odd = draw(st.sets(st.sampled_from(sorted(ODD)), min_size=2, max_size=7))
        self.zone = self.choice("zone")

    def choice(self, name: str) -> Any:
        if name in ALWAYS:
            return self.draw(often(ALWAYS[name]))
        return self.draw(often(ODD[name])) if name in self.odd else next(iter(ODD[name]))

    def near(self, anchors: list[datetime]) -> datetime:
        return self.draw(st.sampled_from(anchors))

    def moment(self, near: datetime, days: str) -> Moment:
        at = near + timedelta(days=self.choice(days), minutes=self.choice("minutes"))
        form = self.choice("precision").format(offset=self.draw(st.sampled_from(self.zone)))
        return Moment(at, at.strftime(form))


def often(weights: Choices) -> SearchStrategy[Any]:
    """Draw a key as often as its weight says."""
    return st.sampled_from([choice for choice, weight in weights.items() for _ in range(weight)])


@st.composite
def courses(draw: DrawFn) -> list[str]:
    """Draw the lines on one patient, in the order of their arrival, some of them twice."""
    dice = Dice(draw)
    anchors = [dice.choice("beginning")]
    resources = [
        encounter(dice, f"e{number}", anchors)
        for number in range(draw(st.sampled_from(range(1, 7))))
        for _ in range(dice.choice("versions"))
    ]
    people = ("p", "q") if dice.odd & {"subject", "links"} else ("p",)
    resources += [patient(dice, id, anchors) for id in people for _ in range(dice.choice("patient_versions"))]
    resources += [deletion(dice) for _ in range(dice.choice("deletions"))]
    lines = [json.dumps(filled(one)) for one in resources]
    return draw(st.permutations(lines + lines[: dice.choice("repeats")]))


def encounter(dice: Dice, id: str, anchors: list[datetime]) -> Resource:
    """Draw one version of an encounter; its times are added to `anchors`, for others to begin near."""
    start = dice.moment(dice.near(anchors), "days_between")
    end = dice.moment(start.at, "days_inside")
    anchors += [start.at, end.at]
    if dice.choice("is_reversed"):
        start, end = end, start
    kind, type_ = dice.choice("class"), dice.choice("type")
    return {
        "resourceType": "Encounter",
        "id": PREFIX + id,
        "meta": meta(dice),
        "status": dice.choice("status"),
        "class": kind and coding(*kind),
        "type": type_ and [{"coding": [coding(*type_)]}],
        "subject": reference(dice, "Patient", dice.choice("subject")),
        "partOf": reference(dice, "Encounter", dice.choice("whole")),
        "serviceProvider": reference(
            dice, "Organization", dice.choice("hospital") if dice.choice("has_hospital") else None
        ),
        "period": {
            "start": start.text if dice.choice("has_start") else None,
            "end": end.text if dice.choice("has_end") else None,
        },
        "hospitalization": {
            "dischargeDisposition": {"coding": [coding(*one) for one in dice.choice("disposition")]}
        },
    }


def patient(dice: Dice, id: str, anchors: list[datetime]) -> Resource:
    """Draw one version of a patient, who may have died near one of the `anchors`, or be replaced by others."""
    known, death = dice.choice("death"), dice.moment(dice.near(anchors), "days_to_death")
    return {
        "resourceType": "Patient",
        "id": PREFIX + id,
        "meta": meta(dice),
        "link": [
            {"type": kind, "other": reference(dice, "Patient", other)} for kind, other in dice.choice("links")
        ],
        "deceasedBoolean": known if isinstance(known, bool) else None,
        "deceasedDateTime": death.text if known == "at a moment" else None,
    }


def deletion(dice: Dice) -> Resource:
    """Draw a Bundle that deletes one resource, as a bulk export has it in its `deleted` files."""
    kind, id = dice.choice("deleted")
    entry = {"request": {"method": "DELETE", "url": f"{kind}/{PREFIX}{id}"}}
    stamp = {"lastUpdated": dice.choice("last_updated")}
    return {"resourceType": "Bundle", "type": "transaction", "meta": stamp, "entry": [entry]}


def meta(dice: Dice) -> Resource:
    return {"lastUpdated": dice.choice("last_updated"), "versionId": dice.choice("version_id")}


def reference(dice: Dice, kind: str, id: str | None) -> Resource | None:
    """Return a reference in one of its forms; hospitals are shared by all courses."""
    if id is None or id.startswith("#"):
        return filled({"reference": id}) or None
    form = dice.choice("hospital_form" if kind == "Organization" else "form")
    return {"reference": form.format(kind=kind, id=id if kind == "Organization" else PREFIX + id)}


def coding(system: str | None, code: str) -> Resource:
    return {"system": system, "code": code}


def filled(value: Any) -> Any:
    """FHIR has no nulls and no empty lists or objects: what is not there is left out."""
    if isinstance(value, list):
        return [filled(one) for one in value]
    if not isinstance(value, dict):
        return value
    kept = {key: filled(one) for key, one in value.items()}
    return {key: one for key, one in kept.items() if one is not None and one not in ([], {})}
