"""The stays that count for a measure at the latest run's as_of, with the factors they can be grouped by."""

from datetime import date

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from metriccare.definitions.decision_codes import Role
from metriccare.definitions.measures import Kind, compared
from metriccare.definitions.profiles import ALL_ADULT
from metriccare.definitions.strata import UNKNOWN_HOSPITAL
from metriccare.errors import ParameterError
from metriccare.reporting.explore.group import with_factors
from metriccare.reporting.explore.handle import OpenLake

MEASURES = compared(Kind.PROPORTION)

_DECIDED = (
    "source",
    "stay_id",
    "patient_id",
    "hospital_id",
    "admission_date",
    "discharge_date",
    "age",
    "sex",
)
_OF_STAY = (
    "source",
    "id",
    "disposition_class",
    "principal_diagnosis",
    "chain_position",
    "is_elective",
    "emergency_start_date",
)


def cases(data: OpenLake, measure: str, profile: str = ALL_ADULT.name) -> pd.DataFrame:
    """Return the stays that count for a measure, read without a JVM.

    Args:
        data: the lake.
        measure: one of `MEASURES`, in which each stay has an event or not.
        profile: the set of rules.

    Returns:
        See `counted`.

    Raises:
        ParameterError: the measure is not in `MEASURES`, or no stay counts for this profile.
        LakeError: nothing has run in this lake yet.
    """
    if measure not in MEASURES:
        raise ParameterError(f"The stays of {measure!r} can't be compared: use one of {', '.join(MEASURES)}.")
    as_of: date = data.newest_run["as_of"]
    decided = data.table("gold.stay_measure", (*_DECIDED, measure), [("profile", "=", profile)])
    found = counted(decided, data.table("silver.stay", _OF_STAY), measure, as_of)
    if found.empty:
        raise ParameterError(f"No stay counts for {measure} in profile {profile!r} as of {as_of}.")
    return found


def counted(decided: pa.Table, stays: pa.Table, measure: str, as_of: date) -> pd.DataFrame:
    """Return the stays in the denominator, by the same rules as the results (`measures.result.as_of`).

    Args:
        decided: rows of gold.stay_measure of one profile.
        stays: rows of silver.stay.
        measure: the column that holds the decision.
        as_of: the cut-off date.

    Returns:
        One row per stay: `source`, `stay_id`, `patient_id`, `hospital_id`, the dates, `is_event`, `event_on` (null
        without an event), `next_stay` (the id of the readmission, else null), and the columns of `FACTORS`.
    """
    rows = decided.drop_columns([measure]).to_pandas(date_as_object=False)
    decision = _fields(decided[measure].combine_chunks()).set_index(rows.index)
    cut = pd.Timestamp(as_of)
    is_out = (
        decision["exclusion"].notna()
        | (rows["admission_date"] > cut)
        | (rows["discharge_date"] > cut)
        | (decision["matures_on"] > cut)
    )
    is_event = decision["value"].gt(0) & (decision["event_on"] <= cut)
    known = rows.assign(
        hospital_id=rows["hospital_id"].fillna(UNKNOWN_HOSPITAL),
        is_event=is_event,
        event_on=decision["event_on"].where(is_event),
        next_stay=decision["next_stay"].where(is_event),
    )[~is_out]
    return with_factors(known.merge(_facts(stays), on=["source", "stay_id"], how="left"))


def _fields(decision: pa.StructArray) -> pd.DataFrame:
    """Return the fields of the decisions that determine whether a stay counts, one row each, in order."""
    names = ("exclusion", "value", "matures_on", "event_on")
    parts = pa.table({name: pc.struct_field(decision, name) for name in names})
    evidence = pc.struct_field(decision, "evidence")
    one, at = pc.list_flatten(evidence), pc.list_parent_indices(evidence)
    is_next = pc.equal(pc.struct_field(one, "role"), Role.READMISSION.value)
    ids = pc.filter(pc.struct_field(one, "id"), is_next).to_pylist()
    following = pd.Series(ids, index=pc.filter(at, is_next).to_pylist(), dtype=object)
    fields: pd.DataFrame = parts.to_pandas(date_as_object=False)
    return fields.assign(next_stay=following)


def _facts(stays: pa.Table) -> pd.DataFrame:
    diagnosis = stays["principal_diagnosis"].combine_chunks()
    flat = stays.drop_columns(["principal_diagnosis"])
    for name in ("system", "code", "display"):
        flat = flat.append_column(f"diagnosis_{name}", pc.struct_field(diagnosis, name))
    facts: pd.DataFrame = flat.rename_columns({"id": "stay_id"}).to_pandas(date_as_object=False)
    return facts
