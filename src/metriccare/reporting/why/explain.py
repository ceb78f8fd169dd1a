"""Collects everything about one stay: its facts, the decisions by profile, and the evidence."""

from collections.abc import Iterator
from datetime import date

from metriccare.definitions.profiles import ALL_ADULT
from metriccare.definitions.tables import INFECTION_EVENT, STAY_MEASURE
from metriccare.errors import LakeError
from metriccare.lake.reader import read_table
from metriccare.lake.run_log import Row, newest_run
from metriccare.reporting.why.decision import decided
from metriccare.reporting.why.find import find_encounter, find_stay, no_stay
from metriccare.reporting.why.place import key_of, places
from metriccare.reporting.why.stay import flags_of, stay_facts
from metriccare.settings import Lake

ALL = "all"


def explain(lake: Lake, stay: str, source: str = "", profile: str = ALL_ADULT.name) -> Row:
    """Return the decisions on one stay, without a JVM.

    Args:
        lake: the lake.
        stay: id of a stay or of any encounter.
        source: the source; empty means any, if only one has this id.
        profile: the set of rules; `all` means every profile.

    Returns:
        `asked` (the id), `encounter` (its facts), `no_stay` (why it is in no stay, else null), `stay` (the facts,
        null if there is none), `quality_flags`, `profiles` (one per profile: `profile`, `measures`,
        `infections`), `as_of`, `run_id`, `definition_version`. The evidence has `file` and `position`.

    Raises:
        LakeError: the id is unknown, several sources have it, or there is no decision on the stay.
    """
    encounter = find_encounter(lake, stay, source)
    found = find_stay(lake, encounter)
    answer: Row = {"asked": stay, "encounter": encounter, "no_stay": None, "stay": None}
    if found is None:
        return answer | {"no_stay": no_stay(encounter)}
    rows = _decisions(lake, found, profile)
    as_of: date = newest_run(lake)["as_of"]
    profiles = [_profile(lake, row, as_of) for row in rows]
    _locate(lake, profiles)
    return answer | {
        "stay": stay_facts(lake, found),
        "quality_flags": flags_of(lake, found, rows[0]),
        "profiles": profiles,
        "as_of": as_of,
        "run_id": rows[0]["run_id"],
        "definition_version": rows[0]["definition_version"],
    }


def _decisions(lake: Lake, stay: Row, profile: str) -> list[Row]:
    """Return the rows of gold.stay_measure, in the order of their profiles' names."""
    filters = [("stay_id", "=", stay["id"]), ("source", "=", stay["source"])]
    rows = read_table(lake, STAY_MEASURE, filters=filters).to_pylist()
    wanted = [row for row in rows if profile in (ALL, row["profile"])]
    if not wanted:
        available = ", ".join(sorted(row["profile"] for row in rows)) or "none"
        raise LakeError(
            f"gold.stay_measure has no decision on stay {stay['id']} for profile {profile} "
            f"(available: {available}): run `metriccare run` again."
        )
    return sorted(wanted, key=lambda row: str(row["profile"]))


def _profile(lake: Lake, row: Row, as_of: date) -> Row:
    measures = [name for name, value in row.items() if isinstance(value, dict)]
    return {
        "profile": row["profile"],
        "measures": [decided(row, name, as_of) for name in measures],
        "infections": _infections(lake, row),
    }


def _infections(lake: Lake, row: Row) -> list[Row]:
    """Return every candidate infection of the stay, by date, with the decision and its sentence."""
    filters = [(name, "=", row[name]) for name in ("stay_id", "source", "profile")]
    columns = ("condition_id", "type", "code", "display", "event_date", "hospital_day")
    more = ("present_on_admission", "decision", "reason", "body_sha256", "source")
    found = read_table(lake, INFECTION_EVENT, (*columns, *more), filters).to_pylist()
    events = [_as_evidence(event) for event in found]
    return sorted(events, key=lambda event: (event["event_date"] or date.max, event["id"]))


def _as_evidence(event: Row) -> Row:
    """Use the field names of evidence; the event's own `type` becomes `infection_type`."""
    kind, id = event.pop("type"), event.pop("condition_id")
    return {"source": event.pop("source"), "type": "Condition", "id": id, "infection_type": kind, **event}


def _locate(lake: Lake, profiles: list[Row]) -> None:
    """Add file and position to all evidence; null if the lake no longer has that version."""
    found = places(lake, _evidence(profiles))
    for one in _evidence(profiles):
        one["file"], one["position"] = found.get(key_of(one), (None, None))


def _evidence(profiles: list[Row]) -> Iterator[Row]:
    for profile in profiles:
        yield from (one for measure in profile["measures"] for one in measure["evidence"])
        yield from profile["infections"]
