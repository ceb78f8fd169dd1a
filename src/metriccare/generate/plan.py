"""The plan of a patient: what happens, and what therefore counts, fixed before any resource is written.

Days inside a plan are chosen as distances (days since the previous discharge, hospital day of an onset, days
until death), so that a label is known when the distance is chosen. `schedule` puts the plan on the calendar.
"""

from dataclasses import dataclass, field
from enum import Enum

from metriccare.definitions.value_sets import Code
from metriccare.generate.dates import Clock


@dataclass(frozen=True)
class Hospital:
    """One hospital of the synthetic world; the odds are its true quality, relative to the model."""

    id: str
    name: str
    clock: Clock
    readmission: float
    mortality: float
    infection: float
    stay: float
    changes_clock: bool


class Hours(Enum):
    """When on its first and last day a stay begins and ends."""

    USUAL = "usual"
    ACROSS_MIDNIGHT = "across midnight"
    REPEATED_HOUR = "inside the hour that the clock runs twice in autumn"
    LATE = "ends shortly before midnight"
    EARLY = "begins shortly after midnight"


@dataclass(slots=True)
class Infection:
    """One infection diagnosis of a stay.

    Attributes:
        hospital_day: day of the event, 1 = day of admission, 0 = the day before, None = no date at all.
        decision: what the measure must decide on it.
        verification: verificationStatus, None = absent.
        poa: present-on-admission indicator (Y, W, N, U), None = absent.
        dating: which element carries the event's date: onset, period, recorded, recorded_first or none.
        category: encounter-diagnosis, problem-list-item or None = absent.
        only_in_diagnosis: the encounter points to the condition, but the condition not to the encounter.
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
    """One inpatient stay, that is one row of `silver.stay`.

    Attributes:
        nights: midnights between admission and discharge.
        after: days since the discharge of the previous acute stay (the chosen gap).
        joins: this stay takes the patient over from the previous acute one: next leg of its transfer chain.
        disposition: discharge disposition, None = missing.
        dies: the patient dies in this stay, so that it is the in-hospital death.
        dies_on_discharge_date: dies on the day of a discharge that the disposition calls a live one.
        after_death: begins after the recorded death (an inconsistency planted on purpose).
        hospice_before: the patient was discharged to hospice 0..365 days before this admission.
        fragments: the hospital wrote it as this many overlapping encounters.
    """

    hospital: Hospital
    nights: int
    principal: Code
    disposition: Code | None
    class_code: str = "IMP"
    after: int = 0
    joins: bool = False
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
        """Whether the class is one of acute inpatient care."""
        return self.class_code != "NONAC"

    @property
    def open(self) -> bool:
        """Whether the patient was still in hospital when the window closed."""
        return self.status in ("in-progress", "onleave")

    @property
    def last_known_day(self) -> int:
        """The day of discharge, of an open stay that of admission."""
        return self.admission_day if self.open else self.discharge_day

    def leaves(self, category: str) -> bool:
        """Whether the discharge disposition means `category`."""
        return self.disposition is not None and self.disposition.category == category


def event_day(stay: StayPlan, infection: Infection) -> int | None:
    """Return the day of an infection's event, None where the record has no date for it."""
    if infection.hospital_day is None:
        return None
    return stay.admission_day + infection.hospital_day - 1


class DeathForm(Enum):
    """How the death is written in Patient.deceased[x]."""

    INSTANT = "dateTime with time and offset"
    DATE = "date only"
    BOOLEAN = "true, without a date"
    ABSENT = "not at all: only the disposition tells it"


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
        """Whether the record tells the day: by a date, or by the discharge of a stay that ends in death."""
        return self.form in (DeathForm.INSTANT, DeathForm.DATE) or self.stay.leaves("expired")


@dataclass(slots=True)
class Contact:
    """An encounter that is no stay, `after` days after the last discharge (negative: before all stays)."""

    class_code: str
    after: int
    status: str = "finished"
    infection: bool = False
    day: int = 0


@dataclass(slots=True)
class Person:
    """Who the patient is; `birth_text` is the precision written: day, month, year or none."""

    id: str
    number: int
    female: bool
    born: int
    adult_from: int
    birth_text: str
    chronic: list[Code]

    @property
    def age_known(self) -> bool:
        """Whether the birthDate is there to the day."""
        return self.birth_text == "day"


@dataclass(slots=True)
class PatientPlan:
    """A person and a course, on the calendar; what renders the resources and what writes the truth."""

    person: Person
    home: Hospital
    stays: list[StayPlan]
    death: Death | None
    contacts: list[Contact]

    @property
    def inconsistent(self) -> bool:
        """Whether the record contradicts itself: a stay begins after the death."""
        return any(stay.after_death for stay in self.stays)
