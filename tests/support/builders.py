"""FHIR resources in a line or two, and the tables that come of them, without any file.

A story is what happened to one patient, told in resources with short ids (`p`, `a`, `b`). All stories of the
test modules share one small lake (fixture `lake`): `tell` gives each its own ids, `<story>.a`.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any, NamedTuple

import pyarrow as pa
from pyspark.sql import Row
from tests.support.results import cells
from tests.support.tables import Rows

from metriccare import measures
from metriccare import silver as layer
from metriccare.bronze import classify
from metriccare.definitions.profiles import PROFILES, Profile
from metriccare.definitions.sources import NONE, Sources
from metriccare.definitions.tables import PATIENT_DAY, RECORD, STAY
from metriccare.engine import Database, Program, Reference
from metriccare.engine.schema import arrow_schema
from metriccare.fhir.ndjson import RawLine

Resource = dict[str, Any]

CENSUS = Program(
    takes={"stay": STAY.columns},
    steps=tuple(step for step in measures.DECISIONS.steps if step.name == "patient_day"),
    gives={"patient_day": PATIENT_DAY.columns},
)
WITHOUT_CENSUS = Program(  # which has a row for each month of an open stay, until as_of
    takes=layer.SEEN.takes,
    steps=(*layer.SEEN.steps, *(step for step in measures.DECISIONS.steps if step not in CENSUS.steps)),
    gives={name: ddl for name, ddl in measures.DECISIONS.gives.items() if name not in CENSUS.gives},
)

RUN = "run-1"
RECEIVED_AT = datetime(2026, 6, 30, 12, tzinfo=UTC)

ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
NUBC = "http://www.nubc.org/patient-discharge"
SNOMED = "http://snomed.info/sct"
DISPOSITION = "http://terminology.hl7.org/CodeSystem/discharge-disposition"
DIAGNOSIS_USE = "http://terminology.hl7.org/CodeSystem/diagnosis-role"
VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
CATEGORY = "http://terminology.hl7.org/CodeSystem/condition-category"
POA_URL = "http://hl7.org/fhir/us/qicore/StructureDefinition/qicore-encounter-diagnosisPresentOnAdmission"
POA_SYSTEM = "https://www.cms.gov/Medicare/Medicare-Fee-for-Service-Payment/HospitalAcqCond/Coding"

SEPSIS, UTI, PNEUMONIA, MRSA = "91302008", "68566005", "233604007", "266096002"
COMMUNITY_PNEUMONIA, VENTILATOR_PNEUMONIA, SUSPECTED_COVID = "385093006", "429271009", "840544004"
HEART_FAILURE, ASTHMA = "84114007", "195967001"
SCHIZOPHRENIA, REHABILITATION, CHEMOTHERAPY, DELIVERY = "58214004", "52052004", "367336001", "48782003"


def _reference(kind: str, target: str | None) -> Resource | None:
    return {"reference": f"{kind}/{target}"} if target else None


def _resource(kind: str, id: str, **fields: Any) -> Resource:
    return {"resourceType": kind, "id": id, **_without_nothing(fields)}


def _without_nothing(fields: Resource) -> Resource:
    """FHIR has no nulls and no empty lists or objects: what is not there is left out."""
    kept = {key: _without_nothing(one) if isinstance(one, dict) else one for key, one in fields.items()}
    return {key: one for key, one in kept.items() if one is not None and one not in ([], {})}


def concept(system: str, *codes: str) -> Resource:
    """Return a CodeableConcept with one coding per code."""
    return {"coding": [{"system": system, "code": code, "display": f"display of {code}"} for code in codes]}


def patient(
    id: str = "p", *, born: str | None = "1960-05-17", died: str | None = None, **fields: Any
) -> Resource:
    """Return a Patient; `died` is `deceasedDateTime`."""
    defaults = {"gender": "female", "birthDate": born, "deceasedDateTime": died}
    return _resource("Patient", id, **(defaults | fields))


ADULT = patient()


def encounter(
    id: str,
    patient_id: str | None = "p",
    *,
    start: str | None = None,
    end: str | None = None,
    hospital: str | None = "H1",
    kind: str = "IMP",
    status: str = "finished",
    disposition: str | Resource | None = None,
    diagnoses: Iterable[Resource] = (),
    part_of: str | None = None,
    **fields: Any,
) -> Resource:
    """Return an Encounter; `disposition` is a code of HL7's list, or a whole CodeableConcept."""
    ending = concept(DISPOSITION, disposition) if isinstance(disposition, str) else disposition
    defaults = {
        "status": status,
        "class": {"system": ACT, "code": kind},
        "subject": _reference("Patient", patient_id),
        "period": {"start": start, "end": end},
        "serviceProvider": _reference("Organization", hospital),
        "hospitalization": ending and {"dischargeDisposition": ending},
        "diagnosis": list(diagnoses),
        "partOf": _reference("Encounter", part_of),
    }
    return _resource("Encounter", id, **(defaults | fields))


