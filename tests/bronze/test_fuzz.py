"""No input crashes or hangs the classifier, is lost in it, or is read by silver as something else."""

import base64
import json
import math
import re
import time
from typing import Any

import pyarrow as pa
import pytest
from tests.bronze.mutations import inputs

from metriccare.bronze import classify, reclassify
from metriccare.definitions.rejection_reasons import REASONS
from metriccare.definitions.schemas import SHAPES, Leaf, Shape
from metriccare.engine import Database, Reference
from metriccare.fhir.ndjson import RawLine
from metriccare.silver.resources import read_of

FEW, MANY = 500, 10_000
SEED = 20261127
PATH = re.compile(r"[0-9]+(/entry\[[0-9]+\])*")
ENTRY = re.compile(r"/entry\[([0-9]+)\]")
count = pytest.mark.parametrize("count", [FEW, pytest.param(MANY, marks=pytest.mark.long)])


def body_of(record: dict[str, Any]) -> bytes:
    text = str(record["body"])
    return base64.b64decode(text) if record["body_encoding"] == "base64" else text.encode()


@count
def test_every_input_is_accepted_or_quarantined_with_a_reason_and_nothing_is_lost(count: int) -> None:
    slowest = 0.0
    kinds = set()
    for text in inputs(SEED, count):
        began = time.process_time()
        found = classify(RawLine(12, text))
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
def test_a_quarantined_record_gets_the_same_reason_when_classified_again(count: int) -> None:
    for text in inputs(SEED + 1, count // 2):
        for one in classify(RawLine(3, text)):
            if one["reason_code"]:
                assert reclassify(str(one["position"]), body_of(one), one["bundle"]) == [one]


@count
def test_silver_reads_every_accepted_resource_as_written(count: int) -> None:
    records = [
        one | {"place": f"{number}:{one['position']}", "text": one["resource"] or one["body"]}
        for number, text in enumerate(inputs(SEED, count))
        for one in classify(RawLine(0, text))
        if one["resource_type"] in SHAPES and not _is_deletion(one)
    ]
    assert len(records) > count / 4
    for kind, shape in SHAPES.items():
        of_kind = [one for one in records if one["resource_type"] == kind]
        found = _found(of_kind, kind)
        expected = {one["place"]: _read(json.loads(str(one["text"])), shape) for one in of_kind}
        assert found.keys() == expected.keys()
        for place, value in expected.items():
            assert _same(found[place], value), (kind, place, found[place], value)


def _found(records: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    """Return what silver reads, by place."""
    with Database(Reference()) as database:
        rows = [{"place": one["place"], "text": str(one["text"])} for one in records]
        database.put({"given": pa.Table.from_pylist(rows)})
        read = database.select(f"SELECT place, from_json(text, '{read_of(kind)}') AS r FROM given")
    return {row["place"]: row["r"] for row in read.to_pylist()}


def _is_deletion(record: dict[str, Any]) -> bool:
    return record["resource"] is None and record["bundle"] is not None


def _read(value: Any, shape: Shape) -> Any:
    """Return what a shape reads of a value: null counts as absent, as does an object without any field that is read."""
    if isinstance(shape, dict):
        parts = {name: _read((value or {}).get(name), part) for name, part in shape.items()}
        return parts if any(part is not None for part in parts.values()) else None
    if isinstance(shape, list):
        return None if value is None else [_read(one, shape[0]) for one in value]
    return value


def _same(found: Any, expected: Any) -> bool:
    if isinstance(found, dict):
        wanted = expected or {}
        return all(_same(found.get(name), wanted.get(name)) for name in {*found, *wanted})
    if isinstance(found, list) and isinstance(expected, list):
        return len(found) == len(expected) and all(map(_same, found, expected))
    if isinstance(expected, bool):
        return bool(found == str(expected).lower())
    if isinstance(expected, int | float):
        return found is not None and math.isclose(float(found), expected)
    return bool(found == expected)


def test_every_kind_of_leaf_is_compared() -> None:
    assert {leaf for shape in SHAPES.values() for leaf in _leaves(shape)} == set(Leaf)


def _leaves(shape: Shape) -> set[Leaf]:
    if isinstance(shape, Leaf):
        return {shape}
    return set().union(*map(_leaves, shape.values() if isinstance(shape, dict) else shape))
