"""The codes the generator writes: the value sets of the measures, and diagnoses that are in none of them."""

import csv
import hashlib
from functools import cache
from importlib import resources

from metriccare.definitions.value_sets import Code, load
from metriccare.generate.draw import Draw
from metriccare.generate.parameters import MODEL

HL7_DISPOSITION = "http://terminology.hl7.org/CodeSystem/discharge-disposition"
SNOMED = "http://snomed.info/sct"
MEASURE_SETS = (
    "discharge_disposition",
    "encounter_class",
    "encounter_type",
    "index_exclusion_diagnosis",
    "infection",
    "planned_diagnosis",
)
_WRITTEN_DISPOSITIONS = (HL7_DISPOSITION, "http://www.nubc.org/patient-discharge", SNOMED)


@cache
def own(name: str) -> tuple[Code, ...]:
    """Return the rows of one of the generator's own lists, `data/<name>.csv`."""
    text = resources.files(__package__).joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
    return tuple(Code(**({"rule": ""} | row)) for row in csv.DictReader(text.splitlines()))


@cache
def of(name: str, category: str) -> tuple[Code, ...]:
    """Return the codes of one category of a value set; empty if the value set ships without any."""
    return tuple(code for code in load(name) if code.category == category)


@cache
def acute_diagnoses() -> tuple[Code, ...]:
    """Return the principal diagnoses of ordinary stays: those that no measure singles out."""
    return _unlisted("acute_diagnosis")


@cache
def chronic_diagnoses() -> tuple[Code, ...]:
    """Return the long-term conditions patients live with, none of which any measure singles out."""
    return _unlisted("chronic_diagnosis")


@cache
def infections(rule: str) -> tuple[Code, ...]:
    """Return the infection codes with one rule of dating: date, hospital_onset, never or exclude.

    Infections of newborns are left out, since hardly a patient of the model is one.
    """
    codes = (code for code in load("infection") if code.rule == rule)
    return tuple(code for code in codes if "neonatal" not in code.display.lower())


@cache
def visit_types(class_code: str) -> tuple[Code, ...]:
    """Return the Encounter.type codes of a class that is no acute stay."""
    return tuple(code for code in own("visit_type") if code.category == class_code)


@cache
def index_exclusion(code: Code) -> str | None:
    """Return the category that keeps a stay with this principal diagnosis from being an index admission."""
    keys = {(row.system, row.code): row.category for row in load("index_exclusion_diagnosis")}
    return keys.get((code.system, code.code))


@cache
def is_planned(code: Code) -> bool:
    """Return whether a stay with this principal diagnosis is a planned one."""
    return (code.system, code.code) in {(row.system, row.code) for row in load("planned_diagnosis")}


def is_covid_19(code: Code) -> bool:
    """Return whether a diagnosis is COVID-19, which keeps a stay from being an index admission."""
    return (code.system, code.code) in {(row.system, row.code) for row in load("covid_19")}


def disposition(draw: Draw, category: str) -> Code:
    """Draw a discharge disposition that means `category`, mostly in HL7's own code system."""
    codes = _dispositions(category, local=draw.chance(MODEL.local_disposition))
    return draw.pick(codes or _dispositions(category, local=False))


@cache
def _dispositions(category: str, local: bool) -> tuple[Code, ...]:
    systems = _WRITTEN_DISPOSITIONS[1:] if local else _WRITTEN_DISPOSITIONS[:1]
    return tuple(code for code in of("discharge_disposition", category) if code.system in systems)


def _unlisted(name: str) -> tuple[Code, ...]:
    listed = {
        (code.system, code.code)
        for value_set in ("infection", "index_exclusion_diagnosis", "planned_diagnosis")
        for code in load(value_set)
    }
    return tuple(code for code in own(name) if (code.system, code.code) not in listed)


@cache
def fingerprint() -> str:
    """Return a short hash of every code the generator can write: another vocabulary makes another set."""
    rows = [load(name) for name in MEASURE_SETS]
    rows += [own(name) for name in ("acute_diagnosis", "chronic_diagnosis", "visit_type")]
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:16]
