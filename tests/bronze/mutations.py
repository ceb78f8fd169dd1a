"""A structure-aware fuzzer: resources and Bundles, changed as feeds and faults change them, deterministic by seed.

A tree is changed first (fields dropped, moved, retyped, nested), then its text (truncated, flipped bytes, duplicate
keys, blanks, control characters, other encodings). Most of it stays close to FHIR, so that it passes the first checks.
"""

import copy
import json
import random
import re
from collections.abc import Callable, Iterator
from typing import Any

from tests.support.builders import condition, diagnosis, encounter, organization, patient

Change = Callable[[random.Random, Any], Any]
TextChange = Callable[[random.Random, bytes], bytes]

TEXTS = [
    "",
    " ",
    "x" * 3000,
    "\x00",
    "\ufffe",
    "a\nb",
    '"',
    "\\",
    "ü",
    "0385-01-01",
    "9999-12-31T23:59:60Z",
    "IMP",
]
TEXTS += [
    "2025",
    "2025-02-30",
    "true",
    "DELETE",
    "Patient/p",
    "urn:uuid:a",
    "Patient",
    "Bundle",
    "http://x/Patient/p",
]
VALUES: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    7.5,
    1e300,
    2**70,
    [],
    {},
    [[]],
    [{}],
    [None],
    {"": ""},
    *TEXTS,
]
NAMES = [
    "resourceType",
    "id",
    "request",
    "entry",
    "resource",
    "fullUrl",
    "modifierExtension",
    "implicitRules",
]
NAMES += [
    "meta",
    "reference",
    "coding",
    "method",
    "url",
    "type",
    "period",
    "class",
    "",
    "contained",
    "extension",
]
NOISE = [
    b"\x00",
    b"\xff",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\n",
    b"\r",
    b"\t",
    b"\x1f",
    b'"',
    b"\\",
    b"{",
    b"]",
    b",",
]
BUNDLES = [
    "transaction",
    "batch",
    "history",
    "searchset",
    "collection",
    "document",
    "message",
    "batch-response",
    "x",
]


def inputs(seed: int, count: int) -> Iterator[bytes]:
    """Yield so many inputs."""
    chance = random.Random(seed)
    for _ in range(count):
        tree = _subject(chance)
        for _ in range(chance.choice([0, 1, 1, 1, 2, 3, 8])):
            tree = chance.choice(TREE_CHANGES)(chance, tree)
        text = json.dumps(
            tree, indent=chance.choice([None, None, 1]), ensure_ascii=chance.random() < 0.5
        ).encode("utf-8", "surrogatepass")
        text = re.sub(rb'"@(\d+)@"', lambda levels: b"[" * int(levels[1]) + b"]" * int(levels[1]), text)
        for _ in range(chance.choice([0, 0, 0, 1, 2])):
            text = chance.choice(TEXT_CHANGES)(chance, text)
        yield text


def _subject(chance: random.Random) -> Any:
    number = chance.randrange(10**6)
    resources = [
        patient(f"p{number}", died="2025-04-01"),
        encounter(f"e{number}", f"p{number}", start="2025-03-01", diagnoses=[diagnosis(f"c{number}")]),
        condition(f"c{number}", "A41.9", f"e{number}"),
        organization(f"o{number}", "North"),
    ]
    return chance.choice([*resources, _bundle(chance, resources)])


def _bundle(chance: random.Random, resources: list[Any], depth: int = 0) -> dict[str, Any]:
    entries: list[Any] = [
        {
            "fullUrl": chance.choice([f"urn:uuid:{number}", f"http://x/{one['resourceType']}/{number}"]),
            "resource": one,
        }
        for number, one in enumerate(copy.deepcopy(resources))
    ]
    entries.append({"request": {"method": "DELETE", "url": f"Patient/d{chance.randrange(100)}"}})
    entries.append({"response": {"status": "201"}})
    if depth < 2 and chance.random() < 0.3:
        entries.append({"resource": _bundle(chance, resources, depth + 1)})
    chance.shuffle(entries)
    return {
        "resourceType": "Bundle",
        "type": chance.choice(BUNDLES),
        "timestamp": "2025-05-01",
        "entry": entries,
    }


