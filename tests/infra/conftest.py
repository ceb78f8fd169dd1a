from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.infra.terraform import Terraform, copied, initialised, is_installed


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what Terraform reads, so that nothing is left in the tree."""
    if not is_installed():
        pytest.skip("terraform is not installed")
    return copied(tmp_path_factory.mktemp("terraform"))


@pytest.fixture(scope="session")
def stack(tree: Path) -> Iterator[Terraform]:
    """The root module, initialised without a backend."""
    yield initialised(tree / "infra")
