"""One patient whose deliveries hold an event: what an event can look at and change."""

from dataclasses import dataclass
from typing import Any

from metriccare.generate.deliveries.item import Item
from metriccare.generate.deliveries.nights import Nights
from metriccare.generate.deliveries.version import older
from metriccare.generate.draw import Draw
from metriccare.generate.plan import PatientPlan, StayPlan
from metriccare.generate.render.common import Resource


@dataclass
class Case:
    """A patient to whom an event happens.

    Attributes:
        draw: the patient's stream of chance.
        plan: the patient's plan; nothing of it is changed.
        nights: when the deliveries are sent.
        delivery: number of the later delivery that puts things right.
        form: in which form older versions are older, see `version.older`.
        items: what is sent; at first every resource once, in the first delivery, the Patient first.
    """

    draw: Draw
    plan: PatientPlan
    nights: Nights
    delivery: int
    form: int
    items: list[Item]

    @property
    def sent(self) -> str:
        """The day on which the later delivery is sent."""
        return self.nights.sent[self.delivery]

    @property
    def patient(self) -> Item:
        """The Patient."""
        return self.items[0]

    def stay(self) -> StayPlan:
        """Draw one of the patient's stays."""
        return self.draw.pick(self.plan.stays)

    def encounter(self, stay: StayPlan) -> Item:
        """Return the (first) Encounter of a stay."""
        return self._by_id(stay.ids[0])

    def condition(self, stay: StayPlan) -> Item:
        """Draw a Condition of a stay."""
        return self.draw.pick(self.conditions(stay))

    def conditions(self, stay: StayPlan) -> list[Item]:
        """Return the Conditions of a stay."""
        infections = {infection.id for infection in stay.infections}
        return [
            item
            for item in self.items
            if item.resource["resourceType"] == "Condition"
            and (item.resource["id"] in infections or item.resource["id"].startswith(f"{stay.ids[0]}-d"))
        ]

    def encounters(self, stay: StayPlan) -> list[Item]:
        """Return the Encounters of a stay, with its emergency visit and its ICU segment."""
        ids = {*stay.ids, f"{stay.ids[0]}-ed", f"{stay.ids[0]}-icu"}
        return [item for item in self.items if item.resource["id"] in ids]

    def move(self, items: list[Item], kind: str) -> None:
        """Send items in the later delivery instead of the first."""
        for item in items:
            item.delivery, item.kind = self.delivery, kind

    def add(self, resource: Resource, kind: str, delivery: int | None = None) -> None:
        """Send a resource in the later delivery, or in the one with that number."""
        self.items.append(Item(resource, self.delivery if delivery is None else delivery, kind))

    def older(self, item: Item, **fields: Any) -> Resource:
        """Return an older version of an item, with other fields; None leaves one out."""
        return older(self.form, item.resource, **fields)

    def any_later(self) -> int:
        """Draw a later delivery up to that of the event."""
        return self.draw.between(1, self.delivery)

    def _by_id(self, identity: str) -> Item:
        return next(item for item in self.items if item.resource["id"] == identity)