def diagnosis(
    condition_id: str, *, rank: int | None = 1, use: str | None = None, poa: str | None = None
) -> Resource:
    """Return one entry of `Encounter.diagnosis`; `poa` is the present-on-admission indicator."""
    entry = {
        "condition": _reference("Condition", condition_id),
        "rank": rank,
        "use": use and concept(DIAGNOSIS_USE, use),
        "extension": poa and [{"url": POA_URL, "valueCodeableConcept": concept(POA_SYSTEM, poa)}],
    }
    return _without_nothing(entry)


def condition(
    id: str,
    code: str | Resource | None,
    encounter_id: str | None = None,
    *,
    patient_id: str | None = "p",
    onset: str | None = None,
    recorded: str | None = None,
    verification: str | None = None,
    category: str | None = "encounter-diagnosis",
    **fields: Any,
) -> Resource:
    """Return a Condition; `code` is of SNOMED CT, or a whole CodeableConcept."""
    defaults = {
        "code": concept(SNOMED, code) if isinstance(code, str) else code,
        "subject": _reference("Patient", patient_id),
        "encounter": _reference("Encounter", encounter_id),
        "onsetDateTime": onset,
        "recordedDate": recorded,
        "verificationStatus": verification and concept(VERIFICATION, verification),
        "category": category and [concept(CATEGORY, category)],
    }
    return _resource("Condition", id, **(defaults | fields))


def organization(id: str, name: str) -> Resource:
    return _resource("Organization", id, name=name)


def deletion(stamp: str, *urls: str) -> Resource:
    """Return a Bundle that deletes resources (`Encounter/a`), as a bulk export has it in its `deleted` files."""
    entries = [{"request": {"method": "DELETE", "url": url}} for url in urls]
    return _resource("Bundle", stamp, type="transaction", meta={"lastUpdated": stamp}, entry=entries)


def stay_for(code: str | Resource, id: str, **facts: Any) -> list[Resource]:
    """Return an Encounter and the Condition that is its principal diagnosis."""
    return [encounter(id, diagnoses=[diagnosis(f"{id}-dx")], **facts), condition(f"{id}-dx", code, id)]


def story(*resources: Resource | list[Resource], of: Resource | None = ADULT) -> list[Resource]:
    """Return what happened to one adult, or to the patient `of` (None: a patient nobody knows)."""
    flat = [one for part in resources for one in (part if isinstance(part, list) else [part])]
    return [*([of] if of else []), *flat]


def tell(stories: Mapping[str, list[Resource]]) -> list[Resource]:
    """Return the resources of all stories, ids and references between them prefixed with the story's name."""
    return [_renamed(name, resource) for name, told in stories.items() for resource in told]


def _renamed(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_renamed(name, one) for one in value]
    if not isinstance(value, dict):
        return value
    renamed = {key: _renamed(name, one) for key, one in value.items()}
    for field in ("reference", "url"):  # the url of a deletion
        kind, _, target = str(value.get(field, "")).partition("/")
        if kind in ("Patient", "Encounter", "Condition"):
            renamed[field] = f"{kind}/{name}.{target}"
    if value.get("resourceType") in ("Patient", "Encounter", "Condition", "Bundle"):
        renamed["id"] = f"{name}.{value['id']}"
    return renamed


def records(*resources: Resource, received_at: datetime = RECEIVED_AT, source: str = "default") -> pa.Table:
    """Return bronze.record of one delivery that holds these resources, one a line."""
    version = f"{received_at:%Y%m%d%H%M%S}"
    where = {"source": source, "file": "delivery.ndjson", "file_version": version}
    received = {"received_at": received_at, "batch_id": RUN}
    lines = [RawLine(at, json.dumps(one).encode()) for at, one in enumerate(resources)]
    pieces = [{**where, **piece, **received} for line in lines for piece in classify(line)]
    return pa.Table.from_pylist(pieces, arrow_schema(RECORD.columns))


class Silver(NamedTuple):
    """The silver tables."""

    patient: Rows
    encounter: Rows
    condition: Rows
    organization: Rows
    stay: Rows


