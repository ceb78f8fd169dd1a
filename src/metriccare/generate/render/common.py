"""Elements common to all resources: meta, codings, references. Constant elements are created once and shared."""

from functools import cache
from typing import Any

from metriccare.definitions.value_sets import Code
from metriccare.generate.dates import Clock
from metriccare.generate.plan import Hospital

Resource = dict[str, Any]
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem/"
IDENTIFIERS = "https://hospital.example/identifier/"
TAG = [{"system": f"{TERMINOLOGY}v3-ActReason", "code": "HTEST", "display": "test health data"}]
_FEED_MINUTE = 245


def meta(clock: Clock, last_fact_day: int, version: int = 1) -> Resource:
    """Return meta; the nightly feed sends a resource in the morning after its last fact.

    The tag marks the data as synthetic, which the pipeline shows in watermarks.
    """
    updated = clock.text(last_fact_day + 1, _FEED_MINUTE)
    return {"versionId": str(version), "lastUpdated": updated, "tag": TAG}


@cache
def coding(system: str, code: str, display: str) -> Resource:
    """Return a Coding."""
    return {"system": system, "code": code, "display": display}


@cache
def hl7(name: str, code: str, display: str) -> Resource:
    """Return a CodeableConcept with one code of an HL7 code system."""
    return {"coding": [coding(TERMINOLOGY + name, code, display)]}


@cache
def concept(code: Code) -> Resource:
    """Return a CodeableConcept for a code of a value set, with its display as text."""
    return {"coding": [coding(code.system, code.code, code.display)], "text": code.display}


@cache
def provider(hospital: Hospital) -> Resource:
    """Return Encounter.serviceProvider of a hospital."""
    return {"reference": f"Organization/{hospital.id}", "display": hospital.name}


def identifier(kind: str, value: str) -> list[Resource]:
    """Return one business identifier, `kind` being mrn or visit."""
    return [{"system": IDENTIFIERS + kind, "value": value}]
