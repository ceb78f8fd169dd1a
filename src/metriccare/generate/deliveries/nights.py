"""Which delivery carries what the nightly feed sent: the last nights of the window come in later deliveries."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date

from metriccare.generate.dates import Window, iso
from metriccare.generate.deliveries.item import IN_TIME, UNFINISHED, Item
from metriccare.generate.deliveries.version import changed
from metriccare.generate.parameters import DELIVERIES
from metriccare.generate.render.common import Resource

_DATE = 10
_FEED_TIME = "T04:05:00"


@dataclass(frozen=True)
class Nights:
    """The nights after which a delivery is sent.

    Attributes:
        last: of each delivery but the last, the day of the newest stamp it carries (YYYY-MM-DD), in order.
        sent: of each delivery, the day it is sent.
    """

    last: tuple[str, ...]
    sent: tuple[str, ...]

    @classmethod
    def of(cls, window: Window, batches: int, share: float) -> "Nights":
        """Return the nights of `batches` deliveries after the first, each of `share` of the patients (0..1)."""
        days = window.end - window.start + 1
        width = round(share * (1 - DELIVERIES.events) * days / DELIVERIES.nights_with_news)
        width = max(1, min(width, days // 2 // batches))
        newest = window.end + 1
        sent = tuple(iso(newest - number * width) for number in range(batches, -1, -1))
        return cls(sent[:-1], sent)

    def delivery(self, stamp: str) -> int:
        """Return the number of the delivery that carries a stamp; `stamp` begins with a date."""
        return bisect_left(self.last, stamp[:_DATE])


def by_night(nights: Nights, resources: list[Resource]) -> list[Item]:
    """Return the resources of one patient, each in the delivery of its stamp, and what was sent before they ended.

    The Patient comes first in `resources`.
    """
    items = [Item(resource, nights.delivery(resource["meta"]["lastUpdated"])) for resource in resources]
    if not any(item.delivery for item in items):
        return items
    patient, others = items[0], items[1:]
    openings = [opening for item in others if (opening := _opening(nights, item))]
    first = min(item.delivery for item in (*others, *openings))
    if first < patient.delivery:
        stamps = [
            item.resource["meta"]["lastUpdated"] for item in (*others, *openings) if item.delivery == first
        ]
        openings.append(Item(_living(patient.resource, min(stamps)), first, UNFINISHED))
    return items + openings


def _opening(nights: Nights, item: Item) -> Item | None:
    """Return the encounter as it was sent while the patient was still there, if that was in an earlier delivery."""
    encounter = item.resource
    if item.kind != IN_TIME or encounter.get("status") != "finished":
        return None
    start = encounter["period"]["start"]
    night = iso(date.fromisoformat(start[:_DATE]).toordinal() + 1)
    if nights.delivery(night) >= item.delivery:
        return None
    return Item(still_open(encounter, f"{night}{_FEED_TIME}{start[-6:]}"), nights.delivery(night), UNFINISHED)


def still_open(encounter: Resource, stamp: str) -> Resource:
    """Return a finished encounter as it was while it went on: without its end, diagnoses and disposition."""
    place = {
        name: value
        for name, value in encounter.get("hospitalization", {}).items()
        if name != "dischargeDisposition"
    }
    return changed(
        encounter,
        stamp,
        status="in-progress",
        period={"start": encounter["period"]["start"]},
        hospitalization=place or None,
        diagnosis=None,
    )


def _living(patient: Resource, stamp: str) -> Resource:
    return changed(patient, stamp, deceasedBoolean=None, deceasedDateTime=None)
