"""Files that were overwritten or deleted before they were read: found without Spark, so that they start no notebook."""

import logging
from collections.abc import Container, Iterable

from metriccare.errors import GoneError, InputError
from metriccare.lake.ledger import FileEntry, FileState, FileVersion, Ledger
from metriccare.lake.raw_files import RawFile, find, try_reading
from metriccare.pipeline.stage import Stage
from metriccare.settings import Lake

log = logging.getLogger(__name__)

Reasons = dict[str, str]  # a sentence by file version


def look_at(
    entries: Iterable[FileEntry], suspects: Container[str] = ()
) -> tuple[list[RawFile], Reasons, Reasons]:
    """Return the versions that can be read, and why the others can't: those that failed, and those that are gone.

    Args:
        entries: of the ledger.
        suspects: versions that failed before. They are opened too: one that can be found but not read would otherwise
            fail every batch that it is in.
    """
    readable, failed, gone = list[RawFile](), Reasons(), Reasons()
    for file in (entry.file for entry in entries):
        try:
            found = find(file)
            if file.version in suspects:
                try_reading(found)
            readable.append(found)
        except GoneError as problem:
            gone[file.version] = str(problem)
        except InputError as problem:
            failed[file.version] = str(problem)
    return readable, failed, gone


def settle_gone(
    ledger: Ledger, listed: Iterable[FileVersion], lake: Lake, run_id: str, ledger_url: str = ""
) -> int:
    """Mark the versions that wait, or failed, and are no longer there as gone; return how many those are.

    Args:
        ledger: of the lake.
        listed: the raw folder as it is now.
        lake: the lake.
        run_id: the run that writes.
        ledger_url: where the ledger is; empty for the lake's own.

    Raises:
        StageBusyError: another process is writing bronze.
    """
    here = {file.version for file in listed}
    waiting = ledger.files(FileState.RECEIVED, FileState.FAILED)
    _, _, gone = look_at(entry for entry in waiting if entry.file.version not in here)
    if gone:
        with Stage("bronze", lake, run_id, ledger_url) as stage:
            stage.ledger.mark_gone(stage.lease, gone)
        log.info("settle files", extra={"gone": len(gone)})
    return len(gone)
