"""A stage of a lake, held for writing: its leases, renewed from the first cell of a notebook to its last.

A second writer, for example a notebook that somebody left open, is refused with a sentence.
"""

import atexit
import logging
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from metriccare.errors import LeaseLostError, LedgerError
from metriccare.lake.ledger import Lease, Ledger, open_ledger, this_process
from metriccare.pipeline.checkpoints import Checkpoint, to_json
from metriccare.pipeline.run_id import checked_run_id
from metriccare.runtime import logs
from metriccare.settings import Lake

log = logging.getLogger(__name__)

RENEW_SECONDS = 30.0
ALSO_HELD = {"gold": ("silver",)}  # gold reads several tables of silver, which must not change meanwhile


class Closing:
    """Closes itself at the end of a `with` block."""

    def __enter__(self) -> Self:
        """Return it."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Release what it holds; a second call does nothing."""
        raise NotImplementedError


class Stage(Closing):
    """One stage of a lake, held for writing by this process; as a context manager it is closed at the end.

    Attributes:
        name: bronze, silver or gold.
        lake: the lake.
        run_id: the run that writes.
        ledger: the lake's ledger.
    """

    def __init__(self, name: str, lake: Lake, run_id: str = "", ledger_url: str = "") -> None:
        """Acquire the leases.

        Args:
            name: bronze, silver or gold.
            lake: the lake.
            run_id: the run that writes; empty for a new one.
            ledger_url: where the lake's ledger is; empty for the lake's own.

        Raises:
            ParameterError: the run id is not one.
            StageBusyError: another process is writing the stage.
        """
        self.name, self.lake, self.run_id = name, lake, checked_run_id(run_id)
        self.ledger: Ledger = open_ledger(lake, ledger_url)
        self._leases: dict[str, Lease] = {}
        try:
            for stage in (name, *ALSO_HELD.get(name, ())):
                self._leases[stage] = self.ledger.acquire(stage, this_process(self.run_id), datetime.now(UTC))
        except BaseException:
            self._release()
            raise
        self._started = time.monotonic()
        logs.set_context(run=self.run_id, stage=name)
        log.info("start stage")
        self._closed = threading.Event()
        threading.Thread(target=self._keep_renewing, name=f"lease-{name}", daemon=True).start()
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

    def save(self, checkpoint: Checkpoint) -> None:
        """Replace the checkpoint of this stage.

        Raises:
            LeaseLostError: another process has taken over.
        """
        self.ledger.set_state(self.lease, checkpoint.STAGE, to_json(checkpoint))

    def close(self) -> None:
        """Release the leases; a second call does nothing."""
        if self._closed.is_set():
            return
        self._closed.set()
        atexit.unregister(self.close)
        self._release()
        seconds = round(time.monotonic() - self._started, 3)
        log.info("end stage", extra={"run": self.run_id, "stage": self.name, "seconds": seconds})
        logs.set_context(stage="")

    def _release(self) -> None:
        """Release the leases; one that can't be is free when this process ends, on another machine when it expires."""
        for lease in self._leases.values():
            with suppress(LedgerError):
                self.ledger.release(lease)
        self.ledger.close()

    def _keep_renewing(self) -> None:
        """Renew the leases until the stage is closed.

        A lost lease is not renewed: the next `check` reports it. A ledger that can't be reached is tried again.
        """
        while not self._closed.wait(RENEW_SECONDS):
            try:
                for lease in self._leases.values():
                    self.ledger.renew(lease, datetime.now(UTC))
            except LeaseLostError:
                return
            except LedgerError as error:
                log.warning("renew lease", extra={"stage": self.name, "error": logs.error_name(error)})
