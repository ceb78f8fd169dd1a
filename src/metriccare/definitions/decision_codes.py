"""The codes that gold stores with its decisions, once for those who decide and those who explain. No Spark.

`reporting/wording/words.csv` has the words for them, docs/measures.md their rules; tests hold all three to be complete.
"""

from enum import StrEnum


class Reason(StrEnum):
    """Why a stay is out of a measure, in about the order of the clauses (docs/measures.md).

    `N` stands for a number that the profile sets, see `at`.
    """

    PATIENT_UNKNOWN = "patient_unknown"
    NOT_FINISHED = "not_finished"
    DATES_UNUSABLE = "dates_unusable"
    END_BEFORE_START = "end_before_start"
    AGE_UNKNOWN = "age_unknown"
    UNDER = "under_N"
    OVER = "over_N"
    TOO_LONG = "N_days_or_longer"
    NOT_ACUTE = "not_acute"
    INCONSISTENT_VITAL_STATUS = "inconsistent_vital_status"
    DISPOSITION_MISSING = "disposition_missing"
    TRANSFERRED_OUT = "transferred_out"
    TRANSFERRED_IN = "transferred_in"
    LEFT_AGAINST_MEDICAL_ADVICE = "left_against_medical_advice"
    DIED_IN_HOSPITAL = "died_in_hospital"
    DIED_ON_DISCHARGE_DATE = "died_on_discharge_date"
    PSYCHIATRIC = "psychiatric"
    REHABILITATION = "rehabilitation"
    CANCER_TREATMENT = "cancer_treatment"
    CANCER_HOSPITAL = "cancer_hospital"
    COVID_19 = "covid_19"
    SAME_DAY_CONTINUATION = "same_day_continuation"
    DEATH_DATE_UNKNOWN = "death_date_unknown"
    DEMOGRAPHICS_UNRELIABLE = "demographics_unreliable"
    HOSPICE_AT_ADMISSION = "hospice_at_admission"
    HOSPICE_PRIOR_12_MONTHS = "hospice_prior_12_months"
    NOT_SELECTED = "not_selected"
    TIMES_UNKNOWN = "times_unknown"
    NOT_LAST_LEG = "not_last_leg"
    NOT_READMITTED = "not_readmitted"
    ADMITTED_AFTER_AS_OF = "admitted_after_as_of"
    FOLLOW_UP_INCOMPLETE = "follow_up_incomplete"

    def at(self, number: int) -> str:
        """Return the code as it is stored, with the profile's number in the place of `N`."""
        return self.replace("N", str(number))


NOT_YET = (Reason.ADMITTED_AFTER_AS_OF, Reason.NOT_FINISHED, Reason.FOLLOW_UP_INCOMPLETE)
"""The reasons that a later as_of takes away."""


class EncounterOutcome(StrEnum):
    """What became of a live encounter, as gold.run counts it."""

    IN_STAY = "in_stay"
    CLASS_UNMAPPED = "class_unmapped"
    NOT_INPATIENT = "not_inpatient"
    SEGMENT_OF_NO_STAY = "segment_of_no_stay"
    STATUS = "status"
    """Not in a stay because of its status, which follows: `status_cancelled`."""


class InfectionDecision(StrEnum):
    """What was decided on a candidate infection (docs/measures.md, hospital-onset infections)."""

    NOT_CONFIRMED = "not_confirmed"
    EXCLUDED_CODE = "excluded_code"
    AFTER_DISCHARGE = "after_discharge"
    BEFORE_ADMISSION = "before_admission"
    DATE_UNKNOWN = "date_unknown"
    PRESENT_ON_ADMISSION = "present_on_admission"
    HOSPITAL_ONSET = "hospital_onset"
    REPEAT = "repeat_within_14_days"


class Role(StrEnum):
    """What a resource is evidence of."""

    STAY = "stay"
    DISPOSITION = "disposition"
    DEATH = "death"
    BIRTH = "birth"
    READMISSION = "readmission"
    TRANSFER = "transfer"
    STAY_AFTER_DEATH = "stay_after_death"
    HOSPICE = "hospice"
    CONTINUATION = "continuation"
    ADMIT_SOURCE = "admit_source"
    PRINCIPAL_DIAGNOSIS = "principal_diagnosis"
    INFECTION = "infection"
    DIAGNOSIS_ON_ADMISSION = "diagnosis_on_admission"
