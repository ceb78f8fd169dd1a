"""Decides for one patient in which delivery each resource is sent, and which other versions go with it."""

from dataclasses import dataclass

from metriccare.generate.dates import Window
from metriccare.generate.deliveries.case import Case
from metriccare.generate.deliveries.events import EVENTS, event_of
from metriccare.generate.deliveries.item import Item
from metriccare.generate.deliveries.nights import Nights, by_night
from metriccare.generate.draw import Draw
from metriccare.generate.parameters import DELIVERIES
from metriccare.generate.plan import PatientPlan
from metriccare.generate.render.common import Resource


@dataclass(frozen=True)
class Sent:
    """What is sent of one patient; `event` is its name and the delivery that puts things right, if there is one."""

    items: list[Item]
    event: tuple[str, int] | None = None


class Feed:
    """The feed of a whole set: `batches` deliveries after the first, each of `share` of the patients (0..1)."""

    def __init__(self, window: Window, batches: int, share: float) -> None:
        self._nights = Nights.of(window, batches, share)
        self._batches = batches
        self._rate = min(1.0, share * batches * DELIVERIES.events)

    def send(self, draw: Draw, plan: PatientPlan, resources: list[Resource]) -> Sent:
        """Return what is sent of a patient.

        Args:
            draw: the stream of the patient, from which everything else was drawn: so nothing else changes.
            plan: the patient's plan.
            resources: all of the patient, the Patient first.
        """
        dealt = event_of(plan.person.number, self._batches, self._rate)
        if dealt is None:
            return Sent(by_night(self._nights, resources))
        items = [Item(resource) for resource in resources]
        case = Case(draw, plan, self._nights, dealt.delivery, dealt.form, items)
        EVENTS[dealt.name](case)
        return Sent(case.items, (dealt.name, case.delivery))
