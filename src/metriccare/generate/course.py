"""A course: a patient's stays as distances in days, before they are placed on the calendar."""

from dataclasses import dataclass, field
from enum import Enum

from metriccare.generate.plan import Contact, Death, StayPlan


class Anchor(Enum):
    """Where on the calendar a course is placed."""

    ANYWHERE = "a random day; what lies beyond the end of the window is truncated"
    INSIDE = "a random day, with 30 days of follow-up left"
    LAST_DISCHARGE = "the last discharge is `anchor_days` before the end of the window"
    LAST_ADMISSION = "the last admission is `anchor_days` before the end of the window"
    YEAR_END = "the first admission is two days before the end of a year"
    SPRING = "the first admission is on the day before the clock change in spring"
    AUTUMN = "the first admission is on the day of the clock change in autumn"


@dataclass(slots=True)
class Course:
    """What happens to one patient, in order, and where on the calendar.

    Attributes:
        stays: the stays in order of admission.
        death: the patient's death, if it is part of the course.
        anchor, anchor_days: where on the calendar the course is placed.
        contacts: encounters other than stays.
        turns_18_after: days from the first admission to the 18th birthday, if planted.
        birth_text: precision of birthDate, if planted: year, month or none.
        childbirth: the patient is a woman of childbearing age.
    """

    stays: list[StayPlan]
    death: Death | None = None
    anchor: Anchor = Anchor.INSIDE
    anchor_days: int = 0
    contacts: list[Contact] = field(default_factory=list)
    turns_18_after: int | None = None
    birth_text: str | None = None
    childbirth: bool = False
