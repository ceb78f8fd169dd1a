"""Hospital-onset infection diagnoses, a proxy for NHSN's healthcare-associated infections (MEASURES 3)."""

from metriccare.engine import load_steps
from metriccare.measures.infection.measure import INFECTION

INFECTION_STEPS = load_steps(
    __name__,
    "infection",
    "infection_link",
    "infection_candidate",
    "infection_onset",
    "infection_opener",
    "infection_decision",
    "infection_event",
)
"""From stays and conditions to gold.infection_event."""

__all__ = ["INFECTION", "INFECTION_STEPS"]
