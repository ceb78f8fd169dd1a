"""Prints the section of CHANGELOG.md for the version of a tag, after checking the tag against pyproject.toml.

Usage: python -m tools.release_notes TAG
"""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
SECTION = re.compile(
    r"^## (?P<version>\S+) \((?P<date>[^)]+)\)\n(?P<text>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL
)


def main(arguments: list[str]) -> int:
    """Print the notes, or the reason why there can be no release; return the exit status."""
    (tag,) = arguments
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    try:
        print(release_notes(tag, version, (ROOT / "CHANGELOG.md").read_text()))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def release_notes(tag: str, version: str, changelog: str) -> str:
    """Return the section of a version.

    Raises:
        ValueError: the tag belongs to another version, or its section is missing or has no date.
    """
    if tag != f"v{version}":
        raise ValueError(f"The tag is {tag}, but pyproject.toml has version {version}: tag v{version}.")
    found = next((one for one in SECTION.finditer(changelog) if one["version"] == version), None)
    if found is None:
        raise ValueError(f"CHANGELOG.md has no section `## {version} (YYYY-MM-DD)`: add it.")
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", found["date"]):
        raise ValueError(
            f"CHANGELOG.md says `## {version} ({found['date']})`: put the date of the release there."
        )
    return found["text"].strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
