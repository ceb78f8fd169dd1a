"""What texts mention of the repository (files, modules, make targets, commands, variables), and whether it is there."""

import ast
import io
import json
import re
import shlex
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath

import click

from metriccare.cli import main

VARIABLE = re.compile(r"\bMETRICCARE_[A-Z][A-Z_]*[A-Z]\b")
DOTTED = re.compile(r"(?<![\w./-])(?:metriccare|tools|benchmarks)(?:\.[A-Za-z_]\w*)+\b")
FILE = re.compile(
    r"(?<![\w./<>{}*$~%…-])"
    r"((?:[\w.-]+/)*[\w-]+\.(?:py|md|sh|tf|ipynb|hcl|yml|cff)|(?:[\w.-]+/)+[\w-]+\.(?:sql|csv|toml|lock))"
    r"(?:#([\w-]+))?(?![\w/*<{])"
)
OPTION = re.compile(r"`(--[a-z][a-z-]*)[^`]*`")
FOLDERS = r"(?:src|tests|docs|infra|notebooks|tools|benchmarks|lambda_function|glue_job|kernels)"
FOLDER = re.compile(rf"`({FOLDERS}/(?:[\w.-]+/)*[\w.-]*)`")
CODE = re.compile(r"```\w*\n(.*?)```|`([^`]+)`", re.DOTALL)
MAKE = re.compile(r"(?:^|[\s;&|(])make ((?:[A-Z]+=\S+ )*)([a-z][a-z-]*)")
COMMENT = re.compile(r"(?:^|\s)(?:#|--) (.*)$", re.MULTILINE)
SUFFIXES = {".toml", ".py"}  # of files, not of modules
# Files of other projects, and one that a reader makes; options of other programs.
FOREIGN = {"docs/docs/data-marts/readmissions.md", "repl/src/main/resources/fake_shell.py", "gold.ipynb"}
FOREIGN |= {"--help", "--language", "--arguments"}


@cache
def readable(path: Path) -> str:
    """Return what people read of a file: prose, comments, docstrings, and the messages of the package."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        return text
    if path.suffix == ".ipynb":
        return "\n\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
    if path.suffix == ".py":
        return "\n".join(_of_python(text, "src" in path.parts))
    return "\n".join(COMMENT.findall(text))


def _of_python(text: str, with_messages: bool) -> Iterator[str]:
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        is_docstring = token.type == tokenize.STRING and token.string.lstrip("rf").startswith('"""')
        is_message = token.type == tokenize.STRING and with_messages
        if token.type == tokenize.COMMENT or is_docstring or is_message:
            yield token.string


def code(text: str) -> Iterator[str]:
    """Yield the lines of code in a text: of its fences, and its spans; a line that goes on is one."""
    for fence, span in CODE.findall(text):
        for line in (fence or " ".join(span.split())).replace("\\\n", " ").splitlines():
            yield line.partition(" # ")[0].strip()


