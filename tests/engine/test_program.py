"""Programs: rows in, rows out, with what their steps look up."""

from datetime import date

import duckdb
import pyarrow as pa
import pytest

from metriccare.definitions import value_sets
from metriccare.definitions.measures import MEASURES
from metriccare.definitions.profiles import PROFILES
from metriccare.definitions.sources import Source, Sources
from metriccare.definitions.value_sets import Code
from metriccare.engine import Database, Program, Reference, Step

NUMBERS = {"number": "n INT"}


def program(select: str, gives: str = "n INT") -> Program:
    return Program(NUMBERS, (Step("made", select),), {"made": gives})


def test_a_table_that_is_not_given_is_empty() -> None:
    assert program("FROM number").run({}, Reference())["made"].num_rows == 0


def test_a_step_may_read_the_table_that_it_replaces() -> None:
    steps = (
        Step("number", "SELECT n + 1 AS n FROM number"),
        Step("number", "SELECT n * 10 AS n FROM number"),
    )
    made = Program(NUMBERS, steps, NUMBERS).run({"number": pa.table({"n": [1, 2]})}, Reference())
    assert sorted(made["number"]["n"].to_pylist()) == [20, 30]


def test_a_missing_column_is_an_error_that_names_it() -> None:
    with pytest.raises(duckdb.Error, match="missing"):
        program("FROM number", "n INT, missing STRING").run({}, Reference())


def test_calls_do_not_see_each_other() -> None:
    one = program("SELECT count(*) AS n FROM number")
    rows = {"number": pa.table({"n": [1]})}
    assert [one.run(rows, Reference())["made"]["n"].to_pylist() for _ in range(2)] == [[1], [1]]


def test_the_values_of_the_run_keep_their_types() -> None:
    reference = Reference({"as_of": date(2025, 6, 30), "run_id": "run-1"})
    with Database(reference) as database:
        found = database.select(
            "SELECT getvariable('as_of') - 1 AS day, getvariable('run_id') AS run"
        ).to_pylist()
    assert found == [{"day": date(2025, 6, 29), "run": "run-1"}]


@pytest.mark.parametrize("name", [name for name in value_sets.names() if value_sets.load(name)])
def test_every_code_of_a_value_set_has_its_category(name: str) -> None:
    expected = {(code.system, code.code): code.category for code in value_sets.load(name)}
    given = [{"system": system or None, "code": code} for system, code in expected]
    with Database(Reference()) as database:
        database.put({"given": pa.Table.from_pylist(given)})
        coding = "{'system': system, 'code': code}"
        rows = database.select(f"SELECT *, category_of('{name}', {coding}) AS found FROM given").to_pylist()
    assert {(row["system"] or "", row["code"]): row["found"] for row in rows} == expected


def test_the_codes_of_a_category_are_in_the_order_of_their_file() -> None:
    expected = list(value_sets.codes("diagnosis_role", "principal"))
    assert len(expected) > 1
    with Database(Reference()) as database:
        found = database.select("SELECT codes('diagnosis_role', 'principal') AS codes").to_pylist()
    assert found == [{"codes": expected}]


def test_what_is_configured_is_there_as_tables() -> None:
    source = Source(
        timezone="Europe/Berlin",
        has_dispositions=True,
        class_map=(Code("urn:x", "I", "inpatient", "acute_inpatient", "", "", ""),),
        hospital_timezones={"H1": "Asia/Tokyo"},
        hospital_aliases={"H9": "H1"},
        cancer_hospitals=("H1",),
    )
    reference = Reference(sources=Sources({"north": source}, "UTC"))
    with Database(reference) as database:
        (north,) = database.select("FROM source").to_pylist()
        hospitals = {row["hospital_id"]: row for row in database.select("FROM hospital").to_pylist()}
        (code,) = database.select("FROM own_code").to_pylist()
        (zone,) = database.select("SELECT getvariable('timezone') AS zone").to_pylist()
    assert north == {
        "source": "north",
        "timezone": "Europe/Berlin",
        "has_dispositions": True,
        "inpatient_by_type": False,
    }
    assert (hospitals["H1"]["timezone"], hospitals["H1"]["is_cancer_hospital"]) == ("Asia/Tokyo", True)
    assert (hospitals["H9"]["alias_of"], hospitals["H9"]["is_cancer_hospital"]) == ("H1", False)
    assert code == {
        "source": "north",
        "value_set": "encounter_class",
        "key": "urn:x|I",
        "category": "acute_inpatient",
    }
    assert zone == {"zone": "UTC"}


def test_each_profile_is_a_row() -> None:
    with Database(Reference()) as database:
        rows = {row["profile"]: row for row in database.select("FROM profile").to_pylist()}
    assert list(rows) == [one.name for one in PROFILES]
    assert (rows["cms_like"]["min_age"], rows["simple"]["min_age"], rows["simple"]["is_plain"]) == (
        65,
        None,
        True,
    )


def test_an_error_names_its_step() -> None:
    with pytest.raises(duckdb.Error) as caught:
        program("SELECT n / 'x' AS n FROM unknown").run({}, Reference())
    assert caught.value.__notes__ == ["In the step made."]


def test_each_measure_is_a_row_with_the_decision_that_it_sums_up() -> None:
    with Database(Reference()) as database:
        rows = {row["measure"]: row for row in database.select("FROM measure").to_pylist()}
    assert list(rows) == list(MEASURES)
    assert rows["length_of_stay_median"]["decision"] == "length_of_stay_billing"
    assert (
        rows["infection_per_1000_patient_days"]["kind"],
        rows["infection_per_1000_patient_days"]["per"],
    ) == (
        "rate",
        1000.0,
    )
