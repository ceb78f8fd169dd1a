"""Selects quarantined records: by id, by the beginning of an id, or by what they have in common."""

from collections.abc import Sequence
from dataclasses import dataclass

from metriccare.errors import QuarantineError
from metriccare.lake.ledger import QuarantineState
from metriccare.pipeline.quarantine.record import Record

ALL = "all"
_NAMED = 3  # of several matching records, how many the message names


@dataclass(frozen=True)
class Filters:
    """What the records have in common; an empty field matches any.

    Attributes:
        reason_code: why they were refused.
        source: the feed.
        file: the file's path, or the end of it.
        state: open, replayed or dismissed, or `all`.
    """

    reason_code: str = ""
    source: str = ""
    file: str = ""
    state: str = QuarantineState.OPEN.value

    def match(self, record: Record) -> bool:
        """Tell whether a record matches."""
        return (
            self.reason_code in ("", record.reason_code)
            and self.source in ("", record.source)
            and record.file.endswith(self.file)
            and self.state in (ALL, record.state.value)
        )


def by_filters(records: Sequence[Record], filters: Filters) -> list[Record]:
    """Return the records that match, in their order."""
    return [record for record in records if filters.match(record)]


def by_ids(records: Sequence[Record], ids: Sequence[str]) -> list[Record]:
    """Return the records with these ids, each once.

    Args:
        records: all that are in quarantine.
        ids: `<file version>:<position>` each, or a beginning that no other record has; the file version before the
            colon may be shortened as well.

    Raises:
        QuarantineError: an id matches no record, or several.
    """
    return list({record.id: record for record in (_by_id(records, one) for one in ids)}.values())


def short_ids(records: Sequence[Record]) -> dict[str, str]:
    """Return for each id a short one that only that record has: with a shortened file version.

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
