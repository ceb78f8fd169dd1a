"""Decides in which delivery each resource of a patient is sent, and which other versions are sent."""

from dataclasses import dataclass

from metriccare.generate.dates import Window
from metriccare.generate.deliveries.case import Case
from metriccare.generate.deliveries.events import EVENTS, event_of
from metriccare.generate.deliveries.item import Item
from metriccare.generate.deliveries.nightly_feed import NightlyFeed, by_delivery
from metriccare.generate.parameters import DELIVERIES
from metriccare.generate.plan import PatientPlan
from metriccare.generate.render.common import Resource
from metriccare.generate.rng import Rng


@dataclass(frozen=True)
class PatientDeliveries:
    """The lines of one patient; `event` is the event's name and the delivery that corrects it, if any."""

    items: list[Item]
    event: tuple[str, int] | None = None


class DeliveryPlanner:
    """Plans `batches` deliveries after the first, each with `share` of the patients (0..1)."""

    def __init__(self, window: Window, batches: int, share: float) -> None:
        self._feed = NightlyFeed.of(window, batches, share)
        self._batches = batches
        self._rate = min(1.0, share * batches * DELIVERIES.events)

    def assign(self, rng: Rng, plan: PatientPlan, resources: list[Resource]) -> PatientDeliveries:
        """Return the lines of a patient.

        Args:
            rng: the patient's stream after rendering, so that the resources do not depend on the deliveries.
            plan: the patient's plan.
            resources: all resources of the patient, starting with the Patient.
        """
        assigned = event_of(plan.person.number, self._batches, self._rate)
        if assigned is None:
            return PatientDeliveries(by_delivery(self._feed, resources))
        items = [Item(resource) for resource in resources]
        case = Case(rng, plan, self._feed, assigned.delivery, assigned.form, items)
        EVENTS[assigned.name](case)
        return PatientDeliveries(case.items, (assigned.name, case.delivery))
