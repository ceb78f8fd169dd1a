"""Which leg of a transfer chain counts (MEASURES 0.4.3, 0.4.4)."""

from metriccare.definitions.decision_codes import Reason, Role
from metriccare.measures.clause import Exclusion
from metriccare.measures.evidence import both, of_related, of_stay

TRANSFERRED_OUT = Exclusion(
    Reason.TRANSFERRED_OUT,
    "NOT is_last_leg OR disposition_class = 'acute_transfer'",
    both(of_related(Role.TRANSFER, "next_leg"), of_stay(Role.DISPOSITION)),
    "MEASURES 0.4.3, 1.1.4, 2.1",
)
"""The outcome of a stay that went on elsewhere is not this hospital's, whether or not the other stay is in the data."""

TRANSFERRED_IN = Exclusion(
    Reason.TRANSFERRED_IN,
    "NOT is_first_leg",
    of_related(Role.TRANSFER, "previous_leg"),
    "MEASURES 0.4.4",
)
"""A death after admission belongs to the hospital that admitted first."""
