"""Walks a raw folder on a disk: each file once, however folders are linked, and none outside of it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from metriccare.errors import InputError


def files(root: Path, is_hidden: Callable[[str], bool], refuse: Callable[[str], None]) -> Iterator[Path]:
    """Yield what is no folder in a folder and in all folders below it, each folder once.

    Links are followed after all that is really there, so a folder that is there is found under its own name. A link
    that leads out of the folder is refused: whoever may put files here could have any file read that this process may.

    Args:
        root: the folder, which may be a link itself.
        is_hidden: tells by its name that a file or folder is no input.
        refuse: is given a sentence on each link that leads out of the folder.

    Raises:
        InputError: a folder may not be read.
    """
    visited: set[tuple[int, int]] = set()
    waiting = [root]
    while waiting:
        links: list[Path] = []
        for start in waiting:
            for path in _unvisited(start, visited, links, is_hidden):
                if is_hidden(path.name) or not path.is_symlink() or _stays(path, root, refuse):
                    yield path
        waiting = sorted(link for link in links if _stays(link, root, refuse))


def shown(path: str) -> str:
    """Return a path as text that can be printed, whatever bytes are in it."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _stays(link: Path, root: Path, refuse: Callable[[str], None]) -> bool:
    """Tell whether a link leads to something in the folder, or to nothing."""
    target, inside = os.path.realpath(link), os.path.realpath(root)
    stays = Path(target).is_relative_to(inside) or not Path(target).exists()
    if not stays:
        refuse(
            f"{shown(str(link))} is not read: it is a link out of the raw folder, to {shown(target)}. Copy the files "
            "into the raw folder, or read that folder with --raw."
        )
    return stays


def _unvisited(
    start: Path, visited: set[tuple[int, int]], links: list[Path], is_hidden: Callable[[str], bool]
) -> Iterator[Path]:
    """Yield the files of a folder and of those really below it, but for visited ones; collect the linked folders."""
    for place, folders, names in os.walk(start, onerror=_refuse_folder):
        here = Path(place)
        if not _is_new(here, visited):
            folders.clear()
            continue
        linked = {name for name in folders if (here / name).is_symlink()}
        links.extend(here / name for name in linked if not is_hidden(name))
        folders[:] = [name for name in folders if name not in linked and not is_hidden(name)]
        yield from (here / name for name in names)


def _is_new(folder: Path, visited: set[tuple[int, int]]) -> bool:
    try:
        stat = folder.stat()
    except FileNotFoundError:
        return False
    before = len(visited)
    visited.add((stat.st_dev, stat.st_ino))
    return len(visited) > before


def _refuse_folder(problem: OSError) -> None:
    """Stop at a folder that may not be read, since its files would be missed; one that was deleted has none."""
    if not isinstance(problem, FileNotFoundError):
        raise InputError(
            f"The folder {problem.filename} can't be read ({problem.strerror}): make it readable, then run again."
        ) from problem
