"""The pipeline and the naive check on synthetic sets of several seeds."""

from pathlib import Path

import pytest
from tests.proofs.independent.compare import Both, both, differences, of_source
from tests.proofs.independent.input import PATIENTS, SEEDS

from metriccare.generate import generate

MORE_SEEDS = range(100, 120)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_stay_is_decided_alike(seed: int, everything: Both) -> None:
    expected = of_source(everything.expected, f"seed{seed}")
    assert len(expected) > PATIENTS
    assert any(row.readmitted for row in expected.values())
    assert any(row.died_in_stay for row in expected.values())
    assert differences(expected, of_source(everything.found, f"seed{seed}")) == {}


@pytest.mark.long
def test_every_stay_of_twenty_more_seeds_is_decided_alike(tmp_path: Path) -> None:
    for seed in MORE_SEEDS:
        generate(patients=PATIENTS, seed=seed, out=tmp_path / f"source=seed{seed}")
    sides = both(tmp_path)
    assert len(sides.expected) > PATIENTS * len(MORE_SEEDS)
    assert differences(sides.expected, sides.found) == {}
