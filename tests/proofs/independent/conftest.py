"""One lake for all independent checks; the layers work once."""

import pytest
from tests.proofs.independent.compare import Both, both
from tests.proofs.independent.input import draw_courses, lay_out


@pytest.fixture(scope="session")
def drawn() -> dict[str, list[str]]:
    """Return the lines of every course by its name."""
    return draw_courses()


@pytest.fixture(scope="session")
def everything(drawn: dict[str, list[str]], tmp_path_factory: pytest.TempPathFactory) -> Both:
    folder = tmp_path_factory.mktemp("independent")
    lay_out(folder, drawn)
    return both(folder)
