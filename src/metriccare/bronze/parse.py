"""JSON text to a value, strictly: what could be read in two ways is refused."""

import json
from collections import Counter
from typing import Any

import orjson

from metriccare.bronze.refusal import RefusedError


def loads(text: bytes) -> Any:
    """Return the JSON value.

    Raises:
        RefusedError: the text is no JSON value (`not_json`), not even text (`not_utf8`), or nested as if to do
            harm (`too_deep`).
    """
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as problem:
        if not is_utf8(text):
            raise RefusedError("not_utf8") from problem
        raise RefusedError(
            "too_deep" if "depth limit" in str(problem) else "not_json", str(problem)
        ) from problem


def dumps(value: Any) -> bytes:
    """Return a value as compact JSON.

    Raises:
        RefusedError: it is nested too deep.
    """
    try:
        return orjson.dumps(value)
    except TypeError as problem:
        raise RefusedError("too_deep") from problem


def check_keys(text: bytes, value: Any) -> None:
    """Make sure that no object of a text has a key twice, of which a parser silently drops one.

    Args:
        text: valid JSON.
        value: what it was parsed to.

    Raises:
        RefusedError: `duplicate_key`, or `too_deep`.
    """
    if not is_plain(text, value):
        dumps(value)
        _refuse_repeats(_marked(text))


def check_keys_outside(text: bytes, name: str) -> None:
    """Make sure of the same for an object without what is below one of its keys.

    Raises:
        RefusedError: `duplicate_key`, or `too_deep`.
    """
    whole = _marked(text)
    if isinstance(whole, dict):
        whole.pop(name, None)
    _refuse_repeats(whole)


def is_plain(text: bytes, value: Any) -> bool:
    """Tell whether a glance proves that no key is there twice and nothing is nested too deep.

    Args:
        text: valid JSON.
        value: what it was parsed to.
    """
    try:
        written = dumps(value)
    except RefusedError:
        return False
    # Each key has a colon: one that is there twice is lost in what is written, unless a colon came as an escape.
    has_escapes = b"\\" in text and b"\\u003" in text
    return not has_escapes and text.count(b":") == written.count(b":")


def _marked(text: bytes) -> Any:
    """Return the value, with an error in the place of each object that has a key twice."""
    try:
        return json.loads(text, object_pairs_hook=_object)
    except RecursionError as problem:
        raise RefusedError("too_deep") from problem


def _object(pairs: list[tuple[str, Any]]) -> Any:
    counts = Counter(name for name, _ in pairs)
    twice = next((name for name, count in counts.items() if count > 1), None)
    return dict(pairs) if twice is None else RefusedError("duplicate_key", repr(twice[:64]))


def _refuse_repeats(marked: Any) -> None:
    waiting = [marked]
    while waiting:
        value = waiting.pop()
        if isinstance(value, RefusedError):
            raise value
        waiting.extend(
            value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        )


def is_utf8(text: bytes) -> bool:
    """Tell whether the bytes are UTF-8."""
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
