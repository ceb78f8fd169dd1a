"""All parameters of the model: change the synthetic hospitals and patients here and nowhere else.

Shares are probabilities in 0..1, durations are in days, ages in years. Rates resemble those of real hospitals; the
planted scenarios (see `scenarios`) are added to them.
"""

from dataclasses import dataclass
from datetime import date

GENERATOR_VERSION = "1"
DEFAULT_START = date(2023, 1, 1)
DEFAULT_END = date(2025, 12, 31)
DEFAULT_PART_SIZE = 50_000
# Since 2007 US clocks change on the Sundays that `dates.clock_change` returns.
EARLIEST_START = date(2007, 1, 1)
LATEST_END = date(2090, 12, 31)
SHORTEST_WINDOW = 730

LAST_READMISSION_DAY = 30
LAST_MORTALITY_DAY = 30
FIRST_HOSPITAL_ONSET_DAY = 3
LAST_HOSPICE_DAY = 365
REPEAT_DAYS = 14
ADULT_AGE = 18

BLOCK_SIZE = 500
REPEATS_PER_BLOCK = 1


Weights = tuple[tuple[str, float], ...]
WeightsOrNone = tuple[tuple[str | None, float], ...]


@dataclass(frozen=True)
class HospitalModel:
    """One hospital: its size, its time zone and its true quality.

    Attributes:
        weight: share of the patients whose home hospital it is, relative to the other hospitals.
        zone: IANA name of its time zone.
        readmission: true odds of readmission within 30 days, relative to the model.
        mortality: true odds of death, in hospital and after discharge, relative to the model.
        infection: true odds of a hospital-onset infection, relative to the model.
        stay: factor for the length of its stays.
    """

    weight: float
    zone: str
    readmission: float
    mortality: float
    infection: float
    stay: float


HOSPITALS = (
    HospitalModel(24, "America/New_York", 1.0, 1.0, 1.0, 1.0),
    HospitalModel(19, "America/Chicago", 0.8, 0.8, 0.7, 0.95),
    HospitalModel(15, "America/New_York", 1.25, 1.1, 1.4, 1.05),
    HospitalModel(12, "America/Los_Angeles", 1.0, 0.7, 0.9, 0.9),
    HospitalModel(10, "America/Denver", 0.9, 1.3, 1.2, 1.1),
    HospitalModel(8, "America/Chicago", 1.4, 1.4, 1.6, 1.15),
    HospitalModel(7, "America/Phoenix", 0.7, 0.9, 0.6, 0.9),
    HospitalModel(5, "America/Los_Angeles", 1.1, 1.2, 1.1, 1.0),
)


