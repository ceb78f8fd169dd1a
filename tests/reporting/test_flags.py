"""The flags of the silver tables, counted without a JVM."""

from pathlib import Path

from tests.support.hudi_tables import write_table

from metriccare.definitions.tables import CONDITION, ENCOUNTER, ORGANIZATION, PATIENT, STAY
from metriccare.reporting.flags import flag_table
from metriccare.settings import Lake

FLAGS = {
    PATIENT: [["a", "b"], ["b"], [], []],
    ENCOUNTER: [["c"], [], []],
    CONDITION: [[]],
    ORGANIZATION: [],
    STAY: [["b", "a"]],
}


def test_flags_are_counted_by_table_with_their_share_the_most_frequent_first(tmp_path: Path) -> None:
    lake = Lake.at(tmp_path)
    for table, flags in FLAGS.items():
        rows = [{"id": str(at), "quality_flags": one} for at, one in enumerate(flags)]
        write_table(lake, table, rows, "id STRING, quality_flags ARRAY<STRING>")

    assert flag_table(lake, exact=True).to_numpy().tolist() == [
        ["encounter", "c", 1, 0.3333],
        ["patient", "b", 2, 0.5],
        ["patient", "a", 1, 0.25],
        ["stay", "a", 1, 1.0],
        ["stay", "b", 1, 1.0],
    ]
    shown = flag_table(lake, exact=False)
    assert list(shown.columns) == ["table", "flag", "rows", "share"]
    assert shown.to_numpy().tolist()[0] == ["encounter", "c", "1-10", "some"]
