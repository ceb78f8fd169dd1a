"""Files that were overwritten or deleted before they were read: found without Spark, so that they start no notebook."""

import logging
from collections.abc import Iterable

from metriccare.errors import GoneError, InputError
from metriccare.lake.ledger import FileState, FileVersion, Ledger
from metriccare.lake.raw_files import RawFile, find
from metriccare.pipeline.stage import Stage
from metriccare.settings import Lake

log = logging.getLogger(__name__)

Reasons = dict[str, str]  # a sentence by file version


def look_at(files: Iterable[FileVersion]) -> tuple[list[RawFile], Reasons, Reasons]:
    """Return the versions that can be read, and why the others can't: those that failed, and those that are gone."""
    readable, failed, gone = list[RawFile](), Reasons(), Reasons()
    for file in files:
        try:
            readable.append(find(file))
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
    waiting = (entry.file for entry in ledger.files(FileState.RECEIVED, FileState.FAILED))
    _, _, gone = look_at(file for file in waiting if file.version not in here)
    if gone:
        with Stage("bronze", lake, run_id, ledger_url) as stage:
            stage.ledger.mark_gone(stage.lease, gone)
        log.info("settle files", extra={"gone": len(gone)})
    return len(gone)
