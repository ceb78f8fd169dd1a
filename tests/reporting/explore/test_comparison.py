"""The comparison of a hospital with the others, with numbers worked out by hand."""

import pandas as pd
import pytest
from tests.reporting.explore.facts import fact, grouped, several

from metriccare.reporting.explore.comparison import COLUMNS, NOT_ELSEWHERE, Drivers, compare

OLD, YOUNG = {"age": 80.0}, {"age": 30.0}


@pytest.fixture
def rows() -> pd.DataFrame:
    """h1: 5 of 10 old, 2 of 10 young; the others: 4 of 20 old, 6 of 60 young."""
    stays = [
        *several(10, 5, hospital_id="h1", **OLD),
        *several(10, 2, hospital_id="h1", **YOUNG),
        *several(20, 4, hospital_id="h2", **OLD),
        *several(40, 6, hospital_id="h2", **YOUNG),
        *several(20, 0, hospital_id="h3", **YOUNG),
    ]
    return compare(grouped(*stays), "h1")


def of(rows: pd.DataFrame, factor: str, group: str) -> dict[str, object]:
    (row,) = rows[(rows["factor"] == factor) & (rows["group"] == group)].to_dict("records")
    return {str(name): value for name, value in row.items()}


def test_a_group_is_held_against_the_same_group_of_all_others(rows: pd.DataFrame) -> None:
    old = of(rows, "age_band", "75-84")
    assert (old["stays"], old["events"], old["rate"], old["share"]) == (10, 5, 0.5, 0.5)
    assert (old["stays_elsewhere"], old["events_elsewhere"]) == (20, 4)
    assert (old["rate_elsewhere"], old["share_elsewhere"]) == (0.2, 0.25)
    assert (old["expected"], old["excess"], old["note"]) == (2.0, 3.0, "")


def test_the_greatest_excess_comes_first(rows: pd.DataFrame) -> None:
    assert list(rows.columns) == list(COLUMNS)
    # the factors in which all stays are one group: 7 events, where 20 x 10 / 80 are expected
    assert rows["excess"].tolist() == [4.5] * 5 + [3.0, 1.0]


def test_more_stays_in_a_group_with_a_higher_rate_are_shown_as_mix(rows: pd.DataFrame) -> None:
    # 20 stays x (0.5 - 0.25) x (0.2 - 0.125); 20 x (0.5 - 0.75) x (0.1 - 0.125)
    assert of(rows, "age_band", "75-84")["mix"] == pytest.approx(0.375)
    assert of(rows, "age_band", "18-44")["mix"] == pytest.approx(0.125)
    assert of(rows, "sex", "female")["mix"] == pytest.approx(0.0)


def test_excess_and_mix_of_a_factor_add_up_to_the_difference_over_all(rows: pd.DataFrame) -> None:
    sums = rows.groupby("factor")[["excess", "mix"]].sum().sum(axis=1)
    assert sums.tolist() == pytest.approx([7 - 20 * 10 / 80] * len(sums))


def test_stays_that_no_other_hospital_has_are_compared_with_nothing() -> None:
    stays = [fact(sex="male"), *several(2, 1), *several(4, 1, hospital_id="h2")]
    male = of(compare(grouped(*stays), "h1"), "sex", "male")
    assert (male["stays"], male["stays_elsewhere"], male["note"]) == (1, 0, NOT_ELSEWHERE)
    assert pd.isna([male["rate_elsewhere"], male["excess"], male["mix"]]).all()


def test_a_group_that_only_others_have_weighs_in_the_mix() -> None:
    stays = [*several(2, 1), *several(2, 0, hospital_id="h2"), *several(2, 2, hospital_id="h2", sex="male")]
    male = of(compare(grouped(*stays), "h1"), "sex", "male")
    assert (male["stays"], male["events"], male["excess"]) == (0, 0, 0)
    assert male["mix"] == pytest.approx(2 * (0 - 0.5) * (1 - 0.5))


def test_a_notebook_shows_the_first_rows_and_no_null(rows: pd.DataFrame) -> None:
    found = Drivers("readmission_30_day", "all_adult", "h1", "One", False, rows)
    assert found.table(3).shape[0] == 3
    assert "NaN" not in found._repr_html_()
    assert "75-84" in found._repr_html_()


def test_the_greatest_excess_is_a_filter_of_stays(rows: pd.DataFrame) -> None:
    def greatest(shown: pd.DataFrame) -> dict[str, str]:
        return Drivers("readmission_30_day", "all_adult", "h1", "One", False, shown).greatest()

    assert greatest(rows[rows["factor"] == "age_band"]) == {"age_band": "75-84"}
    assert greatest(rows.assign(excess=None)) == {}
