"""One admission per patient and year: an option, since CMS draws one at random (MEASURES 2.2)."""

from collections.abc import Sequence

from pyspark.sql import Window
from pyspark.sql import functions as F

from metriccare.definitions.decision_codes import Reason
from metriccare.definitions.profiles import Profile
from metriccare.measures.clause import Exclusion, reasons
from metriccare.measures.cohort import common_exclusions


def one_per_patient(profile: Profile, own: Sequence[Exclusion]) -> list[Exclusion]:
    """Keep of the stays that no earlier clause takes out the one with the smallest hash of patient, stay and year.

    A hash is as good as chance and the same in every run. The year is that of the discharge.
    """
    if not profile.one_per_patient:
        return []
    before = [*common_exclusions(profile), *own]
    period = F.year("discharge_date")
    hashed = F.sha2(F.concat_ws("|", "patient_id", "id", period), 256)
    eligible = F.when(F.size(reasons(before)) == 0, hashed)
    chosen = F.min(eligible).over(Window.partitionBy("source", "patient_id", period))
    return [Exclusion(Reason.NOT_SELECTED, hashed != chosen)]
