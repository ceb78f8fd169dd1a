"""The text of quarantined records, readable on any terminal."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from metriccare.definitions.tables import RECORD
from metriccare.lake.reader import read_table
from metriccare.pipeline.quarantine.read import QUARANTINED
from metriccare.pipeline.quarantine.record import Record
from metriccare.settings import Lake

_COLUMNS = ("file_version", "position", "body", "body_encoding")


@dataclass(frozen=True)
class Text:
    r"""A record's text.

    Attributes:
        readable: valid UTF-8 unchanged, other bytes as `\xff`.
        size: of the original text, in bytes.
        is_utf8: false if bytes had to be escaped.
    """

    readable: str
    size: int
    is_utf8: bool


def read_texts(lake: Lake, records: Sequence[Record]) -> dict[str, Text]:
    """Return the texts by the records' ids.

    Raises:
        LakeError: bronze can't be read.
    """
    if not records:
        return {}
    wanted, versions = {record.key for record in records}, sorted({one.file_version for one in records})
    filters = [QUARANTINED, ("file_version", "IN", ",".join(versions))]
    if len(records) == 1:
        filters.append(("position", "=", records[0].position))
    rows = read_table(lake, RECORD, _COLUMNS, filters).to_pylist()
    return {
        f"{row['file_version']}:{row['position']}": readable(row["body"], row["body_encoding"])
        for row in rows
        if (row["file_version"], row["position"]) in wanted
    }


def original(body: str, encoding: str) -> bytes:
    """Return the original bytes of a text of bronze."""
    return base64.b64decode(body) if encoding == "base64" else body.encode()


def readable(body: str, encoding: str) -> Text:
    """Return a text of bronze in a readable form."""
    came = original(body, encoding)
    return Text(came.decode("utf-8", errors="backslashreplace"), len(came), encoding != "base64")


def shorten(text: str, longest: int) -> str:
    """Return the text, or its beginning and how much more there is; 0 returns all of it."""
    if not longest or len(text) <= longest:
        return text
    return f"{text[:longest]}… ({len(text) - longest:,} characters more: --full shows them)"
