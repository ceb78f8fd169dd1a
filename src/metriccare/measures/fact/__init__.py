"""What the clauses ask of a stay: the patient's other stays, the death, the infections; a file per subject."""

from metriccare.engine import load_steps

FACT_STEPS = load_steps(
    __name__,
    "planned",
    "neighbour",
    "leg",
    "hospice",
    "death",
    "covid_19",
    "infection_count",
    "stay_fact",
    "fact",
)
