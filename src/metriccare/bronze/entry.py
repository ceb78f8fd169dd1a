"""The texts of a Bundle's entries, cut out of its line exactly as they were written."""

import re
from itertools import pairwise

import orjson

_IN_ENTRY = 2  # brackets that are open between two elements of the list
# A string as a whole (brackets in it mean nothing), or what opens, parts and closes.
_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{},]', re.DOTALL)


def entry_texts(bundle: bytes) -> list[bytes]:
    """Return the text of each element of the list `entry`, without the blanks around it.

    Args:
        bundle: one valid JSON object as UTF-8, at whose top `entry` is a list; of several the last one counts,
            as it does to the parser.
    """
    cuts: list[int] = []
    depth, name, inside = 0, b"", False
    for token in _TOKEN.finditer(bundle):
        mark = token[0]
        if mark.startswith(b'"'):
            name = mark if depth == 1 else name
        elif mark in b"[{":
            if depth == 1:  # whatever opens here is the value of the name before it
                inside, cuts = (True, [token.end()]) if _is_entry(name) else (inside, cuts)
            depth += 1
        elif mark in b"]}":
            depth -= 1
            if depth == 1 and inside:
                cuts, inside = [*cuts, token.end()], False
        elif depth == _IN_ENTRY and inside:
            cuts.append(token.end())
    return [bundle[start : end - 1].strip() for start, end in pairwise(cuts)]


def _is_entry(name: bytes) -> bool:
    return bool(orjson.loads(name) == "entry")