def _places(tree: Any) -> list[tuple[Any, Any]]:
    """Return every container of a tree with each of its keys or indexes."""
    found: list[tuple[Any, Any]] = []
    waiting = [tree]
    while waiting:
        value = waiting.pop()
        keys = (
            list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else []
        )
        found += [(value, key) for key in keys]
        waiting += [value[key] for key in keys]
    return found


def _somewhere(change: Callable[[random.Random, Any, Any], None]) -> Change:
    def changed(chance: random.Random, tree: Any) -> Any:
        tree = copy.deepcopy(tree)
        places = _places(tree)
        if places:
            change(chance, *chance.choice(places))
        return tree

    return changed


def _drop(chance: random.Random, holder: Any, key: Any) -> None:
    del holder[key]


def _replace(chance: random.Random, holder: Any, key: Any) -> None:
    holder[key] = copy.deepcopy(chance.choice(VALUES))


def _wrap(chance: random.Random, holder: Any, key: Any) -> None:
    holder[key] = chance.choice([lambda value: [value], lambda value: {"value": value}, str])(holder[key])


def _nest(chance: random.Random, holder: Any, key: Any) -> None:
    holder[key] = f"@{chance.choice([3, 100, 240, 260, 700])}@"


def _rename(chance: random.Random, holder: Any, key: Any) -> None:
    if isinstance(holder, dict):
        holder[chance.choice(NAMES)] = holder.pop(key)


def _add(chance: random.Random, holder: Any, key: Any) -> None:
    if isinstance(holder, dict):
        holder[chance.choice(NAMES)] = copy.deepcopy(chance.choice(VALUES))
    else:
        holder.insert(key, copy.deepcopy(chance.choice(VALUES)))


def _swap(chance: random.Random, tree: Any) -> Any:
    tree = copy.deepcopy(tree)
    places = _places(tree)
    if len(places) > 1:
        (one, first), (other, second) = chance.sample(places, 2)
        one[first], other[second] = copy.deepcopy(other[second]), copy.deepcopy(one[first])
    return tree


def _tear(chance: random.Random, text: bytes) -> bytes:
    return text[: chance.randrange(len(text) + 1)]


def _noise(chance: random.Random, text: bytes) -> bytes:
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(NOISE) + text[at:]


def _flip(chance: random.Random, text: bytes) -> bytes:
    at = chance.randrange(len(text)) if text else 0
    return text[:at] + bytes([chance.randrange(256)]) + text[at + 1 :]


def _key_twice(chance: random.Random, text: bytes) -> bytes:
    opened = [at for at in range(len(text)) if text[at : at + 1] == b"{"]
    if not opened:
        return text
    at = chance.choice(opened) + 1
    member = chance.choice([b'"id": "z", ', b'"id":"z","id":"y",', b'"\\u0069d" : 1, ', b'"entry": [], '])
    return text[:at] + member + text[at:]


def _long_number(chance: random.Random, text: bytes) -> bytes:
    at = text.find(b": ", chance.randrange(len(text) + 1))
    return text if at < 0 else text[: at + 2] + b'1.%s, "id": ' % (b"1" * 1500) + text[at + 2 :]


def _blanks(chance: random.Random, text: bytes) -> bytes:
    return text.replace(b": ", chance.choice([b":", b" : ", b"\t:\r\n"]))


def _latin(chance: random.Random, text: bytes) -> bytes:
    return text.decode("utf-8", "replace").encode(
        chance.choice(["latin-1", "utf-16", "utf-8-sig"]), "replace"
    )


TREE_CHANGES: list[Change] = [
    *map(_somewhere, (_drop, _replace, _replace, _wrap, _nest, _rename, _add, _add)),
    _swap,
]
TEXT_CHANGES: list[TextChange] = [_tear, _noise, _flip, _key_twice, _long_number, _blanks, _latin]
