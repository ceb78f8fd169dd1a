"""What is hidden in a comparison of real data, and that no sum gives it away."""

import pandas as pd
import pytest
from tests.reporting.explore.facts import grouped, several

from metriccare.reporting.explore.comparison import compare
from metriccare.reporting.explore.small import HIDDEN, hide_small

NUMBERS = [
    "stays",
    "share",
    "events",
    "rate",
    "stays_elsewhere",
    "rate_elsewhere",
    "expected",
    "excess",
    "mix",
]


def shown(*groups: tuple[int, int], elsewhere: tuple[int, int] = (200, 100)) -> pd.DataFrame:
    """Return the rows of a comparison in which dispositions have so many stays and events."""
    kinds = ("home", "hospice", "post_acute", "expired")
    here = [
        one for n, kind in zip(groups, kinds, strict=False) for one in several(*n, disposition_class=kind)
    ]
    there = [
        one
        for kind in kinds[: len(groups)]
        for one in several(*elsewhere, disposition_class=kind, hospital_id="h2")
    ]
    rows = hide_small(compare(grouped(*here, *there), "h1"))
    return rows[rows["factor"] == "disposition"].set_index("group")


def hidden(rows: pd.DataFrame) -> set[str]:
    return set(rows.index[rows["note"] == HIDDEN])


def test_groups_of_eleven_are_shown() -> None:
    rows = shown((22, 11), (40, 20))
    assert hidden(rows) == set()
    assert rows.loc["home", "events"] == 11


@pytest.mark.parametrize("counts", [(21, 10), (100, 1), (21, 11), (10, 0), (5, 5)])
def test_small_counts_of_stays_events_and_the_rest_are_hidden(counts: tuple[int, int]) -> None:
    rows = shown(counts, (100, 50), (60, 30), (80, 40))
    assert "home" in hidden(rows)
    assert rows.loc[list(hidden(rows)), NUMBERS].isna().all(axis=None)


def test_a_zero_is_shown() -> None:
    assert hidden(shown((50, 0), (40, 20))) == set()


def test_a_hidden_group_is_not_left_alone_since_the_total_is_known() -> None:
    assert hidden(shown((100, 50), (30, 3), (60, 30))) == {"hospice", "post-acute care"}


def test_hidden_groups_together_are_no_small_cell() -> None:
    assert len(hidden(shown((100, 50), (30, 3), (40, 4), (60, 30)))) == 3


def test_groups_that_are_small_elsewhere_are_hidden_too() -> None:
    assert hidden(shown((100, 50), (60, 30), elsewhere=(40, 5))) == {"home", "hospice"}


def test_hidden_rows_come_last_in_no_telling_order() -> None:
    rows = shown((30, 9), (40, 2), (100, 50), (30, 1))
    assert rows.index[-len(hidden(rows)) :].tolist() == sorted(hidden(rows))
