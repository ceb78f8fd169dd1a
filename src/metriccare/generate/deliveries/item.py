"""One line of one delivery."""

from dataclasses import dataclass

from metriccare.generate.render.common import Resource

IN_TIME, UNFINISHED = "in_time", "unfinished"
LATE = "late"
WRONG, CORRECTED, STALE = "wrong", "corrected", "stale"
REPEATED, REPEATED_FILE = "repeated", "repeated_file"
NEVER_TRUE, DELETED, ENTERED_IN_ERROR = "never_true", "deleted", "entered_in_error"
DUPLICATE, MERGED = "duplicate", "merged"
CORRUPT, READABLE = "corrupt", "readable"
NOT_JSON, NOT_UTF8 = "not_json", "not_utf8"


@dataclass(slots=True)
class Item:
    """A resource, or Bundle of deletions, in one delivery.

    Attributes:
        resource: the content.
        delivery: number of the delivery; 0 is the first.
        kind: purpose of the line, see docs/generator.md.
        damage: what makes the line unreadable (NOT_JSON, NOT_UTF8); empty for a valid line.
    """

    resource: Resource
    delivery: int = 0
    kind: str = IN_TIME
    damage: str = ""
