"""Counts of reason codes in words."""

from collections.abc import Mapping


def counts_in_words(counts: Mapping[str, int], most: int | None = None) -> str:
    """Return counts by reason code as words, the greatest first: `not_json 12, no_id 3`.

    Args:
        counts: by reason code.
        most: how many reasons are named; None names all.
    """
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    named = ", ".join(f"{name} {count:,}" for name, count in ordered[:most])
    return f"{named}, …" if len(ordered) > len(ordered[:most]) else named
