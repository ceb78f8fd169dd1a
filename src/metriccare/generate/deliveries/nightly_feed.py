"""The nightly feed: the updates of the last nights in the window are sent in later deliveries."""

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
class NightlyFeed:
    """The dates of the deliveries.

    Attributes:
        last: for each delivery but the last, the date of the newest timestamp in it (YYYY-MM-DD), in order.
        sent: for each delivery, the date it is sent.
    """

    last: tuple[str, ...]
    sent: tuple[str, ...]

    @classmethod
    def of(cls, window: Window, batches: int, share: float) -> "NightlyFeed":
        """Return the dates for `batches` deliveries after the first, each with `share` of the patients (0..1)."""
        days = window.end - window.start + 1
        width = round(share * (1 - DELIVERIES.events) * days / DELIVERIES.nights_with_updates)
        width = max(1, min(width, days // 2 // batches))
        newest = window.end + 1
        sent = tuple(iso(newest - number * width) for number in range(batches, -1, -1))
        return cls(sent[:-1], sent)

    def delivery(self, stamp: str) -> int:
        """Return the number of the delivery for a timestamp, which starts with a date."""
        return bisect_left(self.last, stamp[:_DATE])


def by_delivery(feed: NightlyFeed, resources: list[Resource]) -> list[Item]:
    """Return one patient's resources, each in the delivery of its timestamp, with earlier versions of open stays.

    The first of `resources` is the Patient.
    """
    items = [Item(resource, feed.delivery(resource["meta"]["lastUpdated"])) for resource in resources]
    if not any(item.delivery for item in items):
        return items
    patient, others = items[0], items[1:]
    openings = [opening for item in others if (opening := _opening(feed, item))]
    first = min(item.delivery for item in (*others, *openings))
    if first < patient.delivery:
        stamps = [
            item.resource["meta"]["lastUpdated"] for item in (*others, *openings) if item.delivery == first
        ]
        openings.append(Item(_living(patient.resource, min(stamps)), first, UNFINISHED))
    return items + openings


def _opening(feed: NightlyFeed, item: Item) -> Item | None:
    """Return the encounter as sent while the patient was still in hospital, if that was in an earlier delivery."""
    encounter = item.resource
    if item.kind != IN_TIME or encounter.get("status") != "finished":
        return None
    start = encounter["period"]["start"]
    night = iso(date.fromisoformat(start[:_DATE]).toordinal() + 1)
    if feed.delivery(night) >= item.delivery:
        return None
    return Item(still_open(encounter, f"{night}{_FEED_TIME}{start[-6:]}"), feed.delivery(night), UNFINISHED)


def still_open(encounter: Resource, stamp: str) -> Resource:
    """Return a finished encounter as it was while open: without end, diagnoses and disposition."""
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
