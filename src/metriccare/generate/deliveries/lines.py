"""The bytes of an item: its JSON, or a damaged form of it."""

import orjson

from metriccare.generate.deliveries.item import NOT_JSON, NOT_UTF8, Item

_STRING = b'"display":"'
_LATIN_1 = b"\xe9"
_TRUNCATED_AT = 0.6


def line_of(item: Item) -> bytes:
    """Return the line with its newline."""
    whole = orjson.dumps(item.resource, option=orjson.OPT_APPEND_NEWLINE)
    if item.damage == NOT_JSON:
        return whole[: int(len(whole) * _TRUNCATED_AT)].decode("utf-8", "ignore").encode() + b"\n"
    if item.damage == NOT_UTF8:
        return whole.replace(_STRING, _STRING + _LATIN_1, 1)
    return whole
