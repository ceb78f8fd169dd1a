"""Unambiguous JSON: no duplicate keys, no excessive nesting."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metriccare.bronze.parse import check_keys, check_keys_outside, is_plain, loads
from metriccare.bronze.rejection import RejectedError

TEXT = st.text(alphabet='ab":\\\n\t ü', max_size=6)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=12,
)


def code_of(text: bytes, check: Any = check_keys) -> str:
    try:
        check(text, loads(text))
    except RejectedError as rejected:
        return rejected.code
    return ""


@given(VALUES, st.sampled_from([None, 2]), st.sampled_from([":", " :", "\n: "]), st.booleans())
def test_what_python_writes_has_no_duplicate_key(
    value: Any, indent: int | None, colon: str, ascii: bool
) -> None:
    text = json.dumps(value, indent=indent, separators=(",", colon), ensure_ascii=ascii).encode()
    assert code_of(text) == ""


@given(VALUES, st.lists(st.tuples(TEXT, VALUES), min_size=1, max_size=3), st.booleans())
def test_a_duplicate_key_is_found_anywhere(around: Any, pairs: list[tuple[str, Any]], ascii: bool) -> None:
    pairs = [*pairs, (pairs[0][0], around)]
    members = [f"{json.dumps(name, ensure_ascii=ascii)}:{json.dumps(value)}" for name, value in pairs]
    text = f'[{json.dumps(around)}, {{"x" : [{{{",".join(members)}}}]}}]'.encode()
    assert code_of(text) == "duplicate_key"


@pytest.mark.parametrize(
    "text",
    [
        b'{"a": 1, "a": 1}',
        b'{"a": 1, "\\u0061": 2}',
        b'{"a" : 1, "a": 2}',
        b'{"x": "\\u0022:", "a": 1, "a": 2}',
        b'{"a": [{"b": {}, "b": {}}]}',
        b'{"": 1, "": 2}',
    ],
)
def test_two_ways_to_write_a_key_are_one_key(text: bytes) -> None:
    assert code_of(text) == "duplicate_key"


def test_the_fast_check_is_enough_for_usual_text() -> None:
    resource = {"resourceType": "Patient", "id": "p", "text": {"div": "<div>a 'b' \\ c</div>"}}
    for text in (
        json.dumps(resource),
        json.dumps(resource, indent=2),
        json.dumps(resource, separators=(",", ":")),
    ):
        assert is_plain(text.encode(), loads(text.encode()))


def test_keys_below_one_name_can_be_excluded_from_the_check() -> None:
    def check(text: bytes, value: Any) -> None:
        check_keys_outside(text, "entry")

    assert code_of(b'{"entry": [{"a": 1, "a": 1}], "b": {}}', check) == ""
    assert code_of(b'{"entry": [], "b": {"a": 1, "a": 1}}', check) == "duplicate_key"
    assert code_of(b'{"entry": [], "entry": []}', check) == "duplicate_key"


@pytest.mark.parametrize(
    ("levels", "code"), [(254, ""), (255, "too_deep"), (1024, "too_deep"), (5000, "too_deep")]
)
def test_nesting_is_limited(levels: int, code: str) -> None:
    assert code_of(b"[" * levels + b"]" * levels) == code
