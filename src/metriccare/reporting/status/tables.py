"""Status from the tables; a table that can't be read becomes a note, because status must work on broken lakes."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from metriccare.definitions.tables import RECORD, RUN, STAY, Table
from metriccare.errors import LakeError
from metriccare.lake.reader import Filter, read_table
from metriccare.lake.run_log import Row, newest_run
from metriccare.lake.storage import has_table
from metriccare.pipeline.quarantine.read import QUARANTINED
from metriccare.settings import Lake

Read = TypeVar("Read")


class Tables:
    """The tables of one lake.

    Attributes:
        notes: a sentence for each table that could not be read.
    """

    def __init__(self, lake: Lake) -> None:
        self.lake, self.notes = lake, list[str]()

    def newest_run(self) -> Row:
        """Return the newest row of `gold.run`; empty if there is none."""
        return self._read(RUN, lambda: newest_run(self.lake), {})

    def newest_discharge(self, today: date) -> date | None:
        """Return the newest discharge date of silver; a date in the future is a data entry error."""
        stays = self._columns(STAY, ("discharge_date",))
        if stays is None:
            return None
        days = stays["discharge_date"]
        found: date | None = pc.max(days.filter(pc.less_equal(days, pa.scalar(today)))).as_py()
        return found

    def newest_received(self) -> datetime | None:
        """Return when the newest record of bronze was received, UTC."""
        records = self._columns(RECORD, ("received_at",))
        newest: datetime | None = None if records is None else pc.max(records["received_at"]).as_py()
        return newest

    def quarantined(self) -> Iterator[Row]:
        """Yield file version, position and reason code of every quarantined record, without its text."""
        records = self._columns(RECORD, ("file_version", "position", "reason_code"), [QUARANTINED])
        yield from records.to_pylist() if records is not None else ()

    def _columns(
        self, table: Table, columns: Sequence[str], filters: Sequence[Filter] = ()
    ) -> pa.Table | None:
        return self._read(table, lambda: read_table(self.lake, table, columns, filters), None)

    def _read(self, table: Table, read: Callable[[], Read], nothing: Read) -> Read:
        if not has_table(self.lake, table):
            return nothing
        try:
            return read()
        except LakeError as error:
            self.notes.append(str(error))
            return nothing
