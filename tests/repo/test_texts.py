"""No file names what only one machine knows, and links between texts lead somewhere."""

import re
from pathlib import Path

import pytest
from tests.repo.mentions import anchors

# In pieces, so that this file doesn't find itself.
REGISTRIES = (
    "py" + "pi.org",
    "python" + "hosted.org",
    "ana" + "conda.org",
    "ana" + "conda.com",
    "maven" + ".org",
)
REGISTRIES += ("maven." + "apache.org", "npm" + "js.org", "index" + "-url", "find" + "-links")
MACHINE_PATH = re.compile(r"(?:^|[\s\"'`=(\[:,])/(?:wo" + r"rk|ro" + r"ot|home/\w+)/")
LONGEST = 120
DATA = "data"  # of tests: feeds as they come, also in other encodings
LINK = re.compile(r"(?<!\\)\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")


@pytest.fixture(scope="module")
def texts(own_files: list[Path]) -> dict[Path, str]:
    contents = {path: path.read_bytes() for path in own_files if DATA not in path.parts}
    return {path: body.decode() for path, body in contents.items() if b"\0" not in body}


def test_no_file_names_a_package_registry(texts: dict[Path, str]) -> None:
    assert [(path.name, name) for path, text in texts.items() for name in REGISTRIES if name in text] == []


def test_no_file_names_a_path_of_one_machine(texts: dict[Path, str]) -> None:
    assert [
        path.name for path, text in texts.items() if any(map(MACHINE_PATH.search, text.splitlines()))
    ] == []


def test_no_line_of_sql_is_longer_than_one_of_python(texts: dict[Path, str]) -> None:
    """Ruff looks at Python only."""
    steps = {path: text for path, text in texts.items() if path.suffix == ".sql" and "src" in path.parts}
    assert steps
    assert [path.name for path, text in steps.items() if max(map(len, text.splitlines())) > LONGEST] == []


@pytest.mark.parametrize(
    "line", ["cd /wo" + "rk/x", 'open("/ro' + 'ot/x")', "/home" + "/ann/x", "path=/wo" + "rk/x"]
)
def test_a_path_of_one_machine_is_found(line: str) -> None:
    assert MACHINE_PATH.search(line)


@pytest.mark.parametrize("line", ["https://example.org/wo" + "rk/x", "../wo" + "rk/x", "a/ro" + "ot/b"])
def test_a_relative_path_and_an_address_are_no_path_of_one_machine(line: str) -> None:
    assert not MACHINE_PATH.search(line)


def test_links_between_texts_lead_somewhere(texts: dict[Path, str]) -> None:
    pages = {path: text for path, text in texts.items() if path.suffix == ".md"}
    dead = [
        (page.name, link)
        for page, text in pages.items()
        for link in LINK.findall(text)
        if is_dead(page, link)
    ]
    assert dead == []


def is_dead(page: Path, link: str) -> bool:
    if re.match(r"[a-z]+:", link):
        return False
    name, _, anchor = link.partition("#")
    target = (page.parent / name).resolve() if name else page
    if not target.exists():
        return True
    return bool(anchor) and target.suffix == ".md" and anchor not in anchors(target.read_text())


def test_a_dead_link_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# What it's for\n")
    assert is_dead(page, "missing.md")
    assert is_dead(page, "#other")
    assert not is_dead(page, "#what-its-for")
    assert not is_dead(page, "page.md#what-its-for")
    assert not is_dead(page, "https://example.org/missing")
