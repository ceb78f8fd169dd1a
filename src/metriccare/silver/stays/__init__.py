"""silver.stay: one row per inpatient stay, made of the encounters, patients and conditions of silver."""

from metriccare.definitions.tables import CONDITION, ENCOUNTER, PATIENT, STAY
from metriccare.engine import Program, load_steps
from metriccare.silver.survivors import SURVIVOR

STAY_STEPS = load_steps(
    __name__,
    "live_encounter",
    "live_condition",
    "segment",
    "candidate",
    "member",
    "listed_diagnosis",
    "own_diagnosis",
    "principal_diagnosis",
    "merged_stay",
    "chain",
    "visit",
    "emergency_start",
    "stay",
)

RESOURCES = {"encounter": ENCOUNTER.columns, "patient": PATIENT.columns, "condition": CONDITION.columns}

STAYS = Program(takes=RESOURCES | {"survivor": SURVIVOR}, steps=STAY_STEPS, gives={"stay": STAY.columns})
"""Make the inpatient stays of all encounters, patients and conditions given; `survivor` is of `survivors`.

Gives one row per live inpatient encounter that is no segment, same-hospital overlaps merged; open and undated ones
included; also those whose patient is not known yet, or deleted (`is_patient_known` is false). `patient_id` is the
survivor's where patients were merged, and so are sex, birth and death. A row depends on the records of its own patient
only. All its dates, the death date among them, are in the zone of its hospital (`timezone`, null for as written).
"""
