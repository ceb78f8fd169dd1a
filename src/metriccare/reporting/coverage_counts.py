"""The coverage of one source, as numbers and as phrases without small counts."""

from collections.abc import Mapping, Sequence
from typing import Any

from metriccare.definitions.small_cells import LARGEST_SMALL, is_small


class Counts:
    """The counts of one source by field; 0 of 0 for a field that is not in the coverage."""

    def __init__(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self._counts = {row["field"]: (int(row["rows"]), int(row["present"])) for row in rows}

    def rows(self, field: str) -> int:
        """Return the number of rows in which the field is expected."""
        return self._counts.get(field, (0, 0))[0]

    def present(self, field: str) -> int:
        """Return the number of those rows in which it is present."""
        return self._counts.get(field, (0, 0))[1]

    def share(self, field: str) -> float:
        """Return the share of rows in which the field is present; 1 if it is expected in none."""
        return self.present(field) / self.rows(field) if self.rows(field) else 1.0

    def is_absent(self, field: str) -> bool:
        """True if the field is expected but never present."""
        return self.rows(field) > 0 and not self.present(field)

    def missing(self, field: str) -> str:
        """Return as a phrase how many rows lack the field."""
        return portion(self.rows(field) - self.present(field), self.rows(field))


def portion(part: int, whole: int) -> str:
    """Return `12 of 40`, or a phrase without numbers if one of the two parts is a small count."""
    if part == whole:
        return f"all {whole:,}" if whole > LARGEST_SMALL else "all"
    if part <= LARGEST_SMALL:
        return "a few"
    return f"{part:,} of {whole:,}" if whole - part > LARGEST_SMALL else "nearly all"


def hidden(count: int) -> str:
    """Return a count as text, a small one as `1-10`."""
    return f"1-{LARGEST_SMALL}" if is_small(count) else f"{count:,}"
