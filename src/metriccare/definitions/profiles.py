"""Profiles: for whom, and how strictly, the measures are computed. Another profile is another entry here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    """One set of rules (MEASURES 0.5, 1.4, and the options of 1.3, 2.2, 3.3, 3.4, 4.7).

    Attributes:
        name: stored with every decision and number.
        title: who is counted, in words.
        min_age: completed years on the admission date; None sets no limit and needs no birth date.
        max_age_mortality: the greatest age that both mortality measures count; None sets no limit.
        max_days: stays longer than this are out of readmission and mortality; None sets no limit.
        is_plain: count as third parties do: no chains, no exclusions beyond finished and dated (MEASURES 1.4).
        counts_planned_proxy: an elective admission counts as planned (1.3), which diagnoses alone do not say.
        one_per_patient: 30-day mortality takes one admission per patient and year (2.2).
        accepts_unconfirmed: infections that are unconfirmed, provisional or differential count too (3.3).
        counts_same_day: a stay without a midnight adds one patient-day to the census (3.4).
        starts_in_emergency: length of stay begins with the emergency or observation visit before it (4.7).
    """

    name: str
    title: str
    min_age: int | None = 18
    max_age_mortality: int | None = None
    max_days: int | None = None
    is_plain: bool = False
    counts_planned_proxy: bool = False
    one_per_patient: bool = False
    accepts_unconfirmed: bool = False
    counts_same_day: bool = False
    starts_in_emergency: bool = False


ALL_ADULT = Profile("all_adult", "everybody of 18 and more, whoever pays")
CMS_LIKE = Profile(
    "cms_like", "65 and more (65 to 94 for mortality)", min_age=65, max_age_mortality=94, max_days=364
)
SIMPLE = Profile("simple", "every finished stay, no exclusions, no transfers", min_age=None, is_plain=True)
PROFILES = (ALL_ADULT, CMS_LIKE, SIMPLE)
