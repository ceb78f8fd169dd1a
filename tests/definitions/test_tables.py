"""The registry of tables: light, without contradictions, and what others list is what it lists."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from metriccare.definitions.schemas.contract import struct_of
from metriccare.definitions.tables import MEASURE_PUBLISHED, RESOURCES, STAY, TABLES, Table, of_layer

ROOT = Path(__file__).parents[2]


def test_it_loads_nothing_heavy() -> None:
    code = "import sys, metriccare.definitions.tables; print({'pyspark', 'pandas', 'pyarrow'} & set(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "set()"


def test_a_table_is_named_with_its_layer_and_lies_there() -> None:
    assert str(STAY) == "silver.stay"
    assert STAY.path("s3://bucket/lake") == "s3://bucket/lake/silver/stay"


def test_names_are_unique_across_layers() -> None:
    names = [table.name for table in TABLES.values()]
    assert len(set(names)) == len(names) == sum(len(of_layer(one)) for one in ("bronze", "silver", "gold"))


@pytest.mark.parametrize("table", TABLES.values(), ids=str)
def test_key_and_partition_are_columns(spark: SparkSession, table: Table) -> None:
    columns = struct_of(table.columns).names
    assert table.column_names == tuple(columns)
    assert {*table.key} <= {*columns}
    assert table.partition in ("", *columns)


def test_every_resource_type_has_its_table() -> None:
    assert {kind.lower(): table.layer for kind, table in RESOURCES.items()} == {
        table.name: "silver" for table in of_layer("silver")[:4]
    }


def test_the_documented_tables_and_keys_are_these() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\| (`(?:bronze|silver|gold)\.[^|]*)\|", text, re.MULTILINE)
    documented = [name for line in lines for name in _full_names(line)]
    assert sorted(documented) == sorted(TABLES)


def _full_names(cell: str) -> list[str]:
    """Return the names of a cell like `silver.patient`, `.encounter`."""
    first, *others = re.findall(r"`([^`]+)`", cell)
    return [first, *(f"{first.partition('.')[0]}{other}" for other in others)]


def test_the_policy_for_readers_names_the_published_table_only() -> None:
    policy = (ROOT / "infra" / "access.tf").read_text(encoding="utf-8")
    named = {table.name for table in TABLES.values() if re.search(rf"[./]{table.name}\b", policy)}
    assert named == {MEASURE_PUBLISHED.name}
