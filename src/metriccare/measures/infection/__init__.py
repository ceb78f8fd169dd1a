"""Hospital-onset infection diagnoses, a proxy for NHSN's healthcare-associated infections (MEASURES 3)."""

from metriccare.measures.infection.event import infection_events
from metriccare.measures.infection.measure import infection, with_infections

__all__ = ["infection", "infection_events", "with_infections"]
