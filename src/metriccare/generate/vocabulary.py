"""The codes that the generator uses: the measures' value sets, and diagnoses that are in none of them."""

import csv
import hashlib
from functools import cache
from importlib import resources

from metriccare.definitions.value_sets import Code, load
from metriccare.generate.parameters import MODEL
from metriccare.generate.rng import Rng

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
def generator_codes(name: str) -> tuple[Code, ...]:
    """Return the codes of the generator's own list `data/<name>.csv`."""
    text = resources.files(__package__).joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
    return tuple(Code(**({"rule": ""} | row)) for row in csv.DictReader(text.splitlines()))


@cache
def codes_of(name: str, category: str) -> tuple[Code, ...]:
    """Return the codes of one category of a value set; empty if there are none."""
    return tuple(code for code in load(name) if code.category == category)


@cache
def acute_diagnoses() -> tuple[Code, ...]:
    """Return the principal diagnoses of ordinary stays, on which no measure depends."""
    return _unlisted("acute_diagnosis")


@cache
def chronic_diagnoses() -> tuple[Code, ...]:
    """Return the chronic conditions, on which no measure depends."""
    return _unlisted("chronic_diagnosis")


@cache
def infections(rule: str) -> tuple[Code, ...]:
    """Return the infection codes with one dating rule: date, hospital_onset, never or exclude.

    Neonatal infections are left out, since the model has almost no newborns.
    """
    codes = (code for code in load("infection") if code.rule == rule)
    return tuple(code for code in codes if "neonatal" not in code.display.lower())


@cache
def visit_types(class_code: str) -> tuple[Code, ...]:
    """Return the Encounter.type codes of a class other than acute stays."""
    return tuple(code for code in generator_codes("visit_type") if code.category == class_code)


@cache
def index_exclusion(code: Code) -> str | None:
    """Return the category that excludes a stay with this principal diagnosis from the index admissions."""
    keys = {(row.system, row.code): row.category for row in load("index_exclusion_diagnosis")}
    return keys.get((code.system, code.code))


@cache
def is_planned(code: Code) -> bool:
    """Return whether a stay with this principal diagnosis is planned."""
    return (code.system, code.code) in {(row.system, row.code) for row in load("planned_diagnosis")}


def is_covid_19(code: Code) -> bool:
    """Return whether a diagnosis is COVID-19, which excludes a stay from the index admissions."""
    return (code.system, code.code) in {(row.system, row.code) for row in load("covid_19")}


def disposition(rng: Rng, category: str) -> Code:
    """Draw a discharge disposition of class `category`, mostly from HL7's code system."""
    codes = _dispositions(category, local=rng.chance(MODEL.local_disposition))
    return rng.pick(codes or _dispositions(category, local=False))


@cache
def _dispositions(category: str, local: bool) -> tuple[Code, ...]:
    systems = _WRITTEN_DISPOSITIONS[1:] if local else _WRITTEN_DISPOSITIONS[:1]
    return tuple(code for code in codes_of("discharge_disposition", category) if code.system in systems)


def _unlisted(name: str) -> tuple[Code, ...]:
    listed = {
        (code.system, code.code)
        for value_set in ("infection", "index_exclusion_diagnosis", "planned_diagnosis")
        for code in load(value_set)
    }
    return tuple(code for code in generator_codes(name) if (code.system, code.code) not in listed)


@cache
def fingerprint() -> str:
    """Return a short hash of all codes of the generator, since other codes give another dataset."""
    rows = [load(name) for name in MEASURE_SETS]
    rows += [generator_codes(name) for name in ("acute_diagnosis", "chronic_diagnosis", "visit_type")]
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:16]
