"""The truth over more seeds and patients than every run has time for."""

from pathlib import Path

import pytest
from tests.proofs.truth.compare import different_events, different_stays
from tests.proofs.truth.planted import gold_of, plant
from tests.support.builders import silver_of

SEEDS = (1, 2, 3, 42, 99, 123, 1_000, 31_415)
PATIENTS = 2_000


@pytest.mark.long
def test_eight_more_seeds_are_met_stay_by_stay(tmp_path: Path) -> None:
    planted = plant(tmp_path, SEEDS, PATIENTS)
    gold = gold_of(silver_of(planted.records))
    assert different_stays(gold.decisions, planted.truth, planted.as_of) == []
    assert different_events(gold.events, planted.truth) == set()
