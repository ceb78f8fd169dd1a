"""Silver: current, typed, deduplicated resources, and the inpatient stays they make."""

from metriccare.silver.as_of import AFFECTED_BY_AS_OF, SEEN
from metriccare.silver.resources import DELIVERY, RESOURCES
from metriccare.silver.stays import STAYS
from metriccare.silver.survivors import IS_LINKED, LINKED, survivors

__all__ = [
    "AFFECTED_BY_AS_OF",
    "DELIVERY",
    "IS_LINKED",
    "LINKED",
    "RESOURCES",
    "SEEN",
    "STAYS",
    "survivors",
]