class Repository:
    """The files of the repository, to look mentions up in."""

    def __init__(self, root: Path, files: list[Path]) -> None:
        self.root = root
        self._paths = [PurePosixPath(path.relative_to(root).as_posix()) for path in files]
        self._folders = {parent for path in self._paths for parent in path.parents}
        self._code = "".join(
            path.read_text("utf-8") for path in files if path.suffix in {".py", ".tf", ".sh"}
        )
        self._targets = set(re.findall(r"^([a-z][a-z-]*):", (root / "Makefile").read_text(), re.MULTILINE))

    def dangling(self, path: Path) -> list[str]:
        """Return what a file mentions that is not there."""
        text = readable(path)
        return [
            *self.files(text, path),
            *self.folders(text),
            *self.modules(text),
            *self.targets(text),
            *self.options(text),
            *commands(text),
        ]

    def files(self, text: str, mentioning: Path) -> Iterator[str]:
        """Yield mentioned files that do not exist, by their path or the end of it, and anchors that they don't have."""
        for name, anchor in FILE.findall(text):
            found = self._find(name, mentioning)
            if not found and name not in FOREIGN:
                yield name
            elif anchor and not any(anchor in anchors(path.read_text("utf-8")) for path in found):
                yield f"{name}#{anchor}"

    def folders(self, text: str) -> Iterator[str]:
        """Yield mentioned folders, from the root, that do not exist."""
        for name in FOLDER.findall(text):
            path = PurePosixPath(name)
            if path not in self._folders and path not in self._paths and name not in FOREIGN:
                yield name

    def modules(self, text: str) -> Iterator[str]:
        """Yield dotted names that are no module, and no name in one."""
        for match in DOTTED.finditer(text):
            name = match[0]
            if PurePosixPath(name).suffix not in SUFFIXES and not self._is_defined(name):
                yield name

    def targets(self, text: str) -> Iterator[str]:
        """Yield targets of make that the Makefile does not have."""
        for line in code(text):
            for _, target in MAKE.findall(line):
                if target not in self._targets:
                    yield f"make {target}"

    def options(self, text: str) -> Iterator[str]:
        """Yield options that stand alone and that no program of the repository takes."""
        for name in OPTION.findall(text):
            if name not in FOREIGN and f'"{name}' not in self._code:
                yield name

    def _find(self, name: str, mentioning: Path) -> list[Path]:
        """Return the file beside the one that mentions it, else all whose path ends so."""
        beside = mentioning.parent / name
        if beside.is_file():
            return [beside]
        parts = tuple(part for part in PurePosixPath(name).parts if part != "..")
        return [self.root / path for path in self._paths if path.parts[-len(parts) :] == parts]

    def _is_defined(self, name: str) -> bool:
        first, *rest = name.split(".")
        at = self.root / ("src" if first == "metriccare" else ".") / first
        while rest and ((at / rest[0]).is_dir() or (at / f"{rest[0]}.py").is_file()):
            at = at / rest.pop(0)
        source = at / "__init__.py" if at.is_dir() else at.with_suffix(".py")
        return not rest or (source.is_file() and rest[0] in _names(source))


@cache
def _names(source: Path) -> set[str]:
    """Return the names that a module binds, those that it imports included."""
    nodes = ast.walk(ast.parse(source.read_text(encoding="utf-8")))
    bound: set[str] = set()
    for node in nodes:
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                bound.add(name)
            case ast.alias(name=name, asname=alias):
                bound.add(alias or name)
            case ast.Name(id=name, ctx=ast.Store()):
                bound.add(name)
    return bound


def anchors(text: str) -> set[str]:
    """Return the anchors that GitHub gives to the headings of a Markdown text."""
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    headings = re.findall(r"^#+ +(.+?) *#*$", prose, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def commands(text: str) -> Iterator[str]:
    """Yield command lines of metriccare with a command or an option that does not exist."""
    lines = [*code(text), *re.findall(r"Example: (metriccare .*?)[\"'\n]", text)]
    for line in lines:
        for part in re.split(r"\||&&|;|>", line):
            words = _words(part)
            if words[:1] == ["metriccare"] and not _is_command(words[1:]):
                yield part.strip()


def _words(line: str) -> list[str]:
    try:
        words = shlex.split(line.removeprefix("$ "), comments=True)
    except ValueError:  # prose with an apostrophe
        words = line.split()
    while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
        words.pop(0)
    return [words[0].rpartition("/")[2], *words[1:]] if words else []


def _is_command(words: list[str]) -> bool:
    """Tell whether the words after `metriccare` begin with commands, and all options are theirs."""
    command: click.Command = main
    allowed = _options(main)
    for word in words:
        if word == "…":  # any command
            return True
        name = word.partition("=")[0]
        if command.context_settings.get("ignore_unknown_options"):  # they are of another program
            return True
        if name.startswith("-"):
            if name not in allowed | {"--help", "-h", "--version"}:
                return False
        elif isinstance(command, click.Group) and re.fullmatch(r"[a-z][a-z-]*", name):
            if name not in command.commands:
                return False
            command = command.commands[name]
            allowed |= _options(command)
    return True


def _options(command: click.Command) -> set[str]:
    return {name for option in command.params for name in (*option.opts, *option.secondary_opts)}
