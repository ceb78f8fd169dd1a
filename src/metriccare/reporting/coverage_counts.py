"""The coverage of one source: as counts, for internal use, or in words from which no count can be told."""

from collections.abc import Mapping, Sequence
from typing import Any

LARGE = 500  # rows of which each step of a twentieth holds more numbers than there are small ones
STEP = 0.05
NONE = "none"


class Counts:
    """The counts of one source by field; 0 of 0 for a field that is not in the coverage."""

    def __init__(self, rows: Sequence[Mapping[str, Any]], *, exact: bool = False) -> None:
        """Take the rows of a source.

        Args:
            rows: of gold.coverage, as mappings.
            exact: tell counts as numbers.
        """
        self._counts = {row["field"]: (int(row["rows"]), int(row["present"])) for row in rows}
        self._exact = exact

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

    def having(self, field: str) -> str:
        """Return as a phrase how many rows have the field, such as `most` or `about 35 % of the`."""
        return portion(self.present(field), self.rows(field), exact=self._exact)

    def missing(self, field: str) -> str:
        """Return as a phrase how many rows lack the field."""
        return portion(self.rows(field) - self.present(field), self.rows(field), exact=self._exact)


def portion(part: int, whole: int, *, exact: bool = False) -> str:
    """Return how many of some rows these are, as what stands before their name: `12 of 40`, or `some`."""
    if exact:
        return f"all {whole:,}" if part == whole else f"{part:,} of {whole:,}"
    words = share_in_words(part, whole)
    return f"{words} of the" if words.endswith("%") else words


def share_in_words(part: int, whole: int) -> str:
    """Return a share without telling either number: `all`, `about 35 %`, or of fewer than 500 rows `some`."""
    if not whole:
        return "-"
    share = part / whole
    if part in (0, whole):
        return "all" if part else NONE
    if not STEP <= share <= 1 - STEP:
        return "a few" if share < STEP else "nearly all"
    if whole >= LARGE:
        return f"about {round(100 * STEP * round(share / STEP))} %"
    return "some" if share < 0.5 else "most"  # noqa: PLR2004
