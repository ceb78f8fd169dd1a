"""Events in which an older version says something wrong: before the right one comes, or after it."""

from collections.abc import Callable

from metriccare.generate.deliveries.case import Case
from metriccare.generate.deliveries.item import CORRECTED, STALE, WRONG, Item
from metriccare.generate.deliveries.nights import still_open
from metriccare.generate.draw import Draw
from metriccare.generate.infections import HOSPITAL_ONSET, infection
from metriccare.generate.render.common import Resource, concept
from metriccare.generate.render.condition import VERIFICATION
from metriccare.generate.render.encounter import CLASSES
from metriccare.generate.vocabulary import of

Choose = Callable[[Case], Item]
Slip = Callable[[Draw, Resource], Resource]


def corrected(case: Case, choose: Choose) -> None:
    """A wrong version comes first, the right one later."""
    item = choose(case)
    wrong = case.older(item, **_wrong_fields(case.draw, item.resource))
    case.move([item], CORRECTED)
    case.add(wrong, WRONG, delivery=0)


def corrected_before(case: Case, choose: Choose) -> None:
    """The right version comes first; an older one that is wrong comes late and must change nothing."""
    item = choose(case)
    case.add(case.older(item, **_wrong_fields(case.draw, item.resource)), STALE)


def an_encounter(case: Case) -> Item:
    """Choose the Encounter of one of the stays."""
    return case.encounter(case.stay())


def a_condition(case: Case) -> Item:
    """Choose a Condition of one of the stays."""
    return case.condition(case.stay())


def the_patient(case: Case) -> Item:
    """Choose the Patient."""
    return case.patient


def _wrong_fields(draw: Draw, resource: Resource) -> Resource:
    """Draw what an older version says otherwise."""
    return draw.pick(_SLIPS[resource["resourceType"]])(draw, resource)


def _outpatient(_: Draw, __: Resource) -> Resource:
    return {"class": CLASSES["AMB"]}


def _cancelled(_: Draw, __: Resource) -> Resource:
    return {"status": "cancelled"}


def _died(draw: Draw, encounter: Resource) -> Resource:
    expired = concept(draw.pick(of("discharge_disposition", "expired")))
    place = encounter.get("hospitalization", {})
    return {"hospitalization": {**place, "dischargeDisposition": expired}}


def _going_on(_: Draw, encounter: Resource) -> Resource:
    opened = still_open(encounter, "")
    return {name: opened.get(name) for name in ("status", "period", "hospitalization", "diagnosis")}


def _infection(draw: Draw, _: Resource) -> Resource:
    return {"code": concept(infection(draw, 1, HOSPITAL_ONSET).code)}


def _refuted(_: Draw, __: Resource) -> Resource:
    return {"verificationStatus": VERIFICATION["refuted"]}


def _no_birth_date(_: Draw, __: Resource) -> Resource:
    return {"birthDate": None, "gender": "unknown"}


def _dead(_: Draw, __: Resource) -> Resource:
    return {"deceasedDateTime": None, "deceasedBoolean": True}


def _alive(_: Draw, __: Resource) -> Resource:
    return {"deceasedDateTime": None, "deceasedBoolean": None, "active": False}


_SLIPS: dict[str, tuple[Slip, ...]] = {
    "Encounter": (_outpatient, _cancelled, _died, _going_on),
    "Condition": (_infection, _refuted),
    "Patient": (_no_birth_date, _dead, _alive),
}
