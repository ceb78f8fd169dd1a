"""The plan of a patient: what happens, and what it counts as, decided before any resource is written.

Times in a plan are chosen as distances (days since the previous discharge, hospital day of an onset, days until
death), so that a label is known once the distance is chosen. `schedule` places the plan on the calendar.
"""

from dataclasses import dataclass, field
from enum import Enum

from metriccare.definitions.value_sets import Code
from metriccare.generate.dates import Clock


@dataclass(frozen=True)
class Hospital:
    """One hospital; the odds are its true quality, relative to the model."""

    id: str
    name: str
    clock: Clock
    readmission: float
    mortality: float
    infection: float
    stay: float
    changes_clock: bool


class Hours(Enum):
    """Time of day at which a stay starts and ends."""

    USUAL = "usual"
    ACROSS_MIDNIGHT = "across midnight"
    REPEATED_HOUR = "inside the hour that is repeated in autumn"
    LATE = "ends shortly before midnight"
    EARLY = "starts shortly after midnight"


@dataclass(slots=True)
class Infection:
    """One infection diagnosis of a stay.

    Attributes:
        hospital_day: day of the event, 1 = day of admission, 0 = the day before, None = no date.
        decision: the decision that the measure must make.
        verification: verificationStatus, None = absent.
        poa: present-on-admission indicator (Y, W, N, U), None = absent.
        dating: which element carries the event's date: onset, period, recorded, recorded_first or none.
        category: encounter-diagnosis, problem-list-item or None = absent.
        only_in_diagnosis: the encounter refers to the condition, but the condition does not refer to the encounter.
        principal: it is the principal diagnosis of the stay.
        after_midnight: the onset is in the first minutes of its day.
    """

    code: Code
    hospital_day: int | None
    decision: str
    verification: str | None = "confirmed"
    poa: str | None = None
    dating: str = "onset"
    category: str | None = "encounter-diagnosis"
    only_in_diagnosis: bool = False
    principal: bool = False
    after_midnight: bool = False
    id: str = ""


@dataclass(slots=True, eq=False)
class StayPlan:
    """One inpatient stay, i.e. one row of `silver.stay`.

    Attributes:
        nights: midnights between admission and discharge.
        after: days since the discharge of the previous acute stay.
        is_transfer: the patient is transferred in from the previous acute stay: next leg of a transfer chain.
        disposition: discharge disposition, None = missing.
        dies: the patient dies in this stay: an in-hospital death.
        dies_on_discharge_date: dies on the discharge date although the disposition means alive.
        after_death: starts after the recorded death (a planted contradiction).
        hospice_before: the patient was discharged to hospice 0..365 days before this admission.
        fragments: number of overlapping encounters that the hospital recorded for this stay.
    """

    hospital: Hospital
    nights: int
    principal: Code
    disposition: Code | None
    class_code: str = "IMP"
    after: int = 0
    is_transfer: bool = False
    status: str = "finished"
    hours: Hours = Hours.USUAL
    infections: list[Infection] = field(default_factory=list)
    dies: bool = False
    dies_on_discharge_date: bool = False
    after_death: bool = False
    hospice_before: bool = False
    intensive_care: bool = False
    emergency: bool = False
    fragments: int = 1
    ids: list[str] = field(default_factory=list)
    admission_day: int = 0
    admission_minute: int = 0
    discharge_day: int = 0
    discharge_minute: int = 0
    next_leg: "StayPlan | None" = None
    first_leg: "StayPlan | None" = None
    next_acute: "StayPlan | None" = None

    @property
    def acute(self) -> bool:
        """Whether the class means acute inpatient care."""
        return self.class_code != "NONAC"

    @property
    def open(self) -> bool:
        """Whether the patient was still in hospital at the end of the window."""
        return self.status in ("in-progress", "onleave")

    @property
    def last_known_day(self) -> int:
        """The day of discharge, or of admission for an open stay."""
        return self.admission_day if self.open else self.discharge_day

    def has_disposition(self, category: str) -> bool:
        """Whether the discharge disposition is of class `category`."""
        return self.disposition is not None and self.disposition.category == category


def event_day(stay: StayPlan, infection: Infection) -> int | None:
    """Return the day of an infection's event, None if it has no date."""
    if infection.hospital_day is None:
        return None
    return stay.admission_day + infection.hospital_day - 1


class DeathForm(Enum):
    """How the death is recorded in Patient.deceased[x]."""

    INSTANT = "dateTime with time and offset"
    DATE = "date only"
    BOOLEAN = "true, without a date"
    ABSENT = "not recorded: only the disposition shows it"


@dataclass(slots=True)
class Death:
    """The death of the patient: `after_admission` days after the admission of the stay it belongs to."""

    stay: StayPlan
    after_admission: int
    form: DeathForm

    @property
    def day(self) -> int:
        """The day of death."""
        return self.stay.admission_day + self.after_admission

    @property
    def date_known(self) -> bool:
        """Whether the date of death is known, from deceasedDateTime or from a stay that ends in death."""
        return self.form in (DeathForm.INSTANT, DeathForm.DATE) or self.stay.has_disposition("expired")


@dataclass(slots=True)
class Contact:
    """An encounter other than a stay, `after` days after the last discharge (negative: before all stays)."""

    class_code: str
    after: int
    status: str = "finished"
    infection: bool = False
    day: int = 0


@dataclass(slots=True)
class Person:
    """The patient as a person; `birth_text` is the precision of birthDate: day, month, year or none."""

    id: str
    number: int
    female: bool
    born: int
    adult_from: int
    birth_text: str
    chronic: list[Code]

    @property
    def age_known(self) -> bool:
        """Whether the full birthDate is known."""
        return self.birth_text == "day"


@dataclass(slots=True)
class PatientPlan:
    """A person and a course on the calendar, from which the resources and the truth are derived."""

    person: Person
    home: Hospital
    stays: list[StayPlan]
    death: Death | None
    contacts: list[Contact]

    @property
    def inconsistent(self) -> bool:
        """Whether the record contradicts itself: a stay starts after the death."""
        return any(stay.after_death for stay in self.stays)
