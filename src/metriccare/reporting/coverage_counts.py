"""The coverage of one source, as numbers and as words that give no small count away."""

from collections.abc import Mapping, Sequence
from typing import Any

from metriccare.definitions import small_cells

_, SMALL = small_cells.SMALL  # the greatest count that is not shown


class Counts:
    """The counts of one source, by field; what was never counted is 0 of 0."""

    def __init__(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self._counts = {row["field"]: (int(row["rows"]), int(row["present"])) for row in rows}

    def rows(self, field: str) -> int:
        """Return in how many places the field is wanted."""
        return self._counts.get(field, (0, 0))[0]

    def present(self, field: str) -> int:
        """Return in how many of them it is there."""
        return self._counts.get(field, (0, 0))[1]

    def share(self, field: str) -> float:
        """Return the share that is there; 1 where it is wanted nowhere."""
        return self.present(field) / self.rows(field) if self.rows(field) else 1.0

    def is_absent(self, field: str) -> bool:
        """True where the field is wanted and never there."""
        return self.rows(field) > 0 and not self.present(field)

    def lacking(self, field: str) -> str:
        """Return in words how many lack the field."""
        return portion(self.rows(field) - self.present(field), self.rows(field))


def portion(part: int, whole: int) -> str:
    """Return `12 of 40`, or a word where one of the two parts is small enough to point at somebody."""
    if part == whole:
        return f"all {whole:,}" if whole > SMALL else "all"
    if part <= SMALL:
        return "a few"
    return f"{part:,} of {whole:,}" if whole - part > SMALL else "nearly all"


def hidden(count: int) -> str:
    """Return a count for people, a small one only as `1-10`."""
    return f"1-{SMALL}" if 0 < count <= SMALL else f"{count:,}"
