"""Texts of any bytes, as a person can read them on any terminal."""

import base64

import pytest

from metriccare.pipeline.quarantine.text import original, readable, shorten


def test_a_text_is_given_as_it_came() -> None:
    found = readable('{"name": "Müller"', "utf-8")
    assert (found.readable, found.size, found.is_utf8) == ('{"name": "Müller"', 18, True)


def test_bytes_that_are_no_utf_8_are_written_as_escapes_and_the_rest_stays_readable() -> None:
    came = "Müller \xe4".encode("latin-1")
    body = base64.b64encode(came).decode()
    assert original(body, "base64") == came
    found = readable(body, "base64")
    assert (found.readable, found.size, found.is_utf8) == (r"M\xfcller \xe4", 8, False)


@pytest.mark.parametrize(
    ("longest", "shown"),
    [
        (3, "abc… (2 characters more: --full shows them)"),
        (4, "abcd… (1 characters more: --full shows them)"),
        (5, "abcde"),
        (0, "abcde"),
    ],
)
def test_a_long_text_is_cut_and_says_so(longest: int, shown: str) -> None:
    assert shorten("abcde", longest) == shown
