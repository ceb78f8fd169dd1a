"""Texts of others on a terminal, which they must not steer."""

import re

_UNSEEN = re.compile(r"[^\t\n -~\u00a0-\U0010ffff]")


def harmless(text: str) -> str:
    """Return the text with what would steer a terminal, instead of being seen, written as escapes."""
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)
