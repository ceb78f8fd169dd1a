"""A stage that writes: its lease on the lake, held from the first cell of a notebook to its last.

A second writer, a notebook that a person left open included, is refused with a sentence.
"""

import atexit
import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from metriccare.errors import LeaseLostError, LedgerError
from metriccare.lake.ledger import Lease, Ledger, open_ledger, this_process
from metriccare.settings import Lake

RENEW_SECONDS = 30.0
HELD_TOO = {"gold": ("silver",)}  # gold reads several tables of silver, which must not move meanwhile


class Stage:
    """One stage of a lake, open for writing by this process.

    Attributes:
        name: bronze, silver or gold.
        lake: the lake.
        run_id: the run that writes.
        ledger: the lake's ledger.
        lease: the right to write.
    """

    def __init__(self, name: str, lake: Lake, run_id: str, ledger_url: str = "") -> None:
        self.name, self.lake, self.run_id = name, lake, run_id
        self.ledger: Ledger = open_ledger(lake, ledger_url)
        self._leases: dict[str, Lease] = {}
        try:
            for stage in (name, *HELD_TOO.get(name, ())):
                self._leases[stage] = self.ledger.acquire(stage, this_process(run_id), datetime.now(UTC))
        except BaseException:
            self._release()
            raise
        self._ended = threading.Event()
        threading.Thread(target=self._keep, name=f"lease-{name}", daemon=True).start()
        atexit.register(self.close)

    @property
    def lease(self) -> Lease:
        """The right to write this stage."""
        return self._leases[self.name]

    def check(self) -> None:
        """Make sure that this process may still write; called before each commit.

        Raises:
            LeaseLostError: another process has taken over.
        """
        for lease in self._leases.values():
            self.ledger.check(lease)

    def state(self) -> dict[str, Any]:
        """Return what this stage noted last; empty if it never ran."""
        return self.ledger.state(self.name)

    def note(self, value: Mapping[str, Any]) -> None:
        """Replace what this stage knows of its own progress."""
        self.ledger.set_state(self.lease, self.name, value)

    def close(self) -> None:
        """Give the leases back; a second call does nothing."""
        if self._ended.is_set():
            return
        self._ended.set()
        atexit.unregister(self.close)
        self._release()

    def _release(self) -> None:
        """Give the leases back; one that can't be is free when this process ends, elsewhere after its time."""
        for lease in self._leases.values():
            with suppress(LedgerError):
                self.ledger.release(lease)
        self.ledger.close()

    def _keep(self) -> None:
        """Renew the leases until the end.

        One that was lost is not: the next `check` tells. A ledger that can't be reached is asked again.
        """
        while not self._ended.wait(RENEW_SECONDS):
            try:
                for lease in self._leases.values():
                    self.ledger.renew(lease, datetime.now(UTC))
            except LeaseLostError:
                return
            except LedgerError:
                continue


def begin(name: str, lake: Lake, run_id: str, ledger_url: str = "") -> Stage:
    """Open a stage for writing; `close` it when its last table is written.

    Raises:
        StageBusyError: another process is writing it.
    """
    return Stage(name, lake, run_id, ledger_url)
