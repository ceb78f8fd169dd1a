"""What a raw folder holds, counted without Spark: the account that a run must give of it."""

from collections import Counter
from pathlib import Path
from typing import Any

from metriccare.bronze import classify
from metriccare.definitions.rejection_reasons import REASONS
from metriccare.definitions.schemas import SHAPES
from metriccare.lake.raw_files import list_files
from metriccare.lake.raw_reader import ranges, texts_of


def check_account(raw: Path, run: dict[str, Any]) -> None:
    """Compare the counts of gold.run with those of the files."""
    expected: Counter[str] = Counter()
    for piece in ranges(list_files(str(raw))):
        for text in texts_of(piece):
            expected.update(str(one["reason_code"] or one["resource_type"]) for one in classify(text))
    assert run["records"] == expected.total()
    assert run["quarantined"] == {code: count for code, count in expected.items() if code in REASONS}
    assert run["accepted"] == {kind: expected[kind] for kind in SHAPES}
    others = expected.keys() - REASONS.keys() - SHAPES.keys()
    assert run["skipped"] == {kind: expected[kind] for kind in others}
