import pytest
from benchmarks.pipeline.ratios import Ratio, in_units, ratios

FIGURES = {"work_s": 10.0, "wall_s": 15.0, "written_mb": 40.0}


def test_times_are_given_in_what_duckdb_needs_for_the_full_build_of_m() -> None:
    found = {
        "full-M": {"duckdb": FIGURES | {"wall_s": 5.0}, "metriccare": FIGURES},
        "run": {"metriccare": FIGURES},
    }
    assert in_units(found) == {"full-M": {"duckdb": 1.0, "metriccare": 3.0}, "run": {"metriccare": 3.0}}


def test_ratios_are_of_medians_and_those_of_a_goal_have_it_with_them() -> None:
    found = {
        "full-M": {"metriccare": FIGURES, "plain spark": FIGURES | {"work_s": 8.0}},
        "delivery-M": {"metriccare": FIGURES | {"work_s": 2.0, "written_mb": 4.0}},
        "delivery-3M": {"metriccare": FIGURES | {"work_s": 3.0}},
        "nothing-M": {"metriccare": FIGURES | {"wall_s": 0.3}},
    }
    assert ratios(found) == {
        "delivery-M / full-M, work": Ratio(0.2, 0.1),
        "delivery-M / full-M, bytes": Ratio(0.1, 0.05),
        "delivery-3M / delivery-M, wall": Ratio(1.0),
        "delivery-3M / delivery-M, work": Ratio(1.5),
        "full-M / plain Spark, work": Ratio(1.25, 1.3),
        "nothing-M, seconds": Ratio(0.3, 1.0),
    }


@pytest.mark.parametrize("side", ["duckdb", "metriccare"])
def test_without_metriccare_at_both_there_is_no_ratio(side: str) -> None:
    assert ratios({"full-S": {side: FIGURES}, "delivery-S": {"duckdb": FIGURES}}) == {}
