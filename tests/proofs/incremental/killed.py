"""A run that is killed at a named point: `python -m tests.proofs.incremental.killed POINT REACHED RAW LAKE RUN NUMBER`.

A point is `after:<layer>.<table>` (its commit is complete), `inside:<layer>.<table>` (its commit has begun and is not
complete), `after:<method of the ledger>`, `after:checkpoint.<stage>`, or `at:<seconds>` after Spark has started. When
it is reached, that is written to the file REACHED, and the whole process group is killed.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.proofs.incremental.stages import run

from metriccare.definitions.tables import TABLES
from metriccare.lake.ledger.sqlite import SqliteLedger
from metriccare.lake.tables import TableWriter
from metriccare.runtime.spark import get_spark
from metriccare.settings import Lake

AFTER, INSIDE, AT = "after:", "inside:", "at:"
LEDGER = ("register", "claim", "finish", "release_claims")
Reach = Callable[[str], None]


def arm(point: str, reached: Path, lake: Lake) -> None:
    """See to it that this process dies at the point."""

    def reach(here: str) -> None:
        if here == point:
            reached.write_text(here, encoding="utf-8")
            os.killpg(0, signal.SIGKILL)

    after_call(TableWriter, "_write", lambda _, table, *__: f"{AFTER}{table}", reach)
    after_call(SqliteLedger, "set_state", lambda _, lease, name, value: f"{AFTER}checkpoint.{name}", reach)
    for method in LEDGER:
        after_call(SqliteLedger, method, lambda *_, method=method: f"{AFTER}{method}", reach)
    if point.startswith(AT):
        timer = threading.Timer(float(point.removeprefix(AT)), reach, (point,))
        timer.daemon = True  # a run that is faster ends
        timer.start()
    if point.startswith(INSIDE):
        table = point.removeprefix(INSIDE)
        timeline = Path(TABLES[table].path(lake.root)) / ".hoodie"
        known = set(timeline.glob("*.inflight"))
        threading.Thread(target=watch, args=(timeline, known, lambda: reach(point)), daemon=True).start()


def after_call(owner: Any, name: str, point_of: Callable[..., str], reach: Reach) -> None:
    original = getattr(owner, name)

    def called(*args: Any, **kwargs: Any) -> Any:
        result = original(*args, **kwargs)
        reach(point_of(*args))
        return result

    setattr(owner, name, called)


def watch(timeline: Path, known: set[Path], reach: Callable[[], None]) -> None:
    """Wait for a commit that has begun and is not complete."""
    while True:
        begun = set(timeline.glob("*.inflight")) - known
        if any(not completed(path).exists() for path in begun):
            reach()
        time.sleep(0.002)


def completed(inflight: Path) -> Path:
    """Return the file that stands for the commit once it is complete, e.g. `<instant>.deltacommit`."""
    instant, *action = inflight.name.removesuffix(".inflight").split(".")
    is_commit = not action or action[0] == "compaction"  # which ends in a commit
    return inflight.with_name(f"{instant}.{'commit' if is_commit else action[0]}")


if __name__ == "__main__":
    wanted, file, raw, place, run_id, number = sys.argv[1:]
    spark = get_spark()
    arm(wanted, Path(file), Lake(place))
    run(spark, Path(raw), Lake(place), run_id, int(number))
