"""Events in which a resource first refers to another patient, or to a second registration of the same patient."""

from itertools import pairwise

from metriccare.generate.deliveries.case import Case
from metriccare.generate.deliveries.correction import Selector
from metriccare.generate.deliveries.item import CORRECTED, DUPLICATE, MERGED, WRONG
from metriccare.generate.deliveries.version import changed, newer
from metriccare.generate.render.common import Resource, identifier


def wrong_patient(case: Case, select: Selector) -> None:
    """An encounter or condition first refers to a neighbouring patient, later to the correct one."""
    number = case.plan.person.number
    seed = case.plan.person.id.rpartition("-p")[0]
    other = number - 1 if number else 1
    item = select(case)
    wrong = case.older(item, subject={"reference": f"Patient/{seed}-p{other}"})
    case.move([item], CORRECTED)
    case.add(wrong, WRONG, delivery=0)


def registered_twice(case: Case) -> None:
    """One stay belongs to a second registration of the patient, which is later replaced by the first."""
    _merge(case, [_register(case, 1), case.patient.resource])


def registered_three_times(case: Case) -> None:
    """The second registration is replaced by a third, and the third by the first."""
    _merge(case, [_register(case, 1), _register(case, 2), case.patient.resource])


def _register(case: Case, number: int) -> Resource:
    """Return another Patient for the same person, without a death."""
    person = case.plan.person
    patient = case.patient.resource
    record = identifier("mrn", f"{person.number:08}-{number}")[0]
    return changed(
        patient,
        patient["meta"]["lastUpdated"],
        version=1,
        id=f"{person.id}-m{number}",
        identifier=[{**patient["identifier"][0], **record}],
        deceasedBoolean=None,
        deceasedDateTime=None,
    )


def _merge(case: Case, chain: list[Resource]) -> None:
    """Assign a stay to the first patient of a chain and link each patient to the next one as its replacement."""
    stay = case.stay()
    for item in [*case.encounters(stay), *case.conditions(stay)]:
        item.resource = {**item.resource, "subject": {"reference": f"Patient/{chain[0]['id']}"}}
        item.kind = DUPLICATE
    for patient, survivor in pairwise(chain):
        link = {"other": {"reference": f"Patient/{survivor['id']}"}, "type": "replaced-by"}
        case.add(patient, DUPLICATE, delivery=0)
        case.add(newer(patient, case.sent, active=False, link=[link]), MERGED)
