"""Hospital-onset infections of a stay (MEASURES 3.4)."""

from metriccare.measures.clause import Rules

INFECTION = Rules(
    "MEASURES 3.4",
    own=(),
    numerator="infection_count > 0",
    value="infection_count",
    matures_on="discharge_date",
    event_on="first_infection_date",
    evidence="infections",
)
"""Value: the hospital-onset events of the stay, each with its own date in gold.infection_event."""
