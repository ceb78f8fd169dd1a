"""What the tests of jobs share: the archive that they install, and the Python that comes of it."""

import platform
import sys
from pathlib import Path

import pytest
from tests.aws import glue_environment
from tests.support.required import is_missing


@pytest.fixture(scope="session")
def glue_platform() -> None:
    """Asked for by what runs in Glue's Python."""
    if (sys.platform, platform.machine(), sys.version_info[:2]) != ("linux", "x86_64", (3, 11)):
        is_missing("glue-environment", "the jobs' wheels are for Glue: Python 3.11 on Linux, x86-64")


@pytest.fixture(scope="session")
def archive(glue_platform: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheels that Terraform uploads for the jobs."""
    return glue_environment.build_archive(tmp_path_factory.mktemp("python modules"))


@pytest.fixture(scope="session")
def glue_python(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a Glue job."""
    return glue_environment.install(archive, ["--no-index"], tmp_path_factory.mktemp("glue"))
