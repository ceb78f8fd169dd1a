"""By what each measure decides: for strict profiles, for plain ones, and for stays that as_of does not see."""

from metriccare.definitions import measures as d
from metriccare.definitions.decision_codes import Reason
from metriccare.engine import Step, load_steps
from metriccare.measures import length_of_stay, mortality, readmission, simple
from metriccare.measures.clause import Exclusion, Rules, RuleSet
from metriccare.measures.cohort import COMMON
from metriccare.measures.decide import decisions, exclusions
from metriccare.measures.evidence import of_stay
from metriccare.measures.flags import DOUBTS
from metriccare.measures.infection import INFECTION

_LENGTH_OF_STAY = {
    d.LENGTH_BILLING: length_of_stay.LENGTH_OF_STAY_BILLING,
    d.LENGTH_MIDNIGHTS: length_of_stay.LENGTH_OF_STAY_MIDNIGHTS,
    d.LENGTH_FRACTIONAL: length_of_stay.LENGTH_OF_STAY_FRACTIONAL,
}
STRICT = RuleSet(
    rows="fact WHERE NOT is_plain",
    common=COMMON,
    measures={
        d.READMISSION: readmission.READMISSION_30_DAY,
        d.READMISSION_UNPLANNED: readmission.READMISSION_30_DAY_UNPLANNED,
        d.READMISSION_PLANNED_UNKNOWN: readmission.READMISSION_PLANNED_STATUS_UNKNOWN,
        d.MORTALITY_IN_HOSPITAL: mortality.MORTALITY_IN_HOSPITAL,
        d.MORTALITY_30_DAY: mortality.MORTALITY_30_DAY,
        d.INFECTION: INFECTION,
        **_LENGTH_OF_STAY,
        d.LENGTH_EPISODE: length_of_stay.LENGTH_OF_STAY_EPISODE_BILLING,
    },
    doubts=DOUBTS,
)
PLAIN = RuleSet(
    rows="fact WHERE is_plain",
    common=COMMON,
    measures={
        d.READMISSION: simple.READMISSION_30_DAY,
        d.READMISSION_UNPLANNED: simple.READMISSION_30_DAY_UNPLANNED,
        d.READMISSION_PLANNED_UNKNOWN: simple.READMISSION_PLANNED_STATUS_UNKNOWN,
        d.MORTALITY_IN_HOSPITAL: simple.MORTALITY_IN_HOSPITAL,
        d.MORTALITY_30_DAY: simple.MORTALITY_30_DAY,
        d.INFECTION: INFECTION,
        **_LENGTH_OF_STAY,
        d.LENGTH_EPISODE: length_of_stay.LENGTH_OF_STAY_BILLING,  # without chains every stay is an episode
    },
    doubts=DOUBTS,
)
ADMITTED_LATER = Exclusion(Reason.ADMITTED_AFTER_AS_OF, "true", of_stay(), "docs/contracts.md#dates")
NOTHING = Rules("docs/contracts.md#dates", own=(), numerator="false", matures_on="NULL", event_on="NULL")
LATER = RuleSet(
    rows="later_stay CROSS JOIN profile",
    common=[ADMITTED_LATER],
    measures=dict.fromkeys(d.DECISIONS, NOTHING),
    doubts={},
)
"""A stay that begins after as_of is out of everything, and no other stay sees it."""


def stay_measure_steps(strict: RuleSet = STRICT, plain: RuleSet = PLAIN) -> tuple[Step, ...]:
    """Return the steps from the facts to gold.stay_measure."""
    return (
        exclusions("strict_exclusion", strict),
        *load_steps(mortality.__name__, "selection"),
        decisions(
            "strict_decision", strict, "strict_exclusion LEFT JOIN selection USING (source, id, profile)"
        ),
        exclusions("plain_exclusion", plain),
        decisions("plain_decision", plain, "plain_exclusion"),
        exclusions("later_exclusion", LATER),
        decisions("later_decision", LATER, "later_exclusion"),
        *load_steps(__package__, "stay_measure"),
    )
