"""Every command's --help: no text is cut off in a list of commands, and an example is at the end."""

from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from metriccare.cli import main

WIDTH = 80


def paths(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the names that lead to each command, groups included."""
    yield path
    for name, inner in getattr(command, "commands", {}).items():
        yield from paths(inner, (*path, name))


PATHS = list(paths(main))


def help_of(path: tuple[str, ...]) -> str:
    answer = CliRunner().invoke(main, [*path, "--help"], terminal_width=WIDTH)
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_commands_of_groups_are_tested_too() -> None:
    assert {("run",), ("quarantine",), ("quarantine", "replay"), ("glue-sessions", "serve")} < set(PATHS)


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_help_ends_with_an_example_of_the_command(path: tuple[str, ...]) -> None:
    example = " ".join(help_of(path).partition("Example: ")[2].split())
    assert example.startswith(" ".join(("metriccare", *path)))


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_no_text_in_a_list_of_commands_is_cut_off(path: tuple[str, ...]) -> None:
    listed = help_of(path).partition("\nCommands:\n")[2]
    assert "..." not in listed and "…" not in listed


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_every_line_fits_the_terminal(path: tuple[str, ...]) -> None:
    assert [line for line in help_of(path).splitlines() if len(line) > WIDTH] == []
