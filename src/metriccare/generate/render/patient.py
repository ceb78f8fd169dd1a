"""The Patient resource."""

from metriccare.generate.dates import iso
from metriccare.generate.parameters import MODEL
from metriccare.generate.people import Pools
from metriccare.generate.plan import Death, DeathForm, PatientPlan, Person
from metriccare.generate.planner import World
from metriccare.generate.render.common import TERMINOLOGY, Resource, identifier, meta
from metriccare.generate.rng import Rng

_DEATH_MINUTES = (300, 1400)
_BIRTH_LENGTH = {"day": 10, "month": 7, "year": 4}
_MEDICAL_RECORD_NUMBER = {
    "coding": [{"system": f"{TERMINOLOGY}v2-0203", "code": "MR", "display": "Medical record number"}]
}


def render_patient(world: World, rng: Rng, plan: PatientPlan) -> Resource:
    """Return the Patient of a plan."""
    person = plan.person
    mrn = identifier("mrn", f"{person.number:08}")
    patient: Resource = {
        "resourceType": "Patient",
        "id": person.id,
        "meta": meta(plan.home.clock, _last_fact(plan), version=len(plan.stays)),
        "identifier": [{"type": _MEDICAL_RECORD_NUMBER, **mrn[0]}],
        "active": True,
        "name": [_name(rng, world.pools, person)],
        "gender": "female" if person.female else "male",
        "address": [_address(rng, world.pools)],
    }
    if person.birth_text != "none":
        patient["birthDate"] = iso(person.born)[: _BIRTH_LENGTH[person.birth_text]]
    patient.update(_deceased(rng, plan.death))
    return patient


def _last_fact(plan: PatientPlan) -> int:
    last = max(stay.last_known_day for stay in plan.stays)
    return max(last, plan.death.day) if plan.death else last


def _name(rng: Rng, pools: Pools, person: Person) -> Resource:
    given = rng.pick(pools.women if person.female else pools.men)
    return {"use": "official", "family": rng.pick(pools.families), "given": [given]}


def _address(rng: Rng, pools: Pools) -> Resource:
    city, state, postal_code = rng.pick(pools.towns)
    return {
        "use": "home",
        "line": [rng.pick(pools.streets)],
        "city": city,
        "state": state,
        "postalCode": postal_code,
        "country": "US",
    }


def _deceased(rng: Rng, death: Death | None) -> Resource:
    """Return Patient.deceased[x]; for living patients it is sometimes false and mostly absent."""
    if death is None or death.form is DeathForm.ABSENT:
        return {"deceasedBoolean": False} if rng.chance(MODEL.states_alive) else {}
    if death.form is DeathForm.BOOLEAN:
        return {"deceasedBoolean": True}
    if death.form is DeathForm.DATE:
        return {"deceasedDateTime": iso(death.day)}
    return {"deceasedDateTime": death.stay.hospital.clock.text(death.day, _minute(rng, death))}


def _minute(rng: Rng, death: Death) -> int:
    """Return the minute of death, which is the end of a stay that ends in death."""
    ends_stay = death.stay.dies and death.after_admission == death.stay.nights
    return death.stay.discharge_minute if ends_stay else rng.between(*_DEATH_MINUTES)
