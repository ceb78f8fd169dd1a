"""silver.stay as it is seen at an as_of: a cut in event time (docs/contracts.md#dates).

What happens later is unseen, a stay that crosses the cut is open. Only patients with a later fact are looked at anew;
all others have the stays that silver.stay holds.
"""

from metriccare.definitions.tables import STAY
from metriccare.engine import Program, load_steps
from metriccare.silver.stays import RESOURCES, STAY_STEPS
from metriccare.silver.survivors import SURVIVOR

SEEN = Program(
    takes={"stay": STAY.columns, **RESOURCES, "survivor": SURVIVOR},
    steps=(
        *load_steps(__name__, "known_stay", "later_patient", "encounter", "patient", "condition"),
        *STAY_STEPS,
        *load_steps(__name__, "later_stay", "stay"),
    ),
    gives={"stay": STAY.columns, "later_stay": STAY.columns, "live_condition": RESOURCES["condition"]},
)
"""Make the stays as they would be had nothing after the value `as_of` been heard of.

An encounter that lies inside a longer one of the same hospital stays a part of that stay, also while the longer one is
still open at as_of: which encounters are one stay does not depend on the cut.

Gives the stays that have begun (`stay`), those that only later facts make (`later_stay`; every row of silver.stay is in
one of the two), and the live conditions known by then (`live_condition`), of merged patients with the survivor's id.
"""

AFFECTED_BY_AS_OF = Program(
    takes={
        "stay": """source STRING, patient_id STRING, encounter_ids ARRAY<STRING>, is_open BOOLEAN, admission_date DATE,
            discharge_date DATE, death_date DATE""",
        "condition": "source STRING, patient_id STRING, encounter_id STRING, event_date DATE",
        "survivor": SURVIVOR,
    },
    steps=load_steps(__name__, "known_stay", "later_patient", "affected_patient"),
    gives={"affected_patient": "source STRING, patient_id STRING"},
)
"""Find the patients whose stays or decisions may change if the value `as_of`, the earlier of two, becomes the other."""