def silver(resources: Iterable[Resource], sources: Sources = NONE) -> Silver:
    """Return the silver tables of these resources."""
    return silver_of(records(*resources), sources)


def silver_of(received: pa.Table, sources: Sources = NONE) -> Silver:
    """Return the silver tables of bronze.record."""
    reference = Reference(sources=sources)
    typed = layer.RESOURCES.run({"record": received}, reference)
    links = layer.survivors(typed["patient"])
    made = layer.STAYS.run(typed | {"survivor": links}, reference)
    return Silver(**{name: Rows((typed | made)[name]) for name in Silver._fields})


class Gold(NamedTuple):
    """The gold tables at one as_of."""

    stay_measure: Rows
    events: Rows
    patient_days: Rows
    results: Rows


class Lake:
    """The tables that come of some resources; each is computed when it is first asked for."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self.resources = list(resources)

    @cached_property
    def silver(self) -> Silver:
        return silver(self.resources)

    @cached_property
    def _decided(self) -> dict[str, pa.Table]:
        """Return the decisions as they are when nothing lies in the future."""
        return decide(self.silver)

    @property
    def events(self) -> Rows:
        return Rows(self._decided["infection_event"])

    @property
    def stay_measure(self) -> Rows:
        return Rows(self._decided["stay_measure"])

    def stays_of(self, *stories: str) -> Rows:
        """Return silver.stay of some stories only."""
        return self.silver.stay.of(stories)

    def patient_days(self, as_of: date, *stories: str) -> Rows:
        """Return gold.patient_day of some stories only."""
        return patient_days(self.stays_of(*stories), as_of)

    def gold(self, as_of: date, *stories: str) -> Gold:
        """Return the gold tables of some stories only, the numbers among them."""
        decided = self.stay_measure.of(stories, "stay_id"), self.events.of(stories, "stay_id")
        made = (*decided, self.patient_days(as_of, *stories))
        counted = cells(*made, self.stays_of(*stories), self.silver.organization, as_of)
        return Gold(*made, Rows(measures.measure_results(counted, as_of, RUN)))


def decide(
    silver: Silver,
    as_of: date = date.max,
    sources: Sources = NONE,
    profiles: Sequence[Profile] = PROFILES,
    program: Program = WITHOUT_CENSUS,
) -> dict[str, pa.Table]:
    """Return gold.stay_measure and gold.infection_event at an as_of; if none is given, nothing lies in the future."""
    reference = Reference({"run_id": RUN, "as_of": as_of}, sources, profiles)
    return program.run(_given(silver), reference)


def seen_at(silver: Silver, as_of: date, sources: Sources = NONE) -> dict[str, Rows]:
    """Return what `silver.SEEN` gives: the stays as they are seen at an as_of, and those that begin later."""
    made = layer.SEEN.run(_given(silver), Reference({"as_of": as_of}, sources))
    return {name: Rows(table) for name, table in made.items()}


def _given(silver: Silver) -> dict[str, pa.Table]:
    given = {name: getattr(silver, name).table for name in ("stay", "encounter", "patient", "condition")}
    return given | {"survivor": layer.survivors(given["patient"])}


def patient_days(stays: Rows, as_of: date) -> Rows:
    """Return gold.patient_day of stays that were not cut at as_of."""
    return Rows(CENSUS.run({"stay": stays.table}, Reference({"run_id": RUN, "as_of": as_of}))["patient_day"])


def by_id(frame: Rows, key: str = "id") -> dict[str, Row]:
    """Return the rows by id."""
    return {row[key]: row for row in frame.collect()}


def ids_of(rows: Mapping[str, Row], name: str) -> list[str]:
    """Return the short ids that one story has among the rows."""
    return sorted(key.removeprefix(f"{name}.") for key in rows if key.startswith(f"{name}."))


def evaluate(values: Iterable[Any], expression: str, structure: str = '"VARCHAR"') -> list[Any]:
    """Return what an expression of DuckDB's SQL gives for `value`, for each of these values.

    `structure` is what DuckDB's `from_json` makes of the values.
    """
    held = [json.dumps(one) for one in values]
    with Database(Reference()) as database:
        database.put({"given": pa.table({"place": range(len(held)), "json": held})})
        typed = f"SELECT place, from_json(json, '{structure}') AS value FROM given"
        found = database.select(f"SELECT {expression} AS found FROM ({typed}) ORDER BY place")
    return list(found["found"].to_pylist())


def utc(moment: datetime) -> str:
    """Return a collected timestamp (which is in this machine's zone) as text in UTC."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
