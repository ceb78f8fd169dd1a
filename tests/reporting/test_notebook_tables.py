"""The tables of a notebook: the measures, and the excluded stays by reason."""

import pandas as pd
from tests.support.rows import result_row

from metriccare.reporting.notebook_tables import HIDDEN, exclusion_table


def excluded(**by_measure: dict[str, int] | None) -> pd.DataFrame:
    return exclusion_table(pd.DataFrame([result_row(name, excluded=of) for name, of in by_measure.items()]))


def test_exclusions_are_shown_in_words_the_most_frequent_first() -> None:
    table = excluded(
        readmission_30_day={"under_18": 3, "not_acute": 1200},
        length_of_stay_billing={"under_18": 3},
    )
    assert list(table.index) == [
        "not acute care: a rehabilitation, skilled nursing or psychiatric unit",
        "younger than 18 on admission",
    ]
    assert table["Readmission within 30 days"].tolist() == ["1,200", "3"]
    assert table["Length of stay (billing days)"].tolist() == ["0", "3"]


def test_a_measure_whose_counts_are_suppressed_has_empty_cells() -> None:
    table = excluded(readmission_30_day={"under_18": 30}, length_of_stay_billing=None)
    assert table["Length of stay (billing days)"].tolist() == [""]


def test_where_all_counts_are_suppressed_one_line_says_so() -> None:
    table = excluded(readmission_30_day=None, length_of_stay_billing=None)
    assert list(table.index) == [HIDDEN]
    assert list(table.columns) == ["Readmission within 30 days", "Length of stay (billing days)"]


def test_measures_that_exclude_no_stay_give_an_empty_table() -> None:
    assert excluded(readmission_30_day={}).empty
