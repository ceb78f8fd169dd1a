"""Strict JSON parsing: ambiguous text is rejected."""

import json
from collections import Counter
from typing import Any

import orjson

from metriccare.bronze.rejection import RejectedError

MANY_BYTES = 8 * 1024 * 1024
MAX_OBJECTS = 8_000_000  # each takes a hundred bytes of memory; 64 MiB of FHIR have a third of that


def loads(text: bytes) -> Any:
    """Return the JSON value.

    Raises:
        RejectedError: the text is not a JSON value (`not_json`), not UTF-8 (`not_utf8`), nested too deeply
            (`too_deep`), or holds more objects than fit into a worker's memory (`document_too_large`).
    """
    if len(text) > MANY_BYTES and text.count(b"{") + text.count(b"[") > MAX_OBJECTS:
        raise RejectedError("document_too_large", f"more than {MAX_OBJECTS:,} objects and lists")
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as problem:
        if not is_utf8(text):
            raise RejectedError("not_utf8") from problem
        raise RejectedError(
            "too_deep" if "depth limit" in str(problem) else "not_json", str(problem)
        ) from problem


def dumps(value: Any) -> bytes:
    """Return a value as compact JSON.

    Raises:
        RejectedError: the value is nested too deeply.
    """
    try:
        return orjson.dumps(value)
    except TypeError as problem:
        raise RejectedError("too_deep") from problem


def check_keys(text: bytes, value: Any) -> None:
    """Check that no object has duplicate keys, of which a parser silently drops one.

    Args:
        text: valid JSON.
        value: the parsed text.

    Raises:
        RejectedError: `duplicate_key` or `too_deep`.
    """
    if not is_plain(text, value):
        dumps(value)
        _reject_duplicates(_marked(text))


def check_keys_outside(text: bytes, name: str) -> None:
    """Check the same for an object, ignoring the value of one of its keys.

    Raises:
        RejectedError: `duplicate_key` or `too_deep`.
    """
    value = _marked(text)
    if isinstance(value, dict):
        value.pop(name, None)
    _reject_duplicates(value)


def is_plain(text: bytes, value: Any) -> bool:
    """Return True if a quick test rules out duplicate keys and deep nesting; False means that it is not sure.

    Args:
        text: valid JSON.
        value: the parsed text.
    """
    try:
        written = dumps(value)
    except RejectedError:
        return False
    # Each key has a colon, and a duplicate key is missing when written again. An escaped colon would hide that.
    has_escapes = b"\\" in text and b"\\u003" in text
    return not has_escapes and text.count(b":") == written.count(b":")


def _marked(text: bytes) -> Any:
    """Return the value, with an error in place of each object that has duplicate keys."""
    try:
        return json.loads(text, object_pairs_hook=_object)
    except RecursionError as problem:
        raise RejectedError("too_deep") from problem


def _object(pairs: list[tuple[str, Any]]) -> Any:
    counts = Counter(name for name, _ in pairs)
    duplicate = next((name for name, count in counts.items() if count > 1), None)
    return dict(pairs) if duplicate is None else RejectedError("duplicate_key", repr(duplicate[:64]))


def _reject_duplicates(marked: Any) -> None:
    waiting = [marked]
    while waiting:
        value = waiting.pop()
        if isinstance(value, RejectedError):
            raise value
        waiting.extend(
            value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        )


def is_utf8(text: bytes) -> bool:
    """Return whether the bytes are UTF-8."""
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
