"""The pipeline and the naive check on exports written by others."""

import pytest
from tests.proofs.independent.compare import Both, differences, of_source
from tests.proofs.independent.input import needs_real_data

STAYS = {"synthea-bulk-10": 49, "hl7-r4-examples": 3}

pytestmark = [pytest.mark.real_data, needs_real_data]


@pytest.mark.parametrize("source", STAYS)
def test_every_stay_is_decided_alike(source: str, everything: Both) -> None:
    expected = of_source(everything.expected, source)
    assert len(expected) == STAYS[source]
    assert differences(expected, of_source(everything.found, source)) == {}
