"""Finds an encounter, and its stay or the reason why it has none."""

from enum import StrEnum

from metriccare.definitions.tables import ENCOUNTER, STAY
from metriccare.definitions.value_sets import codes
from metriccare.errors import LakeError
from metriccare.lake.reader import Filter, read_table
from metriccare.lake.run_log import Row
from metriccare.reporting.wording import words
from metriccare.settings import Lake

_ENCOUNTER = (
    "source",
    "id",
    "is_live",
    "patient_id",
    "status",
    "class_code",
    "class_kind",
    "part_of_id",
    "period_start_date",
    "period_end_date",
    "body_sha256",
    "file",
    "position",
)
_NOT_INPATIENT = "not_inpatient"
_MAY_COUNT = ("closed", "open")


class NoStay(StrEnum):
    """Why an encounter is in no stay."""

    WITHDRAWN = "withdrawn"
    SEGMENT = "segment"
    CLASS_UNMAPPED = "class_unmapped"
    NOT_INPATIENT = "not_inpatient"
    STATUS = "status"
    BEHIND = "behind"


def find_encounter(lake: Lake, id: str, source: str = "") -> Row:
    """Return the newest version of one encounter.

    Args:
        lake: the lake.
        id: its FHIR id, as sent by the source.
        source: the source; empty means any, if only one has this id.

    Raises:
        LakeError: no source has this id, or several do.
    """
    rows = read_table(lake, ENCOUNTER, _ENCOUNTER, _by_id(id, source)).to_pylist()
    if len(rows) > 1:
        sources = ", ".join(sorted(row["source"] for row in rows))
        raise LakeError(f"Several sources have an encounter {id} ({sources}): choose one with --source.")
    if not rows:
        place = f"source {source} of the lake" if source else "the lake"
        raise LakeError(
            f"There is no encounter {id} in {place} {lake.root}: "
            "pass the id of an Encounter as it is in the file, without `Encounter/`."
        )
    return dict(rows[0])


def find_stay(lake: Lake, encounter: Row) -> Row | None:
    """Return the row of silver.stay that the encounter belongs to, or None."""
    id, source = encounter["id"], encounter["source"]
    return _stay(lake, id, source) or _stay(lake, _stay_of_member(lake, id, source), source)


def no_stay(encounter: Row) -> str:
    """Return in words why an encounter is in no stay: the first rule that it does not meet (MEASURES 0.1)."""
    if not encounter["is_live"]:
        code = NoStay.WITHDRAWN
    elif encounter["part_of_id"] not in (None, encounter["id"]):
        code = NoStay.SEGMENT
    elif encounter["class_kind"] is None:
        code = NoStay.CLASS_UNMAPPED
    elif encounter["class_kind"] == _NOT_INPATIENT:
        code = NoStay.NOT_INPATIENT
    else:
        code = NoStay.BEHIND if encounter["status"] in _statuses(encounter) else NoStay.STATUS
    return words("no_stay", code, **_named(encounter))


def _statuses(encounter: Row) -> set[str]:
    """Return the statuses with which this encounter is a stay; `unknown` is one of them if both dates are known."""
    is_dated = encounter["period_start_date"] is not None and encounter["period_end_date"] is not None
    kinds = (*_MAY_COUNT, "closed_if_dated") if is_dated else _MAY_COUNT
    return {code for kind in kinds for code in codes("encounter_status", kind)}


def _named(encounter: Row) -> Row:
    return {name: encounter[name] or "none" for name in ("class_code", "status", "part_of_id")}


def _stay(lake: Lake, id: str | None, source: str) -> Row | None:
    if id is None:
        return None
    rows = read_table(lake, STAY, filters=_by_id(id, source)).to_pylist()
    return dict(rows[0]) if rows else None


def _stay_of_member(lake: Lake, id: str, source: str) -> str | None:
    """Search the members of all stays: lists can't be filtered, and the patient of a segment may differ."""
    rows = read_table(lake, STAY, ("id", "encounter_ids"), [("source", "=", source)])
    members = zip(rows["id"].to_pylist(), rows["encounter_ids"].to_pylist(), strict=True)
    return next((stay for stay, ids in members if id in ids), None)


def _by_id(id: str, source: str) -> list[Filter]:
    return [("id", "=", id), *([("source", "=", source)] if source else [])]
