"""What the stages note of their progress in the ledger, compared."""

from collections.abc import Mapping
from typing import Any

HEAD = "head"  # in bronze's state: its newest commit, which silver compares its own progress with
REPLAYING = "replaying"  # in bronze's state: the batch of a replay that has begun and is not at its end
NOTED_BY_BOTH = ("change_instant", "bronze_instant")  # of silver and of gold: how far silver had come

Noted = Mapping[str, Any]


def is_gold_behind(silver: Noted, gold: Noted) -> bool:
    """Tell whether silver has moved on since gold read it."""
    return any(silver.get(key) != gold.get(key) for key in NOTED_BY_BOTH)


def is_interrupted(state: Noted) -> bool:
    """Tell whether a run of the stage did not come to its end, so that its tables do not fit together."""
    return bool(state.get("is_rebuilding") or state.get("moving"))
