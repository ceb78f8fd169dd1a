"""Whether a lake on AWS comes to rest: a loop of runs that start each other costs hundreds of dollars a month."""

from collections.abc import Callable, Sequence

TURNS = 2  # one run for what waits, and one for what came meanwhile


def turns_to_rest(sweep: Callable[[], object], run: Callable[[], Sequence[object]]) -> int:
    """Sweep and run until nothing is started any more; return how many turns that took, at most one over `TURNS`.

    Args:
        sweep: gives the function what EventBridge has for it.
        run: runs what the function has started; returns what that was.
    """
    for turn in range(TURNS + 1):
        sweep()
        if not run():
            return turn
    return TURNS + 1
