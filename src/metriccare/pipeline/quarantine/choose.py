"""Which quarantined records a person means: by id, by the beginning of one, or by what they have in common."""

from collections.abc import Sequence
from dataclasses import dataclass

from metriccare.errors import QuarantineError
from metriccare.lake.ledger import QuarantineState
from metriccare.pipeline.quarantine.record import Record

ALL = "all"
_NAMED = 3  # of several that are meant, how many the sentence names


@dataclass(frozen=True)
class Filters:
    """What records have in common; empty means whatever it is.

    Attributes:
        reason_code: why they were refused.
        source: the feed.
        file: the file's place, or the end of it.
        state: what became of them, or `all`.
    """

    reason_code: str = ""
    source: str = ""
    file: str = ""
    state: str = QuarantineState.OPEN.value

    def hold(self, record: Record) -> bool:
        """Tell whether a record is one of those meant."""
        return (
            self.reason_code in ("", record.reason_code)
            and self.source in ("", record.source)
            and record.file.endswith(self.file)
            and self.state in (ALL, record.state.value)
        )


def by_filters(records: Sequence[Record], filters: Filters) -> list[Record]:
    """Return the records that are meant, in their order."""
    return [record for record in records if filters.hold(record)]


def by_ids(records: Sequence[Record], ids: Sequence[str]) -> list[Record]:
    """Return the records that are named, each once.

    Args:
        records: all that are in quarantine.
        ids: `<file version>:<position>` each, or as much of its beginning as no other record has; the file version
            before the colon may be cut as well.

    Raises:
        QuarantineError: an id is of no record, or of several.
    """
    return list({record.id: record for record in (_by_id(records, one) for one in ids)}.values())


def short_ids(records: Sequence[Record]) -> dict[str, str]:
    """Return for each id one that is short, and of that record alone: the file version is cut.

    Args:
        records: all that are in quarantine.
    """
    versions = {record.file_version for record in records}
    longest = max(map(len, versions), default=0)
    length = next((size for size in range(8, longest) if _are_apart(versions, size)), longest)
    return {record.id: f"{record.file_version[:length]}:{record.position}" for record in records}


def _are_apart(versions: set[str], size: int) -> bool:
    return len({version[:size] for version in versions}) == len(versions)


def _by_id(records: Sequence[Record], given: str) -> Record:
    version, _, position = given.partition(":")
    found = [
        record
        for record in records
        if version and record.file_version.startswith(version) and record.position.startswith(position)
    ]
    whole = [record for record in found if record.position == position]
    found = whole if whole else found
    if len(found) == 1:
        return found[0]
    if not found:
        raise QuarantineError(
            f"No quarantined record has the id {given!r}: `metriccare quarantine list --state all` shows them."
        )
    named = ", ".join(record.id for record in found[:_NAMED])
    more = ", …" if len(found) > _NAMED else ""
    raise QuarantineError(
        f"{len(found):,} quarantined records have an id that begins with {given!r} ({named}{more}): give more of it."
    )
