"""What texts, comments and docstrings mention exists, and every environment variable is documented.

Links, anchors and variables hold everywhere. Files, modules, targets and commands are not looked up in decision records
(`docs/decisions`): a record tells what was decided with the names of its day, and is not rewritten.
"""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from tests.repo.mentions import VARIABLE, Repository, readable

READ = {".md", ".py", ".ipynb", ".sh", ".tf", ".hcl", ".yml", ".yaml", ".toml", ".sql"}
RECORDS = Path("docs") / "decisions"


@pytest.fixture(scope="module")
def repository(root: Path, own_files: list[Path]) -> Repository:
    return Repository(root, own_files)


@pytest.fixture(scope="module")
def read(root: Path, own_files: list[Path]) -> list[Path]:
    """Every file with something to read, those without a suffix among them (Makefile, .ci/run)."""
    names = {"Makefile", "run", ".importlinter"}
    return [path for path in own_files if path.suffix in READ or path.name in names]


def test_what_is_mentioned_exists(root: Path, repository: Repository, read: list[Path]) -> None:
    now = [path for path in read if not path.is_relative_to(root / RECORDS)]
    assert len(now) > 500
    found = {str(path.relative_to(root)): repository.dangling(path) for path in now}
    assert {name: mentions for name, mentions in found.items() if mentions} == {}


@cache
def variables_of_module(path: Path) -> frozenset[str]:
    """Return the variables that a Python file names in a text of its own."""
    source = path.read_text(encoding="utf-8")
    nodes = ast.walk(ast.parse(source)) if VARIABLE.search(source) else ()
    texts = (node.value for node in nodes if isinstance(node, ast.Constant))
    return frozenset(text for text in texts if isinstance(text, str) and VARIABLE.fullmatch(text))


def variables_of_code(paths: list[Path]) -> set[str]:
    """Return the variables that Python code names in a text of its own."""
    return {name for path in paths if path.suffix == ".py" for name in variables_of_module(path)}


def test_every_variable_that_is_mentioned_is_read(root: Path, read: list[Path]) -> None:
    scripts = [path for path in read if path.suffix == ".sh" or path.name in {"Makefile", "run"}]
    known = variables_of_code(read) | {
        name for path in scripts for name in VARIABLE.findall(path.read_text())
    }
    mentioned = {(path.name, name) for path in read for name in VARIABLE.findall(readable(path))}
    assert {(file, name) for file, name in mentioned if name not in known} == set()


def test_every_variable_that_the_package_reads_is_documented(root: Path, read: list[Path]) -> None:
    own = variables_of_code([path for path in read if path.is_relative_to(root / "src")])
    assert {"METRICCARE_HOME", "METRICCARE_IVY"} <= own
    pages = list(root.glob("docs/*.md"))
    documented = {name for path in pages for name in VARIABLE.findall(path.read_text(encoding="utf-8"))}
    assert own - documented == set()


@pytest.mark.parametrize(
    "text",
    [
        "See `lake/no_such.py`.",
        "See docs/missing.md for it.",
        "See docs/contracts.md#no-such-heading.",
        "Tests are in `tests/nowhere/`.",
        "It is metriccare.lake.tables.no_such_function.",
        "`metriccare.no_such_room` does it.",
        "It runs `python -m tools.no_such_tool`.",
        "Run `make everything`.",
        "```\nmake run && make tea\n```",
        "Run `metriccare bake`.",
        "Run `metriccare run --no-such-option`.",
        "Run `metriccare quarantine list --seed 3`.",
        "```bash\nMETRICCARE_HOME=x .venv/bin/metriccare measures \\\n    --bye hospital\n```",
        "With `--no-such-option` it does.",
    ],
)
def test_a_dangling_mention_is_found(repository: Repository, tmp_path: Path, text: str) -> None:
    page = tmp_path / "page.md"
    page.write_text(text)
    assert len(repository.dangling(page)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "See `lake/raw_files.py`, raw_files.py and [contracts](docs/contracts.md#version-order).",
        "Tests are in `tests/repo/`, the code in `src/metriccare/lake`.",
        "It is metriccare.lake.raw_files.list_files, configured in metriccare.toml.",
        "It runs `python -m tools.check_notebooks notebooks/*.ipynb`; spark.sql is of Spark.",
        "Run `make test TESTS=tests/generate` and make sure that it passes.",
        "Run `metriccare run --raw DIR | less`, `metriccare quarantine list --limit 3` or `metriccare … --lake DIR`.",
        "With `--overwrite` it does; `pip --help` is not ours.",
    ],
)
def test_a_mention_of_what_is_there_is_none(repository: Repository, tmp_path: Path, text: str) -> None:
    page = tmp_path / "page.md"
    page.write_text(text)
    assert repository.dangling(page) == []


def test_comments_docstrings_and_messages_of_code_are_read(root: Path, tmp_path: Path) -> None:
    module = tmp_path / "src" / "one.py"
    module.parent.mkdir()
    module.write_text('"""Doc."""\n# comment\nraise ValueError("message")\n')
    assert re.findall(r"Doc|comment|message", readable(module)) == ["Doc", "comment", "message"]