@dataclass(frozen=True)
class Model:
    """The shares and durations of ordinary courses.

    Attributes:
        ages: (youngest, oldest, weight) of the age at the first admission, in completed years.
        ages_of_mothers: (youngest, oldest) of the women admitted for a birth.
        minors: share of patients who are under 18 for the whole window.
        unknown_birth: share of patients without a birthDate, or with one of a year or a month only.
        female: share of women and girls.
        stay_mu, stay_sigma: log-normal parameters of a stay, in days.
        longest_stay: cap on the length of a stay in days.
        same_day: share of stays that end on the day they start.
        longest_course: maximum number of acute stays of a patient.
        returns_soon: chance of an acute readmission 0..30 days after a discharge.
        returns_later: chance of a readmission after 31..400 days, if there was none before.
        edge_days: days between discharge and readmission that are overrepresented.
        on_edge_day: share of the readmissions up to day 30 that fall on one of these days.
        on_late_edge_day: the same share of later readmissions.
        latest_return: maximum number of days until the next admission.
        planned: share of readmissions that are planned (maintenance chemotherapy and the like).
        other_hospital: share of readmissions, from the second day on, to another hospital.
        same_principal: share of readmissions with the principal diagnosis of the stay before.
        transfer: chance that a stay ends in a transfer to another acute hospital.
        next_day_transfer: share of transfers that arrive on the following day.
        dies_in_hospital: chance of dying in an acute stay.
        dies_after: chance of dying after the last discharge.
        dies_within: share of those deaths within 30 days of the discharge.
        latest_death: maximum number of days from the last discharge to a death.
        date_only_death: share of deaths recorded as a date without a time.
        states_alive: share of living patients with deceasedBoolean false instead of no element.
        on_leave: share of open stays with status onleave.
        against_advice, hospice, post_acute, unmapped, missing: shares of the discharge dispositions.
        psychiatric, rehabilitation, cancer_treatment: shares of stays with such a principal diagnosis.
        infection_present: chance of an infection present on admission.
        infection_onset: chance of a hospital-onset infection in a stay of three days and more.
        usual_nights: length of stay to which `infection_onset` applies; the chance is proportional to the length.
        infection_dating, infection_verification, infection_category: weights of how an infection is documented.
        date_only_onset: share of onsets without a time of day.
        chronic: maximum number of chronic conditions of an adult.
        class_acute: share of acute stays with class ACUTE instead of IMP.
        intensive_care: share of acute stays of two days and more with an ICU segment.
        emergency: share of acute stays that start in the emergency department.
        nonacute_after: chance of a non-acute stay after the last acute one.
        nonacute_gap, nonacute_nights: (minimum, maximum) of the days until it starts and of its nights.
        visits: maximum number of outpatient contacts of a patient.
        visit_classes: weights of their classes.
        farthest_visit: maximum number of days between an outpatient contact and the stays.
        states_source: share of stays with an admitSource.
        local_disposition: share of dispositions in NUBC or SNOMED CT codes instead of HL7's.
        both_dispositions: share of dispositions with codings of two systems.
    """

    ages: tuple[tuple[int, int, float], ...] = (
        (19, 34, 10),
        (35, 49, 14),
        (50, 64, 26),
        (65, 79, 32),
        (80, 96, 18),
    )
    ages_of_mothers: tuple[int, int] = (20, 42)
    minors: float = 0.02
    unknown_birth: float = 0.012
    female: float = 0.53
    stay_mu: float = 1.28
    stay_sigma: float = 0.78
    longest_stay: int = 60
    same_day: float = 0.02
    longest_course: int = 6
    returns_soon: float = 0.1
    returns_later: float = 0.45
    edge_days: tuple[int, ...] = (0, 1, 29, 30, 31, 32)
    on_edge_day: float = 0.3
    on_late_edge_day: float = 0.1
    latest_return: int = 400
    planned: float = 0.1
    other_hospital: float = 0.22
    same_principal: float = 0.3
    transfer: float = 0.025
    next_day_transfer: float = 0.3
    dies_in_hospital: float = 0.007
    dies_after: float = 0.16
    dies_within: float = 0.55
    latest_death: int = 400
    date_only_death: float = 0.25
    states_alive: float = 0.3
    on_leave: float = 0.2
    against_advice: float = 0.012
    hospice: float = 0.015
    post_acute: float = 0.2
    unmapped: float = 0.01
    missing: float = 0.03
    psychiatric: float = 0.02
    rehabilitation: float = 0.008
    cancer_treatment: float = 0.012
    infection_present: float = 0.05
    infection_onset: float = 0.006
    usual_nights: int = 4
    infection_dating: Weights = (("onset", 6), ("recorded", 2), ("period", 1), ("recorded_first", 1))
    infection_verification: WeightsOrNone = (("confirmed", 9), (None, 1))
    infection_category: WeightsOrNone = (("encounter-diagnosis", 8), ("problem-list-item", 1), (None, 1))
    date_only_onset: float = 0.25
    chronic: int = 4
    class_acute: float = 0.15
    intensive_care: float = 0.12
    emergency: float = 0.45
    nonacute_after: float = 0.06
    nonacute_gap: tuple[int, int] = (0, 3)
    nonacute_nights: tuple[int, int] = (5, 21)
    visits: int = 4
    visit_classes: Weights = (("AMB", 7), ("EMER", 1.5), ("OBSENC", 1), ("SS", 0.5))
    farthest_visit: int = 200
    states_source: float = 0.6
    local_disposition: float = 0.15
    both_dispositions: float = 0.04


MODEL = Model()


@dataclass(frozen=True)
class DeliveryModel:
    """How much is delivered after the first delivery.

    Attributes:
        max_batches: maximum number of later deliveries.
        share: default share of the patients in each later delivery.
        events: fraction of that share used for planted events (late, corrected, deleted resources); the rest are
            patients of the nightly feed.
        nights_with_updates: average number of nights in the window in which the feed sends an update of a patient.
    """

    max_batches: int = 99
    share: float = 0.01
    events: float = 0.6
    nights_with_updates: float = 5.0


DELIVERIES = DeliveryModel()
