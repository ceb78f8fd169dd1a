"""Exploring a lake: its tables, views and measures, and one hospital against the others."""

from collections.abc import Iterator
from datetime import date

import pytest
from pyspark.sql import SparkSession
from tests.support import builders
from tests.support.builders import HEART_FAILURE, encounter, organization, patient, stay_for, story
from tests.support.rows import run_row
from tests.support.tables import frame

from metriccare.definitions.schemas import GOLD_RUN
from metriccare.definitions.tables import TABLES
from metriccare.errors import LakeError, ParameterError
from metriccare.lake.tables import SparkLake, TableWriter
from metriccare.reporting import explore
from metriccare.reporting.explore.cases import cases
from metriccare.reporting.explore.stay_list import HIDDEN
from metriccare.reporting.results import find_results
from metriccare.settings import Lake

AS_OF = date(2025, 6, 30)
MEASURE = "readmission_30_day"
FIRST = {"start": "2025-03-01T08:00:00Z", "end": "2025-03-05T10:00:00Z"}
STORIES = {
    "explore-back": story(
        stay_for(HEART_FAILURE, "a", disposition="home", hospital="X1", **FIRST),
        encounter("b", start="2025-03-20", end="2025-03-21", hospital="X2"),
    ),
    "explore-home": story(encounter("a", hospital="X1", **FIRST), of=patient(born="1935-01-01")),
    "explore-other": story(encounter("a", hospital="X2", **FIRST), of=patient(born="1990-01-01")),
    "explore-names": [organization("X1", "General Hospital"), organization("X2", "County Hospital")],
}
MINE = [name for name in STORIES if name != "explore-names"]


