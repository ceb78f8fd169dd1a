"""Programs in this process, on rows that are read in parts."""

from collections.abc import Iterator

import pyarrow as pa
import pytest

from metriccare.engine import Program, Reference, Step
from metriccare.engine.here import Parts, choose, run_here

PERSON, VISIT = "id STRING, name STRUCT<given: STRING>", "person STRING, day DATE"
COUNT = Step(
    "visits",
    "SELECT p.name.given AS name, count(v.day) AS n FROM person p LEFT JOIN visit v ON v.person = p.id GROUP BY ALL",
)
VISITS = Program({"person": PERSON, "visit": VISIT}, (COUNT,), {"visits": "name STRING, n BIGINT"})
PEOPLE = pa.Table.from_pylist(
    [{"id": id, "name": {"family": "Smith", "given": id.upper()}, "age": 7} for id in ("a", "b", "c")]
)


def visits(*people: str) -> Iterator[pa.Table]:
    """Yield a part for each visit; there is no day of it yet."""
    for person in people:
        yield pa.table({"person": [person], "day": pa.nulls(1)})


def counted(inputs: list[Parts]) -> dict[str, int]:
    rows = run_here(VISITS, inputs, Reference())["visits"].to_pylist()
    return {row["name"]: row["n"] for row in rows}


def test_a_program_sees_the_rows_of_all_parts() -> None:
    day = pa.table({"person": ["a", "b"], "day": ["2025-01-01", "2025-01-02"]})
    inputs = [Parts("person", [PEOPLE]), Parts("visit", [day, day.slice(1)])]
    assert counted(inputs) == {"A": 1, "B": 2, "C": 0}


def test_a_table_without_parts_is_empty_and_a_column_without_values_is_null() -> None:
    assert counted([Parts("person", [PEOPLE])]) == {"A": 0, "B": 0, "C": 0}
    assert counted([Parts("person", [PEOPLE]), Parts("visit", visits("a", "b"))]) == {"A": 0, "B": 0, "C": 0}


def test_an_input_may_choose_by_the_tables_before_it() -> None:
    known = "SELECT part.person, DATE '2025-01-01' AS day FROM part SEMI JOIN person p ON p.id = part.person"
    inputs = [
        Parts("person", [PEOPLE.slice(0, 1)]),
        Parts("visit", visits("a", "nobody"), known),
        Parts("person", [PEOPLE.slice(1)]),
    ]
    assert counted(inputs) == {"A": 1, "B": 0, "C": 0}


@pytest.mark.parametrize("threads", [1, 4])
def test_threads_change_no_row(threads: int) -> None:
    parts = [PEOPLE] * 50
    found = run_here(VISITS, [Parts("person", parts)], Reference(), threads=threads)["visits"].to_pylist()
    assert sorted((row["name"], row["n"]) for row in found) == [("A", 0), ("B", 0), ("C", 0)]


def test_rows_are_chosen_with_small_tables_at_hand() -> None:
    wanted = {"wanted": pa.table({"id": ["c", "a"]})}
    found = choose(
        [PEOPLE.slice(0, 2), PEOPLE.slice(2)], "FROM part SEMI JOIN wanted USING (id)", "id STRING", wanted
    )
    assert sorted(found["id"].to_pylist()) == ["a", "c"]
    assert choose([], "FROM part", "id STRING").num_rows == 0
