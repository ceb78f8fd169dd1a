"""Length of stay: who counts (MEASURES 4.1, 4.8); deaths and non-acute stays are included.

`counted_from_date` and `counted_from_at` are the admission, or, for a profile that says so, the emergency visit before
it (4.7).
"""

from collections.abc import Sequence

from metriccare.definitions.decision_codes import Reason, Role
from metriccare.measures.clause import Exclusion, Rules
from metriccare.measures.evidence import of_related, of_stay
from metriccare.measures.length_of_stay.days import billing_days, fractional_days, midnights

TIMES_UNKNOWN = Exclusion(Reason.TIMES_UNKNOWN, "NOT has_times", of_stay(), "MEASURES 4.4")
NOT_LAST_LEG = Exclusion(
    Reason.NOT_LAST_LEG, "NOT is_last_leg", of_related(Role.TRANSFER, "next_leg"), "MEASURES 0.4.2, 4.1"
)


def _length_of_stay(source: str, value: str, own: Sequence[Exclusion] = ()) -> Rules:
    return Rules(
        source,
        own=own,
        numerator="true",
        value=value,
        matures_on="discharge_date",
        event_on="discharge_date",
    )


LENGTH_OF_STAY_MIDNIGHTS = _length_of_stay("MEASURES 4.2", midnights("counted_from_date"))
LENGTH_OF_STAY_BILLING = _length_of_stay("MEASURES 4.3", billing_days("counted_from_date"))
"""The default for "CMS ALOS"."""
LENGTH_OF_STAY_FRACTIONAL = _length_of_stay(
    "MEASURES 4.4", fractional_days("counted_from_at"), [TIMES_UNKNOWN]
)
LENGTH_OF_STAY_EPISODE_BILLING = _length_of_stay(
    "MEASURES 0.4.2, 4.1", billing_days("chain_admission_date", "chain_discharge_date"), [NOT_LAST_LEG]
)
"""One transfer chain, at its last leg, from the first start to the last end.

An earlier leg at another hospital may end after the last one to begin.
"""
