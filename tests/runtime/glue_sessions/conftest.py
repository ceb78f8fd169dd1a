from collections.abc import Iterator

import pytest
from tests.runtime.glue_sessions.endpoint import Glue, glue


@pytest.fixture(scope="module")
def plain() -> Iterator[Glue]:
    """One endpoint per module, whose sessions run Python only."""
    with glue(spark=False, max_live=50) as served:
        yield served


@pytest.fixture
def session(plain: Glue, request: pytest.FixtureRequest) -> Iterator[str]:
    """A session of its own for a test, ready."""
    name = f"{request.node.name[:200]}"
    assert plain.create(name)["Status"] == "READY"
    yield name
    plain.client.stop_session(Id=name)
