"""silver.patient, .encounter, .condition, .organization: the newest version of each resource, typed and flagged."""

import json

from metriccare.definitions.schemas import SHAPES, Leaf, Shape
from metriccare.definitions.tables import CONDITION, ENCOUNTER, ORGANIZATION, PATIENT
from metriccare.engine import Program, Step, load_steps

RECORD_READ = """
    source STRING, file STRING, file_version STRING, position STRING, resource_type STRING, resource_id STRING,
    last_updated STRING, version_id STRING, body STRING, body_sha256 STRING, received_at TIMESTAMP, batch_id STRING,
    resource STRING
"""  # of bronze.record
HELD = """
    resource_type STRING, source STRING, id STRING, version_order STRING, patient_id STRING, encounter_id STRING
"""  # of the silver tables as they are
TOUCHED = "resource_type STRING, source STRING, patient_id STRING, encounter_id STRING"

_DELETION: dict[str, Shape] = {
    "request": {"method": Leaf.TEXT}
}  # of a Bundle's entry that deletes the resource


def _typed(versions: str) -> tuple[Step, ...]:
    """Return the steps that type the versions of a table."""
    return (
        _parsed("Patient", versions),
        *load_steps(__name__, "patient"),
        _parsed("Encounter", versions),
        *load_steps(__name__, "own_code_map", "visit_place", "visit_kind", "encounter"),
        _parsed("Condition", versions),
        *load_steps(__name__, "condition"),
        _parsed("Organization", versions),
        *load_steps(__name__, "organization"),
    )


def _parsed(resource_type: str, versions: str) -> Step:
    """Return the step that adds the struct `r` to the versions of one type: the fields that silver reads.

    Every field is read as text; an empty text, or a value of another JSON type, is null, and so is all of a text that
    is no JSON.
    """
    return Step(
        f"{resource_type.lower()}_parsed",
        f"""
        SELECT *, holds(upper(trim(r.request.method)) = 'DELETE') AS is_deletion,
               flag(last_updated IS NOT NULL AND NOT is_stamped, 'stamp_unreadable') AS stamp_flag
        FROM (
            SELECT * EXCLUDE (resource_type, text),
                   TRY(from_json(without_empty(text), '{read_of(resource_type)}')) AS r
            FROM {versions}
            WHERE resource_type = '{resource_type}'
        )
        """,  # noqa: S608  (names of this package)
    )


def read_of(resource_type: str) -> str:
    """Return what is read of a resource, as DuckDB's `from_json` takes it."""
    return json.dumps(_structure(_DELETION | SHAPES[resource_type]))


def _structure(shape: Shape) -> object:
    if isinstance(shape, dict):
        return {name: _structure(part) for name, part in shape.items()}
    return [_structure(shape[0])] if isinstance(shape, list) else "VARCHAR"


_NEWEST = load_steps(__name__, "version", "newest")
_TABLES = {table.name: table.columns for table in (PATIENT, ENCOUNTER, CONDITION, ORGANIZATION)}

RESOURCES = Program(takes={"record": RECORD_READ}, steps=(*_NEWEST, *_typed("newest")), gives=_TABLES)
"""Type the newest version of each resource among all records given.

Gives one row per resource ever seen; `is_live` is false for one that is deleted or was entered in error.
"""

DELIVERY = Program(
    takes={"record": RECORD_READ, "held": HELD},
    steps=(*_NEWEST, *load_steps(__name__, "changed"), *_typed("changed"), *load_steps(__name__, "touched")),
    gives=_TABLES | {"touched": TOUCHED},
)
"""Type the versions that silver has to take of new records.

Takes the new records, and of a resource with an unstamped one among them all others too, in any number of copies; of
these resources also what silver holds. Gives their new rows, and in `touched` whom the resources name now or named
before: a patient, or the encounter whose patient it is.
"""
