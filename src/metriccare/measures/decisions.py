"""The program that decides the stays of gold."""

from metriccare.definitions.tables import CONDITION, INFECTION_EVENT, PATIENT_DAY, STAY, STAY_MEASURE
from metriccare.engine import Program, load_steps
from metriccare.measures.fact import FACT_STEPS
from metriccare.measures.infection import INFECTION_STEPS
from metriccare.measures.stay_measure import stay_measure_steps

DECISIONS = Program(
    takes={"stay": STAY.columns, "later_stay": STAY.columns, "live_condition": CONDITION.columns},
    steps=(*INFECTION_STEPS, *FACT_STEPS, *stay_measure_steps(), *load_steps(__package__, "patient_day")),
    gives={table.name: table.columns for table in (STAY_MEASURE, INFECTION_EVENT, PATIENT_DAY)},
)
"""Decide every stay and every infection for every measure and profile, and count the days in hospital.

`stay` holds all stays of the patients concerned, as they are seen at as_of; `later_stay` those that begin after it;
`live_condition` the live conditions known by then, those of merged patients under the survivor's id. The values are
`run_id` and `as_of`.

Gives one row per stay and profile, whose `matures_on` says when follow-up is complete (the aggregation compares it with
as_of); one per stay, infection and profile; and one per stay and month with a midnight, or with the whole of a same-day
stay. A row depends on the records of its own patient only.
"""
