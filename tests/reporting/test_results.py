import csv
import io
import json

import pytest
from tests.support.hudi_tables import columns_of
from tests.support.rows import result_row

from metriccare.definitions.measures import MEASURES
from metriccare.definitions.schemas import GOLD_MEASURE_RESULT
from metriccare.errors import LakeError
from metriccare.lake.run_log import newest_run
from metriccare.reporting.results import COLUMNS, _order, find_results, profiles_of, to_csv, to_json


def test_the_newest_run_is_the_one_that_ran_last(finished_lake):
    assert newest_run(finished_lake)["run_id"] == "run-2"


def test_results_are_those_of_the_newest_runs_date_in_the_order_of_the_design(finished_lake):
    rows = find_results(finished_lake)

    assert [row["measure"] for row in rows] == ["mortality_in_hospital", "length_of_stay_midnights"]
    assert {str(row["as_of"]) for row in rows} == {"2025-06-30"}


def test_results_of_an_earlier_date_can_be_asked_for(finished_lake):
    (row,) = find_results(finished_lake, as_of="2025-03-31")

    assert row["rate"] == 0.5


def test_columns_are_those_of_the_table():
    assert list(COLUMNS) == [name for name, _ in columns_of(GOLD_MEASURE_RESULT)]


def test_results_are_in_the_order_of_the_registry_and_unknown_measures_come_last():
    rows = [result_row(name) for name in ("of_another_version", *reversed(MEASURES))]

    assert [row["measure"] for row in sorted(rows, key=_order)] == [*MEASURES, "of_another_version"]


def test_the_profiles_are_those_of_the_newest_runs_date(finished_lake):
    assert profiles_of(finished_lake) == ["all_adult"]


def test_small_cells_are_hidden_unless_the_internal_table_is_asked_for(finished_lake):
    published = find_results(finished_lake, stratum="hospital")
    internal = find_results(finished_lake, stratum="hospital", unsuppressed=True)

    assert [row["rate"] for row in published] == [0.123, None]
    assert [row["rate"] for row in internal] == [0.123, 0.123]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"profile": "simple"}, "no results for profile simple; the lake has all_adult"),
        ({"stratum": "code"}, "no results for stratum code; the lake has all, hospital"),
        ({"as_of": "1999-01-01"}, "no results for as_of 1999-01-01; the lake has 2025-03-31, 2025-06-30"),
    ],
)
def test_what_is_not_there_is_answered_with_what_is(finished_lake, asked, sentence):
    with pytest.raises(LakeError, match=sentence):
        find_results(finished_lake, **asked)


def test_json_has_exactly_the_columns_of_the_design_and_maps_as_objects(finished_lake):
    rows = json.loads(to_json(find_results(finished_lake)))

    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["excluded"] == {"age_below_18": 12}
    assert (rows[0]["as_of"], rows[0]["rate"], rows[0]["expected"]) == ("2025-06-30", 0.123, None)


def test_csv_has_a_header_and_one_line_per_result(finished_lake):
    rows = list(csv.DictReader(io.StringIO(to_csv(find_results(finished_lake)))))

    assert tuple(rows[0]) == COLUMNS
    assert json.loads(rows[0]["excluded"]) == {"age_below_18": 12}
    assert [row["rate"] for row in rows] == ["0.123", "4.25"]
