"""docs/input.md tells every reason code with its remedy, and its example configurations are ones that are read."""

import re
from pathlib import Path

import pytest

from metriccare.definitions.rejection_reasons import REASONS
from metriccare.pipeline.configuration import load_sources
from metriccare.settings import project_root

DOCS = project_root() / "docs"
EXAMPLES = sorted((DOCS / "examples").glob("*/metriccare.toml"))


def test_every_reason_code_is_there_with_what_to_do_and_no_other() -> None:
    table = (DOCS / "input.md").read_text().partition("| code | what was found | what to do |")[2]
    rows = re.findall(r"^\| `(\w+)` \| (.+) \| (.+) \|$", table.partition("\n\n")[0], re.MULTILINE)
    told = {code: (sentence, remedy) for code, sentence, remedy in rows}
    assert told == {
        code: (reason.sentence.removesuffix("."), reason.remedy) for code, reason in REASONS.items()
    }


def test_every_reason_code_is_given_somewhere() -> None:
    package = project_root() / "src" / "metriccare"
    code = "".join(path.read_text() for path in package.rglob("*.py") if path.name != "rejection_reasons.py")
    assert [name for name in REASONS if f'"{name}"' not in code] == []


@pytest.mark.parametrize("path", EXAMPLES, ids=[path.parent.name for path in EXAMPLES])
def test_an_example_is_a_configuration_that_is_read(path: Path) -> None:
    (source,) = load_sources(path).by_name.values()
    assert source
    assert f"examples/{path.parent.name}/metriccare.toml" in (DOCS / "input.md").read_text()


def test_there_is_an_example_for_each_system() -> None:
    assert {path.parent.name for path in EXAMPLES} == {"epic", "oracle-cerner", "synthea", "mimic"}
