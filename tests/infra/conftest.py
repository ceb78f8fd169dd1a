from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.infra.terraform import Terraform, copied, initialised, require_provider, require_terraform


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what Terraform reads, so that nothing is left in the tree."""
    require_terraform()
    return copied(tmp_path_factory.mktemp("terraform"))


@pytest.fixture(scope="session")
def provider() -> None:
    """Asked for by what Terraform needs its provider for."""
    require_provider()


@pytest.fixture(scope="session")
def stack(provider: None, tree: Path) -> Iterator[Terraform]:
    """The root module, initialised without a backend."""
    yield initialised(tree / "infra")
