import pytest
from tests.conftest import run_row


@pytest.fixture
def a_run() -> dict[str, object]:
    """Return a row of gold.run."""
    return run_row()
