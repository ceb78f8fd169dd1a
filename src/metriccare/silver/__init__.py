"""Silver: current, typed, deduplicated resources, and the inpatient stays they make."""

from metriccare.silver.as_of import SEEN
from metriccare.silver.as_of_spark import Seen, of_patients, patients_with_later_facts, stays_at
from metriccare.silver.condition import conditions
from metriccare.silver.encounter import encounters
from metriccare.silver.merge import with_survivor
from metriccare.silver.organization import organizations
from metriccare.silver.patient import patients
from metriccare.silver.resource import newest
from metriccare.silver.resources import DELIVERY, RESOURCES
from metriccare.silver.stay import stays
from metriccare.silver.stays import STAYS
from metriccare.silver.survivors import LINKED, survivors

__all__ = [
    "DELIVERY",
    "LINKED",
    "RESOURCES",
    "SEEN",
    "STAYS",
    "Seen",
    "conditions",
    "encounters",
    "newest",
    "of_patients",
    "organizations",
    "patients",
    "patients_with_later_facts",
    "stays",
    "stays_at",
    "survivors",
    "with_survivor",
]
