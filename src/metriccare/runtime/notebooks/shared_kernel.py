"""One kernel for all notebooks of a run. Its start and its imports take place once, while Spark starts."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync
from nbclient.exceptions import DeadKernelError

RENEWAL = "metriccare.runtime.kernel.renewal"
START_SECONDS = 120
_POLL_SECONDS = 1.0


class _Manager(AsyncKernelManager):
    """A manager that remembers its clients: papermill leaves them open in a kernel that it did not start."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.clients: list[Any] = []

    def client(self, **options: Any) -> Any:
        """Return a new client."""
        self.clients.append(super().client(**options))
        return self.clients[-1]


class SharedKernel:
    """A kernel that runs several notebooks, one after the other.

    Attributes:
        manager: for papermill, which runs a notebook's cells in the manager's kernel.
    """

    def __init__(self, name: str, folder: Path) -> None:
        """Start a kernel; it is not ready yet, and imports what notebooks need meanwhile.

        Args:
            name: of the kernel.
            folder: the working directory.

        Raises:
            NoSuchKernel: it is not installed.
        """
        self._folder, self._environment = folder, dict(os.environ)
        self.manager = _Manager(kernel_name=name)
        history = "--HistoryManager.hist_file=:memory:"
        run_sync(self.manager.start_kernel)(cwd=str(folder), extra_arguments=[history])
        self._client: Any = self.manager.blocking_client()
        self._client.start_channels(iopub=False, stdin=False, hb=False, control=False)
        self._ask("warm_up()")

    def begin_notebook(self) -> None:
        """Empty the kernel for the next notebook, and tell it what was set in this environment since it started.

        Raises:
            DeadKernelError: it has died, or does not answer.
        """
        changed = {name: value for name, value in os.environ.items() if self._environment.get(name) != value}
        asked = self._ask(f"renew({str(self._folder)!r}, {changed!r})")
        answer = self._answer_to(asked)
        if answer["status"] != "ok":
            raise DeadKernelError(f"{answer.get('ename')}: {answer.get('evalue')}")

    def end_notebook(self) -> None:
        """Close the connections that papermill has left open."""
        while self.manager.clients:
            self.manager.clients.pop().stop_channels()

    def stop(self) -> None:
        """Stop the kernel."""
        self.end_notebook()
        self._client.stop_channels()
        if run_sync(self.manager.is_alive)():
            run_sync(self.manager.shutdown_kernel)()
        run_sync(self.manager.cleanup_resources)()

    def _ask(self, call: str) -> str:
        """Send a call of the kernel's module `renewal`, which no notebook shows, and return the message's id."""
        function = call.partition("(")[0]
        code = f"from {RENEWAL} import {function}; {call}"
        return str(self._client.execute(code, silent=True, store_history=False))

    def _answer_to(self, asked: str) -> dict[str, Any]:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                answer = self._client.get_shell_msg(timeout=_POLL_SECONDS)
            except Empty:
                if not run_sync(self.manager.is_alive)():
                    raise DeadKernelError("Kernel died") from None
                continue
            if answer["parent_header"].get("msg_id") == asked:
                return dict(answer["content"])
        raise DeadKernelError(f"no answer within {START_SECONDS} seconds")


@contextmanager
def shared_kernel(name: str, folder: Path) -> Iterator[SharedKernel]:
    """Start a kernel, and stop it at the end.

    Raises:
        NoSuchKernel: it is not installed.
    """
    kernel = SharedKernel(name, folder)
    try:
        yield kernel
    finally:
        kernel.stop()
