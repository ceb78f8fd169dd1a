"""No input kills the record reader, hangs it, disappears in it, or is read by Spark as something else."""

import base64
import json
import math
import re
import time
from typing import Any

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from tests.bronze.mutations import inputs

from metriccare.bronze import classify, reread
from metriccare.bronze.refusal import REASONS
from metriccare.definitions import schemas
from metriccare.definitions.schemas import PIECE, SHAPES, Leaf, Shape
from metriccare.fhir.ndjson import Text

FEW, MANY = 500, 10_000
SEED = 20261127
READ = {kind: getattr(schemas, f"FHIR_{kind.upper()}") for kind in SHAPES}
PATH = re.compile(r"[0-9]+(/entry\[[0-9]+\])*")
ENTRY = re.compile(r"/entry\[([0-9]+)\]")
count = pytest.mark.parametrize("count", [FEW, pytest.param(MANY, marks=pytest.mark.long)])


def body_of(piece: dict[str, Any]) -> bytes:
    text = str(piece["body"])
    return base64.b64decode(text) if piece["body_encoding"] == "base64" else text.encode()


@count
def test_every_input_is_taken_or_refused_with_a_reason_and_nothing_of_it_is_lost(count: int) -> None:
    slowest = 0.0
    kinds = set()
    for text in inputs(SEED, count):
        began = time.process_time()
        found = classify(Text(12, text))
        slowest = max(slowest, time.process_time() - began)
        kinds |= {one["reason_code"] or one["resource_type"] for one in found}
        assert bool(found) == bool(text.strip())
        for one in found:
            assert PATH.fullmatch(one["position"])
            assert body_of(one) in text
            assert (one["resource_type"] == "_quarantine") == (one["reason_code"] is not None)
            assert one["reason_code"] is None or one["reason_code"] in REASONS
            assert one["resource_type"] not in SHAPES or one["resource_id"]
            json.dumps([one["resource"], one["bundle"], one["reason"]]).encode()
        whole = [one for one in found if "/" not in one["position"]]
        assert not whole or (len(found) == 1 and body_of(whole[0]) == text)
        if not whole and text.strip():
            named = {int(ENTRY.findall(one["position"])[0]) for one in found}
            assert named == set(range(len(json.loads(text)["entry"])))
    assert slowest < 5  # seconds: nothing hangs
    assert kinds >= {
        *SHAPES,
        "Bundle",
        "not_json",
        "not_utf8",
        "wrong_type",
        "duplicate_key",
        "too_deep",
        "no_id",
    }
    assert kinds >= {
        "unknown_resource_type",
        "modifier_extension",
        "bundle_unreadable",
        "bad_entry",
        "not_a_resource",
    }


@count
def test_what_is_refused_is_refused_alike_when_it_is_read_once_more(count: int) -> None:
    for text in inputs(SEED + 1, count // 2):
        for one in classify(Text(3, text)):
            if one["reason_code"]:
                assert reread(str(one["position"]), body_of(one), one["bundle"]) == [one]


@count
def test_spark_reads_of_every_accepted_resource_what_stands_there(spark: SparkSession, count: int) -> None:
    where = {"source": "s", "file": "f", "file_version": "v"}
    pieces = [
        {**where, **one, "position": f"{number}:{one['position']}"}
        for number, text in enumerate(inputs(SEED, count))
        for one in classify(Text(0, text))
        if one["resource_type"] in SHAPES and not _is_deletion(one)
    ]
    assert len(pieces) > count / 4
    frame = spark.createDataFrame(pieces, PIECE)
    for kind, shape in SHAPES.items():
        of_kind = frame.filter(F.col("resource_type") == kind)
        text = F.coalesce("resource", "body")
        rows = of_kind.select("position", F.from_json(text, READ[kind]).alias("r")).collect()
        found = {row.position: row.r.asDict(recursive=True) for row in rows}
        expected = {
            str(one["position"]): _read(json.loads(str(one["resource"] or one["body"])), shape)
            for one in pieces
            if one["resource_type"] == kind
        }
        assert found.keys() == expected.keys()
        for position, value in expected.items():
            assert _same(found[position], value), (kind, position, found[position], value)


def _is_deletion(piece: dict[str, Any]) -> bool:
    return piece["resource"] is None and piece["bundle"] is not None


def _read(value: Any, shape: Shape) -> Any:
    """Return what a shape reads of a value: absent and null alike, an object without anything read like none."""
    if isinstance(shape, dict):
        parts = {name: _read((value or {}).get(name), part) for name, part in shape.items()}
        return parts if any(part is not None for part in parts.values()) else None
    if isinstance(shape, list):
        return None if value is None else [_read(one, shape[0]) for one in value]
    return value


def _same(found: Any, expected: Any) -> bool:
    if isinstance(found, dict):
        names = {name: part for name, part in found.items() if part is not None}
        return all(_same(names.get(name), (expected or {}).get(name)) for name in {*names, *(expected or {})})
    if isinstance(found, list) and isinstance(expected, list):
        return len(found) == len(expected) and all(map(_same, found, expected))
    if isinstance(expected, bool):
        return bool(found == str(expected).lower())
    if isinstance(expected, int | float):
        return found is not None and math.isclose(float(found), expected)
    return bool(found == expected)


def test_the_shapes_have_no_leaf_that_is_not_compared() -> None:
    assert {leaf for shape in SHAPES.values() for leaf in _leaves(shape)} == set(Leaf)


def _leaves(shape: Shape) -> set[Leaf]:
    if isinstance(shape, Leaf):
        return {shape}
    return set().union(*map(_leaves, shape.values() if isinstance(shape, dict) else shape))
