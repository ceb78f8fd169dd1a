"""One patient with an event: what an event can read and change."""

from dataclasses import dataclass
from typing import Any

from metriccare.generate.deliveries.item import Item
from metriccare.generate.deliveries.nightly_feed import NightlyFeed
from metriccare.generate.deliveries.version import older
from metriccare.generate.plan import PatientPlan, StayPlan
from metriccare.generate.render.common import Resource
from metriccare.generate.rng import Rng


@dataclass
class Case:
    """A patient with an event.

    Attributes:
        rng: the patient's random number stream.
        plan: the patient's plan, which is not changed.
        feed: dates of the deliveries.
        delivery: number of the later delivery with the correct version.
        form: how older versions are marked as older, see `version.older`.
        items: what is sent; initially every resource once, in the first delivery, starting with the Patient.
    """

    rng: Rng
    plan: PatientPlan
    feed: NightlyFeed
    delivery: int
    form: int
    items: list[Item]

    @property
    def sent(self) -> str:
        """The date of the later delivery."""
        return self.feed.sent[self.delivery]

    @property
    def patient(self) -> Item:
        """The Patient."""
        return self.items[0]

    def stay(self) -> StayPlan:
        """Draw one of the patient's stays."""
        return self.rng.pick(self.plan.stays)

    def encounter(self, stay: StayPlan) -> Item:
        """Return the first Encounter of a stay."""
        return self._by_id(stay.ids[0])

    def condition(self, stay: StayPlan) -> Item:
        """Draw a Condition of a stay."""
        return self.rng.pick(self.conditions(stay))

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
        """Return the Encounters of a stay, including its emergency visit and ICU segment."""
        ids = {*stay.ids, f"{stay.ids[0]}-ed", f"{stay.ids[0]}-icu"}
        return [item for item in self.items if item.resource["id"] in ids]

    def move(self, items: list[Item], kind: str) -> None:
        """Move items from the first to the later delivery."""
        for item in items:
            item.delivery, item.kind = self.delivery, kind

    def add(self, resource: Resource, kind: str, delivery: int | None = None) -> None:
        """Add a resource to the later delivery, or to the delivery with the given number."""
        self.items.append(Item(resource, self.delivery if delivery is None else delivery, kind))

    def older(self, item: Item, **fields: Any) -> Resource:
        """Return an older version of an item with other fields; None removes a field."""
        return older(self.form, item.resource, **fields)

    def any_later(self) -> int:
        """Draw the number of a later delivery, up to that of the event."""
        return self.rng.between(1, self.delivery)

    def _by_id(self, identity: str) -> Item:
        return next(item for item in self.items if item.resource["id"] == identity)
