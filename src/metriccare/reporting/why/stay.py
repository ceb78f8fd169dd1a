"""The facts of one stay that an analyst needs first, without the patient's name."""

from metriccare.definitions.tables import ORGANIZATION, PATIENT
from metriccare.lake.reader import read_table
from metriccare.lake.run_log import Row
from metriccare.reporting.wording import words
from metriccare.settings import Lake

_KEPT = (
    "source",
    "id",
    "encounter_ids",
    "patient_id",
    "age",
    "sex",
    "hospital_id",
    "class_code",
    "is_acute",
    "is_open",
    "admission_date",
    "discharge_date",
    "disposition_class",
    "chain_id",
    "chain_position",
    "chain_length",
)


def stay_facts(lake: Lake, stay: Row) -> Row:
    """Return the facts of a row of silver.stay, with the hospital's name and the disposition in words."""
    disposition = stay["disposition_class"]
    return {name: stay[name] for name in _KEPT} | {
        "hospital_name": _hospital_name(lake, stay),
        "disposition": words("disposition", disposition) if disposition else None,
        "principal_diagnosis": stay["principal_diagnosis"],
    }


def flags_of(lake: Lake, stay: Row, decided: Row) -> list[Row]:
    """Return the data-quality flags of a stay and its patient, each with `code` and `words`.

    Args:
        lake: the lake.
        stay: the row of silver.stay.
        decided: a row of gold.stay_measure of the same stay.
    """
    filters = [("id", "=", stay["patient_id"] or ""), ("source", "=", stay["source"])]
    patients = read_table(lake, PATIENT, ("quality_flags",), filters).to_pylist()
    codes = [*(decided["quality_flags"] or []), *(flag for row in patients for flag in row["quality_flags"])]
    return [{"code": code, "words": words("flag", code)} for code in dict.fromkeys(codes)]


def _hospital_name(lake: Lake, stay: Row) -> str | None:
    """Return Organization.name, the newest if several sources have one; else the name given by the encounter."""
    filters = [("id", "=", stay["hospital_id"] or "")]
    columns = ("is_live", "name", "version_order")
    rows = read_table(lake, ORGANIZATION, columns, filters).to_pylist()
    named = [row for row in rows if row["is_live"] and row["name"]]
    newest = max(named, key=lambda row: str(row["version_order"]), default=None)
    name = newest["name"] if newest else stay["hospital_display"]
    return None if name is None else str(name)
