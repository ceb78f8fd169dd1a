"""Why no stay of a lake gives an `as_of`: what is missing, and what to do about it."""

from collections import Counter

import pyarrow.compute as pc

from metriccare.definitions.tables import ENCOUNTER, QUARANTINE, RECORD, STAY
from metriccare.definitions.value_sets import load
from metriccare.lake.reader import read_table
from metriccare.settings import Lake

_NAME_A_DAY = "name the last day that counts with --as-of, e.g. --as-of {year}-12-31"


def why_no_as_of(lake: Lake) -> str:
    """Return the sentence for a lake in which no stay was discharged by the day its file was received.

    Raises:
        LakeError: a table can't be read.
    """
    stays = read_table(lake, STAY, ["discharge_date"])
    years = pc.year(pc.drop_null(stays["discharge_date"]))
    if len(years):
        first, last = pc.min(years).as_py(), pc.max(years).as_py()
        return (
            f"Every discharge is later than the day on which its file was received (they are from {first} to {last}), "
            f"as in data with shifted dates: {_NAME_A_DAY.format(year=last)}."
        )
    if stays.num_rows:
        return (
            "No inpatient stay has ended: each is in progress, or its end is missing or less precise than a day. Check "
            "Encounter.status and Encounter.period.end of the input."
        )
    return _without_stays(lake)


def _without_stays(lake: Lake) -> str:
    found = read_table(lake, ENCOUNTER, ["is_live", "class_kind", "status", "part_of_id", "id"])
    live = found.filter(found["is_live"])
    if live.num_rows:
        causes = Counter(map(_cause, live.to_pylist()))
        listed = "; ".join(cause for cause, _ in causes.most_common())
        return (
            f"No encounter is an inpatient stay: {listed}. `metriccare preflight` shows what the input holds."
        )
    if read_table(lake, RECORD, ["resource_type"], [("resource_type", "=", QUARANTINE)]).num_rows:
        return (
            "No encounter was accepted, and records are quarantined: `metriccare quarantine list` says why and what to "
            "do."
        )
    return "The input holds no Encounter: put the export's Encounter files into the raw folder too."


def _cause(encounter: dict[str, str | None]) -> str:
    if encounter["class_kind"] is None:
        return "some have a class that is not mapped (Encounter.class)"
    if encounter["class_kind"] == "not_inpatient":
        return "some have a class of outpatients (Encounter.class)"
    if encounter["part_of_id"] not in (None, encounter["id"]):
        return "some are part of an encounter that is no inpatient stay, or was not sent (Encounter.partOf)"
    known = {code.code for code in load("encounter_status")}
    status = encounter["status"] if encounter["status"] in known else "missing or none of FHIR R4"
    return f"some have a status that is {status} (Encounter.status)"
