"""Events with a wrong older version, which arrives before or after the correct one."""

from collections.abc import Callable

from metriccare.generate.deliveries.case import Case
from metriccare.generate.deliveries.item import CORRECTED, STALE, WRONG, Item
from metriccare.generate.deliveries.nightly_feed import still_open
from metriccare.generate.infections import HOSPITAL_ONSET, infection
from metriccare.generate.render.common import Resource, concept
from metriccare.generate.render.condition import VERIFICATION
from metriccare.generate.render.encounter import CLASSES
from metriccare.generate.rng import Rng
from metriccare.generate.vocabulary import codes_of

Selector = Callable[[Case], Item]
Mistake = Callable[[Rng, Resource], Resource]


def corrected(case: Case, select: Selector) -> None:
    """A wrong version arrives first, the correct one later."""
    item = select(case)
    wrong = case.older(item, **_wrong_fields(case.rng, item.resource))
    case.move([item], CORRECTED)
    case.add(wrong, WRONG, delivery=0)


def corrected_before(case: Case, select: Selector) -> None:
    """The correct version arrives first; a wrong older one arrives later and must change nothing."""
    item = select(case)
    case.add(case.older(item, **_wrong_fields(case.rng, item.resource)), STALE)


def an_encounter(case: Case) -> Item:
    """Select the Encounter of one of the stays."""
    return case.encounter(case.stay())


def a_condition(case: Case) -> Item:
    """Select a Condition of one of the stays."""
    return case.condition(case.stay())


def the_patient(case: Case) -> Item:
    """Select the Patient."""
    return case.patient


def _wrong_fields(rng: Rng, resource: Resource) -> Resource:
    """Draw the wrong fields of an older version."""
    return rng.pick(_MISTAKES[resource["resourceType"]])(rng, resource)


def _outpatient(_: Rng, __: Resource) -> Resource:
    return {"class": CLASSES["AMB"]}


def _cancelled(_: Rng, __: Resource) -> Resource:
    return {"status": "cancelled"}


def _died(rng: Rng, encounter: Resource) -> Resource:
    expired = concept(rng.pick(codes_of("discharge_disposition", "expired")))
    place = encounter.get("hospitalization", {})
    return {"hospitalization": {**place, "dischargeDisposition": expired}}


def _going_on(_: Rng, encounter: Resource) -> Resource:
    opened = still_open(encounter, "")
    return {name: opened.get(name) for name in ("status", "period", "hospitalization", "diagnosis")}


def _infection(rng: Rng, _: Resource) -> Resource:
    return {"code": concept(infection(rng, 1, HOSPITAL_ONSET).code)}


def _refuted(_: Rng, __: Resource) -> Resource:
    return {"verificationStatus": VERIFICATION["refuted"]}


def _no_birth_date(_: Rng, __: Resource) -> Resource:
    return {"birthDate": None, "gender": "unknown"}


def _dead(_: Rng, __: Resource) -> Resource:
    return {"deceasedDateTime": None, "deceasedBoolean": True}


def _alive(_: Rng, __: Resource) -> Resource:
    return {"deceasedDateTime": None, "deceasedBoolean": None, "active": False}


_MISTAKES: dict[str, tuple[Mistake, ...]] = {
    "Encounter": (_outpatient, _cancelled, _died, _going_on),
    "Condition": (_infection, _refuted),
    "Patient": (_no_birth_date, _dead, _alive),
}
