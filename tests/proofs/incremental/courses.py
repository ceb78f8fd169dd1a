"""Feeds as they are: hundreds of independent courses, told in versions that come late, twice, wrong or not at all.

A course is a few patients with encounters and conditions that refer to each other. Each resource has one to three
versions: corrected, moved to another patient, entered in error, deleted, replaced. Each version comes in one or two
of the deliveries, whatever its stamp says; some carry no stamp. Everything is drawn from one seed.
"""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from tests.support.builders import (
    HEART_FAILURE,
    PNEUMONIA,
    SEPSIS,
    UTI,
    Resource,
    condition,
    diagnosis,
    encounter,
    patient,
)

HOSPITALS = ("H1", "H2")
CODES = (HEART_FAILURE, PNEUMONIA, SEPSIS, UTI)
FIRST_DAY = date(2025, 1, 1)
DAYS = 120
STATUSES = ("finished",) * 8 + ("in-progress", "cancelled", "unknown", "entered-in-error")
KINDS = ("IMP",) * 6 + ("EMER", "AMB")
FATES = ("deleted",) + ("corrected",) * 6


class Course:
    """What one family of patients sends; `name` begins all its ids."""

    def __init__(self, name: str, dice: Random) -> None:
        self.name, self.dice = name, dice
        self.start = FIRST_DAY + timedelta(days=dice.randrange(DAYS))
        self.patients = self._ids("p", 1, 3)
        self.encounters = self._ids("e", 1, 5)
        self.conditions = self._ids("c", 0, 4)

    def lines(self) -> Iterator[str]:
        """Yield the lines that the course ever sends: every version of every resource."""
        makers = (
            (self.patients, self._patient),
            (self.encounters, self._encounter),
            (self.conditions, self._condition),
        )
        for ids, make in makers:
            for id in ids:
                for number in range(self.dice.choice((1, 1, 2, 3))):
                    yield json.dumps(self._version(make(id), number))

    def _ids(self, letter: str, least: int, most: int) -> list[str]:
        return [f"{self.name}.{letter}{at}" for at in range(self.dice.randint(least, most))]

    def _version(self, resource: Resource, number: int) -> Resource:
        """Stamp a version; a later one may be a deletion."""
        stamp = datetime(2025, 9, 1, tzinfo=UTC) + timedelta(hours=self.dice.randrange(500))
        if number and self.dice.choice(FATES) == "deleted":
            url = f"{resource['resourceType']}/{resource['id']}"
            entry = {"request": {"method": "DELETE", "url": url}}
            return {
                "resourceType": "Bundle",
                "type": "transaction",
                "meta": {"lastUpdated": stamp.isoformat()},
                "entry": [entry],
            }
        if self.dice.random() < 0.15:
            return resource  # Epic sends no stamp
        return resource | {"meta": {"lastUpdated": stamp.isoformat(), "versionId": str(number)}}

    def _patient(self, id: str) -> Resource:
        born = f"{self.dice.randint(1930, 2010)}-05-17"
        died = self._day(30) if self.dice.random() < 0.2 else None
        link = []
        if self.dice.random() < 0.25:
            other = self.dice.choice([*self.patients, f"{self.name}.nobody"])
            link = [{"type": "replaced-by", "other": {"reference": f"Patient/{other}"}}]
        return patient(id, born=born, died=died, link=link)

    def _encounter(self, id: str) -> Resource:
        start = self.start + timedelta(days=self.dice.randrange(60))
        end = start + timedelta(days=self.dice.randrange(12))
        listed = [c for c in self.conditions if self.dice.random() < 0.4]
        is_timed = self.dice.random() < 0.8
        return encounter(
            id,
            self._of(),
            start=f"{start}T{self.dice.randrange(24):02}:00:00Z" if is_timed else str(start),
            end=None if self.dice.random() < 0.1 else f"{end}T23:00:00Z" if is_timed else str(end),
            hospital=self.dice.choice(HOSPITALS),
            kind=self.dice.choice(KINDS),
            status=self.dice.choice(STATUSES),
            disposition=self.dice.choice((None, "home", "exp", "hosp")),
            diagnoses=[diagnosis(c, rank=at + 1) for at, c in enumerate(listed)],
            part_of=self.dice.choice(self.encounters) if self.dice.random() < 0.15 else None,
        )

    def _condition(self, id: str) -> Resource:
        return condition(
            id,
            self.dice.choice(CODES),
            self.dice.choice([*self.encounters, None]),
            patient_id=self._of(),
            onset=self._day(60),
            verification=self.dice.choice(("confirmed",) * 6 + ("refuted", "entered-in-error")),
        )

    def _of(self) -> str | None:
        """Return mostly the first patient; else another one, one who never comes, or nobody."""
        others = [*self.patients, f"{self.name}.nobody", None]
        return self.patients[0] if self.dice.random() < 0.75 else self.dice.choice(others)

    def _day(self, within: int) -> str:
        return str(self.start + timedelta(days=self.dice.randrange(within)))


def deliveries(seed: int, courses: int, count: int, quiet: int) -> list[list[str]]:
    """Return the lines of each delivery, in a drawn order.

    Args:
        seed: of everything.
        courses: how many send in any of the deliveries.
        count: how many deliveries.
        quiet: how many further courses send everything in the first one.
    """
    dice = Random(seed)
    sent: list[list[str]] = [[] for _ in range(count)]
    for number in range(courses):
        for line in Course(f"c{number}", dice).lines():
            for at in dice.sample(range(count), dice.choice((1, 1, 1, 2))):
                sent[at].append(line)
    for number in range(quiet):
        sent[0] += Course(f"quiet{number}", dice).lines()
    for lines in sent:
        dice.shuffle(lines)
    return sent


def is_stamped(line: str) -> bool:
    resource: dict[str, Any] = json.loads(line)
    return "meta" in resource
