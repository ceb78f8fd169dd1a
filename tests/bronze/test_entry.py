"""The texts of a Bundle's entries are those that a JSON parser reads, as they were written."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metriccare.bronze.entry import entry_texts

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text('a",:\\{}[]ü\n'),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text('entry"}]', max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.sampled_from(["entry", "a", '"']), VALUES, max_size=3)


@given(before=OBJECTS, entries=st.lists(OBJECTS, min_size=1, max_size=4), after=VALUES, indent=st.booleans())
def test_each_text_is_that_of_an_entry(before: dict, entries: list, after: object, indent: bool) -> None:
    whole = {**before, "entry": entries, "after": after, "also": {"entry": [1, 2]}}
    text = json.dumps(whole, indent=2 if indent else None).encode()
    texts = entry_texts(text)
    assert [json.loads(one) for one in texts] == entries
    assert all(one in text and one == one.strip() for one in texts)


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        (b'{"entry":[{"a":1} ,\t{"b":[1,{}]}]}', [b'{"a":1}', b'{"b":[1,{}]}']),
        (b'{"\\u0065ntry":[{}]}', [b"{}"]),
        (b'{"entry":[{"a":1}],"entry":[{"b":2}]}', [b'{"b":2}']),
        (b'{"a":"entry","b":[{"c":3}],"entry":[{}]}', [b"{}"]),
    ],
)
def test_names_are_read_as_the_parser_reads_them(text: bytes, texts: list[bytes]) -> None:
    assert entry_texts(text) == texts


def test_any_depth_is_read() -> None:
    deep = b'{"a":' + b"[" * 900 + b"]" * 900 + b"}"
    assert entry_texts(b'{"entry":[' + deep + b",{}]}") == [deep, b"{}"]
