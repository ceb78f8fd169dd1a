"""Two tables that differ in every way a table can, and two that only look as if they did."""

from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from metriccare.quality.difference import differences, same

NAN, INFINITY = float("nan"), float("inf")
SCHEMA = """source string, id string, text string, rate double, parts array<string>, excluded map<string,bigint>,
    decision struct<reason: string, evidence: array<struct<id: string, counts: map<string,bigint>>>>,
    nested map<string,map<string,int>>, run_id string"""
KEY, IGNORED = ("source", "id"), ("run_id",)


def row(id: str | None, **changes: Any) -> dict[str, Any]:
    """Return a row whose maps have their entries in one order."""
    plain: dict[str, Any] = {
        "source": "s",
        "id": id,
        "text": "t",
        "rate": 0.1,
        "parts": ["a", "b"],
        "excluded": {"x": 1, "y": 2},
        "decision": ("r", [("e", {"p": 1, "q": 2})]),
        "nested": {"m": {"i": 1, "j": 2}, "n": {}},
        "run_id": "run-2",
    }
    return plain | changes


def turned(id: str | None, **changes: Any) -> dict[str, Any]:
    """Return the same row of an earlier run, with the entries of its maps in the other order."""
    other = {
        "excluded": {"y": 2, "x": 1},
        "decision": ("r", [("e", {"q": 2, "p": 1})]),
        "nested": {"n": {}, "m": {"j": 2, "i": 1}},
        "run_id": "run-1",
    }
    return row(id) | other | changes


# name of the case: (found, expected), rows with that name as id; and what is said of it
CASES: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]], tuple[str, list[str]] | None]] = {
    "same": ([turned("same")], [row("same")], None),
    "nulls": ([row("nulls", text=None, excluded=None, decision=None)],
              [row("nulls", text=None, excluded=None, decision=None)], None),
    "nan": ([row("nan", rate=NAN)], [row("nan", rate=NAN)], None),
    "zero": ([row("zero", rate=-0.0)], [row("zero", rate=0.0)], None),
    "missing": ([], [row("missing")], ("missing", [])),
    "extra": ([row("extra")], [], ("extra", [])),
    "doubled": ([row("doubled"), row("doubled")], [row("doubled")], ("doubled", [])),
    "doubled in both": ([row("doubled in both")] * 2, [row("doubled in both")] * 2, ("doubled", [])),
    "text and list": ([row("text and list", text="u", parts=["b", "a"])], [row("text and list")],
                      ("different", ["text", "parts"])),
    "null": ([row("null", text=None)], [row("null")], ("different", ["text"])),
    "null map": ([row("null map", excluded=None)], [row("null map", excluded={})], ("different", ["excluded"])),
    "map": ([row("map", excluded={"x": 1, "y": 3})], [row("map")], ("different", ["excluded"])),
    "deep map": ([row("deep map", decision=("r", [("e", {"p": 1, "q": 3})]))], [row("deep map")],
                 ("different", ["decision"])),
    "map of maps": ([row("map of maps", nested={"m": {"i": 1}})], [row("map of maps")],
                    ("different", ["nested"])),
    "nan and number": ([row("nan and number", rate=NAN)], [row("nan and number")], ("different", ["rate"])),
    "infinity": ([row("infinity", rate=INFINITY)], [row("infinity")], ("different", ["rate"])),
    "last bit": ([row("last bit", rate=0.1 + 2e-17)], [row("last bit")], ("different", ["rate"])),
    "far": ([row("far", rate=0.1001)], [row("far")], ("different", ["rate"])),
}  # fmt: skip


@pytest.fixture(scope="module")
def tables(spark: SparkSession) -> tuple[DataFrame, DataFrame]:
    found = [row for case in CASES.values() for row in case[0]]
    expected = [row for case in reversed(CASES.values()) for row in case[1]]
    return _frame(spark, [turned(None), *found]), _frame(spark, [*expected, row(None)])


def _frame(spark: SparkSession, rows: list[dict[str, Any]]) -> DataFrame:
    return spark.createDataFrame(rows, SCHEMA)


@pytest.fixture(scope="module")
def told(tables: tuple[DataFrame, DataFrame]) -> dict[str, tuple[str, list[str]]]:
    return {row["id"]: (row["kind"], row["columns"]) for row in differences(*tables, KEY, IGNORED).collect()}


def test_the_last_bit_is_one_double_further() -> None:
    assert 0.1 + 2e-17 != 0.1


@pytest.mark.parametrize("name", CASES)
def test_each_case_is_reported(told: dict[str, tuple[str, list[str]]], name: str) -> None:
    assert told.get(name) == CASES[name][2]


def test_a_key_that_is_null_is_a_key(told: dict[str, tuple[str, list[str]]]) -> None:
    assert None not in told


def test_a_tolerance_forgives_the_last_bits_of_a_sum_and_nothing_else(
    tables: tuple[DataFrame, DataFrame],
) -> None:
    rows = differences(*tables, KEY, IGNORED, tolerance=1e-9).collect()

    other = {row["id"] for row in rows if "rate" in row["columns"]}
    assert other == {"far", "infinity", "nan and number"}
    assert {"text and list", "map", "missing", "extra", "doubled"} <= {row["id"] for row in rows}


def test_the_sentences_count_and_name_the_first_keys(tables: tuple[DataFrame, DataFrame]) -> None:
    assert same(*tables, KEY, IGNORED) == [
        "10 rows differ in decision, excluded, nested, parts, rate, text"
        " (s/deep map, s/far, s/infinity, s/last bit, s/map, …)",
        "2 keys are duplicated (s/doubled, s/doubled in both)",
        "1 row is unexpected (s/extra)",
        "1 row is missing (s/missing)",
    ]


def test_a_table_is_the_same_as_itself_in_another_order_whatever_run_wrote_it(spark: SparkSession) -> None:
    found = _frame(spark, [turned("b"), turned(None), turned("a")])
    expected = _frame(spark, [row("a"), row("b"), row(None)])

    assert same(found, expected, KEY, IGNORED) == []
    assert same(found.select("id"), expected.select("id"), ["id"]) == []
    assert same(found, expected, KEY) == ["3 rows differ in run_id (s/a, s/b, s/null)"]


def test_a_column_of_one_side_is_named(spark: SparkSession) -> None:
    full = _frame(spark, [row("a")])
    less = full.drop("text", "run_id")

    assert same(less, full, KEY, IGNORED) == ["columns are missing (text)"]
    assert same(full, less, KEY) == ["columns are unexpected (run_id, text)"]
