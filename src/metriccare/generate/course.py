"""A course: what a situation or chance gives a patient, before it is put on the calendar."""

from dataclasses import dataclass, field
from enum import Enum

from metriccare.generate.plan import Contact, Death, StayPlan


class Anchor(Enum):
    """Where on the calendar a course is put."""

    ANYWHERE = "a random day; what lies beyond the end of the window is cut off"
    INSIDE = "a random day, with 30 days of follow-up left"
    LAST_DISCHARGE = "the last discharge lies `anchor_days` before the end of the window"
    LAST_ADMISSION = "the last admission lies `anchor_days` before the end of the window"
    YEAR_END = "the first admission lies two days before a year's end"
    SPRING = "the first admission lies on the eve of the clock change in spring"
    AUTUMN = "the first admission lies on the day of the clock change in autumn"


@dataclass(slots=True)
class Course:
    """What happens to one patient, in order, and where on the calendar.

    Attributes:
        stays: in order of admission.
        death: the patient's death, if it falls into the course.
        anchor, anchor_days: where on the calendar the course is put.
        contacts: encounters around the stays that are no stays.
        comes_of_age: days between the first admission and the 18th birthday, where that is planted.
        birth_text: precision of birthDate where it is planted: year, month or none.
        childbirth: the patient is a woman of childbearing age.
    """

    stays: list[StayPlan]
    death: Death | None = None
    anchor: Anchor = Anchor.INSIDE
    anchor_days: int = 0
    contacts: list[Contact] = field(default_factory=list)
    comes_of_age: int | None = None
    birth_text: str | None = None
    childbirth: bool = False