@pytest.fixture(scope="module")
def place(lake: builders.Lake, spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """The tables of the stories, all of test data."""
    target = Lake.at(tmp_path_factory.mktemp("explore"))
    told = lake.gold(AS_OF, *MINE)
    rows = {
        "silver.stay": lake.stays_of(*MINE),
        "gold.stay_measure": told.stay_measure,
        "gold.measure_published": told.results,
        "gold.measure_result": told.results,
    }
    frames = {name: frame(spark, TABLES[name], held) for name, held in rows.items()}
    frames["gold.run"] = spark.createDataFrame([run_row(as_of=AS_OF)], GOLD_RUN)
    for name, held in frames.items():
        TableWriter(SparkLake(spark, target), builders.RUN).replace(TABLES[name], held)
    return target


@pytest.fixture(scope="module")
def data(place: Lake) -> explore.OpenLake:
    return explore.open_lake(place)


@pytest.fixture
def real(data: explore.OpenLake, monkeypatch: pytest.MonkeyPatch) -> explore.OpenLake:
    """The same, said to hold real data."""
    row = data.newest_run | {"is_synthetic": False}
    monkeypatch.setattr("metriccare.reporting.explore.handle.newest_run", lambda _: row)
    return data


@pytest.fixture
def views(spark: SparkSession) -> Iterator[None]:
    yield
    for view in ("stay", "stay_measure", "measure_published", "measure_result", "run"):
        spark.catalog.dropTempView(view)


def test_a_table_is_read_by_its_name_with_or_without_its_layer(data: explore.OpenLake) -> None:
    ids = sorted(data.table("silver.stay", ["id"])["id"].to_pylist())
    assert ids == ["explore-back.a", "explore-back.b", "explore-home.a", "explore-other.a"]
    assert sorted(data.table("stay").to_pandas()["id"]) == ids


def test_spark_reads_the_same_table(data: explore.OpenLake) -> None:
    assert data.spark("stay_measure").count() == data.table("gold.stay_measure").num_rows


def test_all_written_tables_become_views(data: explore.OpenLake, spark: SparkSession, views: None) -> None:
    assert data.register_views() == ["stay", "stay_measure", "measure_result", "measure_published", "run"]
    assert spark.sql("select count(*) as n from stay where hospital_id = 'X1'").first()["n"] == 2


def test_a_view_of_a_table_that_is_not_written_is_refused(data: explore.OpenLake) -> None:
    with pytest.raises(LakeError, match=r"has no table silver\.patient yet"):
        data.register_views("patient")
    with pytest.raises(ParameterError, match=r"no table 'stays': use one of bronze\.record, silver\.patient"):
        data.register_views("stays")


def test_the_measures_are_a_table_for_people(data: explore.OpenLake) -> None:
    by_hospital = data.measures(MEASURE, by="hospital")
    assert by_hospital["Hospital"].tolist() == ["General Hospital", "County Hospital"]
    assert by_hospital["Count"].tolist() == ["1", "0"]
    with pytest.raises(ParameterError, match="no results for 'readmission' by all: use one of"):
        data.measures("readmission")


def test_the_stays_that_count_are_those_of_the_results(data: explore.OpenLake) -> None:
    for profile in ("all_adult", "simple"):
        for row in find_results(data.lake, profile, "hospital", unsuppressed=True):
            if row["measure"] in explore.MEASURES:
                found = cases(data, row["measure"], profile)
                mine = found[found["hospital_id"] == row["stratum_value"]]
                assert (mine["is_event"].sum(), len(mine)) == (row["numerator"], row["denominator"]), row


def test_a_hospital_is_asked_for_by_name_or_id_and_held_against_the_others(data: explore.OpenLake) -> None:
    found = explore.drivers(data, MEASURE, "General Hospital")
    assert found.rows.equals(explore.drivers(data, MEASURE, "X1").rows)
    (female,) = found.rows[found.rows["factor"] == "sex"].to_dict("records")
    assert (female["stays"], female["events"], female["stays_elsewhere"]) == (2, 1, 2)
    assert female["excess"] == 1
    assert explore.picture(found)._repr_png_()


def test_the_highest_rate_leads_to_the_hospital(data: explore.OpenLake) -> None:
    assert data.highest(MEASURE) == "X1"


def test_the_stays_with_an_event_are_what_why_takes(data: explore.OpenLake) -> None:
    rows = explore.stays(data, MEASURE, "X1")
    assert rows.index.tolist() == ["explore-back.a"]
    (row,) = rows.to_dict("records")
    assert (row["days_to_event"], row["next_stay"]) == (15, "explore-back.b")
    assert row["diagnosis"] == f"display of {HEART_FAILURE}"


def test_stays_can_be_filtered_by_group_and_name_patients_only_where_asked(data: explore.OpenLake) -> None:
    all_of_them = explore.stays(data, MEASURE, "X1", only_events=False, patients=True)
    assert all_of_them["patient_id"].tolist() == ["explore-back.p", "explore-home.p"]
    old = explore.stays(data, MEASURE, "X1", only_events=False, age_band="85+")
    assert old.index.tolist() == ["explore-home.a"]
    assert "patient_id" not in old


@pytest.mark.parametrize(
    ("hospital", "groups", "sentence"),
    [
        ("X9", {}, r"no hospital 'X9': pass one of these ids: X1 \(General Hospital\), X2 \(County"),
        ("X1", {"age": "85+"}, "no factor 'age': use one of age_band, sex"),
        ("X1", {"age_band": "18-44"}, r"No stay has age_band '18-44': use one of 45-64, 85\+"),
    ],
)
def test_what_is_not_known_is_refused_with_what_there_is(
    data: explore.OpenLake, hospital: str, groups: dict[str, str], sentence: str
) -> None:
    with pytest.raises(ParameterError, match=sentence):
        explore.stays(data, MEASURE, hospital, **groups)


@pytest.mark.parametrize("measure", ["length_of_stay_billing", "readmission"])
def test_only_measures_of_yes_or_no_are_compared(data: explore.OpenLake, measure: str) -> None:
    with pytest.raises(ParameterError, match="can't be compared: use one of readmission_30_day"):
        explore.drivers(data, measure, "X1")


def test_without_a_hospital_nothing_is_found_and_nothing_is_read() -> None:
    nowhere = explore.open_lake("s3://nowhere/lake")
    found = explore.drivers(nowhere, MEASURE, "")
    assert found.rows.empty
    assert explore.picture(found)._repr_png_()
    assert explore.stays(nowhere, MEASURE, "").empty


def test_of_real_data_small_groups_and_single_stays_are_shown_on_demand_only(real: explore.OpenLake) -> None:
    assert explore.drivers(real, MEASURE, "X1").rows["stays"].isna().all()
    assert explore.drivers(real, MEASURE, "X1", unsuppressed=True).rows["stays"].notna().all()
    assert explore.stays(real, MEASURE, "X1").index.tolist() == [HIDDEN]
    assert len(explore.stays(real, MEASURE, "X1", unsuppressed=True)) == 1


def test_a_lake_of_one_hospital_has_nothing_to_compare(
    data: explore.OpenLake, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = cases(data, MEASURE)
    alone = found[found["hospital_id"] == "X1"]
    monkeypatch.setattr("metriccare.reporting.explore.comparison.cases", lambda *_: alone)
    with pytest.raises(LakeError, match="has only one hospital"):
        explore.drivers(data, MEASURE, "X1")
