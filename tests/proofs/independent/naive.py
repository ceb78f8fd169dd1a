"""The profile `simple` a second time: plain Python over raw NDJSON, written from the text of MEASURES.

It shares no code with the package and is slow on purpose: each rule is one short function, read beside its
clause. Readings of what the text leaves open are marked "Reading".
"""

from datetime import UTC, date, datetime
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from tests.proofs.independent.raw import Resource, day, has_time, instant, newest_by_source, target

WINDOW = range(31)  # day 0 to day 30, both counted (1.2.2, 2.2)
ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
INPATIENT = {"IMP", "ACUTE", "NONAC"}  # 0.1.1
NOT_INPATIENT = {"OBSENC", "SS", "EMER", "AMB", "HH", "VR", "PRENC", "FLD"}  # 0.1.1; FLD: FHIR's own list
ADMISSION_TYPES = {"183452005", "32485007", "8715000"}  # 0.1.2, VSAC 2.16.840.1.113883.3.666.5.307
OPEN = {"in-progress", "onleave"}  # 0.1.5
SNOMED = "http://snomed.info/sct"
EXPIRED = {  # 0.3
    ("http://terminology.hl7.org/CodeSystem/discharge-disposition", "exp"),
    *(("http://www.nubc.org/patient-discharge", code) for code in ("20", "40", "41", "42")),
    (SNOMED, "371828006"),
    ("http://mimic.mit.edu/fhir/mimic/CodeSystem/mimic-discharge-disposition", "DIED"),
}


class Visit(NamedTuple):
    """One inpatient encounter; the times are the texts of its period."""

    id: str
    patient: str | None
    hospital: str | None
    status: str
    start: str | None
    end: str | None
    has_died: bool


class Row(NamedTuple):
    """What the profile says of one stay; None is "not in the denominator" or "no such value"."""

    patient_id: str | None
    hospital_id: str | None
    admission_date: date | None
    discharge_date: date | None
    not_counted: str | None
    midnights: int | None = None
    billing: int | None = None
    fractional: float | None = None
    readmitted: bool | None = None
    next_stay: str | None = None
    died_in_stay: bool | None = None
    died_within_30_days: bool | None = None


def rows(folder: Path, received: datetime) -> dict[tuple[str, str], Row]:
    """Return one row per stay, by source and id; `received` orders resources without a stamp (0.1.7)."""
    by_source = newest_by_source(folder, received)
    return {
        (source, id): row
        for source, resources in by_source.items()
        for id, row in of_source(resources).items()
    }


def of_source(resources: dict[tuple[str, str], Resource]) -> dict[str, Row]:
    patients = {id: one for (kind, id), one in resources.items() if kind == "Patient"}
    links = {id: by for id, one in patients.items() if (by := replaced_by(one))}
    live = {
        id: {**one, "patient": survivor(target(one.get("subject"), "Patient"), links)}
        for (kind, id), one in resources.items()
        if kind == "Encounter" and one.get("status") != "entered-in-error"
    }
    visits = [visit(one) for one in live.values() if is_stay(one) and not is_segment(one, live)]
    of_patient: dict[tuple[str | None, str], list[list[Visit]]] = {}
    for stay in merged(visits):
        of_patient.setdefault((stay[0].patient, stay[0].patient or stay[0].id), []).append(stay)
    return {
        stay[0].id: row_of(stay, stays, patients.get(stay[0].patient or ""))
        for stays in of_patient.values()
        for stay in stays
    }


def replaced_by(patient: Resource) -> str | None:
    """The patient that this one's link of type replaced-by names. Reading: of several the first by the alphabet."""
    links = [one for one in patient.get("link", []) if one.get("type") == "replaced-by"]
    return min(filter(None, (target(one.get("other"), "Patient") for one in links)), default=None)


def survivor(patient: str | None, links: dict[str, str]) -> str | None:
    """The last in a chain of links. Reading: who is in a cycle, or led into one, is merged with nobody."""
    at, passed = patient, set[str]()
    while at in links:
        if at in passed:
            return patient
        passed.add(at)
        at = links[at]
    return at


def is_kin(encounter: Resource, whole: Resource) -> bool:
    """Reading: the way up leads through encounters of the same patient only."""
    return encounter["patient"] is not None and whole.get("patient") == encounter["patient"]


def is_stay(encounter: Resource) -> bool:
    """Inpatient by class, else by type where no map knows the class (0.1.1, 0.1.2); status as in 0.1.5."""
    status, period = encounter.get("status"), encounter.get("period", {})
    has_dates = day(period.get("start")) is not None and day(period.get("end")) is not None
    counts = status == "finished" or status in OPEN or (status == "unknown" and has_dates)
    coding = encounter.get("class", {})
    known = coding.get("system") == ACT and coding.get("code") in INPATIENT | NOT_INPATIENT
    by_type = any(
        one.get("system") == SNOMED and one.get("code") in ADMISSION_TYPES
        for concept in encounter.get("type", [])
        for one in concept.get("coding", [])
    )
    return counts and (coding["code"] in INPATIENT if known else by_type)


def is_segment(encounter: Resource, live: dict[str, Resource]) -> bool:
    """Part of another encounter; part of itself, directly or round a cycle, is none (0.1.3)."""
    above, passed = target(encounter.get("partOf"), "Encounter"), set[str]()
    if above is None:
        return False
    while above is not None and above not in passed:
        if above == encounter["id"]:
            return False
        passed.add(above)
        whole = live.get(above, {})
        above = target(whole.get("partOf"), "Encounter") if is_kin(encounter, whole) else None
    return True


def visit(encounter: Resource) -> Visit:
    period = encounter.get("period", {})
    ending = encounter.get("hospitalization", {}).get("dischargeDisposition", {}).get("coding", [])
    return Visit(
        encounter["id"],
        encounter["patient"],
        target(encounter.get("serviceProvider"), "Organization"),
        encounter["status"],
        period.get("start"),
        period.get("end"),
        any((one.get("system"), one.get("code")) in EXPIRED for one in ending),  # in a conflict expired wins
    )


def merged(visits: list[Visit]) -> list[list[Visit]]:
    """Put visits that overlap, directly or through others, into one stay, the earliest first (0.1.8)."""
    at: dict[tuple[str | None, str | None], list[list[Visit]]] = {}
    for one in visits:
        at.setdefault((one.patient, one.hospital), []).append([one])
    for groups in at.values():
        while pair := next((p for p in combinations(groups, 2) if overlap(*p)), None):
            groups.remove(pair[1])
            pair[0].extend(pair[1])
    return [sorted(group, key=lambda v: (begin(v), v.id)) for groups in at.values() for group in groups]


def overlap(group: list[Visit], other: list[Visit]) -> bool:
    return any(visits_overlap(one, another) for one in group for another in other)


def visits_overlap(one: Visit, other: Visit) -> bool:
    """True where periods share time, as instants; touching is none. Patient and hospital must be known.

    Reading: a visit without a (later) end is the point of its start, and lies in a period that begins there.
    """
    if not (one.patient and one.hospital and instant(one.start) and instant(other.start)):
        return False
    first, second = sorted((one, other), key=lambda v: (begin(v), -finish(v).timestamp()))
    return begin(second) < finish(first)


def begin(one: Visit) -> datetime:
    return instant(one.start) or datetime.max.replace(tzinfo=UTC)


def finish(one: Visit) -> datetime:
    return max(instant(one.end) or begin(one), begin(one))


def last_to_end(stay: list[Visit]) -> Visit:
    """Reading: of two that end at the same instant the one with the greater id."""
    return max(stay, key=lambda v: (instant(v.end) or datetime.min.replace(tzinfo=UTC), v.id))


def row_of(stay: list[Visit], stays: list[list[Visit]], patient: Resource | None) -> Row:
    first, last = stay[0], last_to_end(stay)
    is_open = any(one.status in OPEN for one in stay)
    admission, discharge = day(first.start), None if is_open else day(last.end)
    reason = None if patient else "patient_unknown"
    reason = reason or ("not_finished" if is_open else None)
    reason = reason or ("dates_unusable" if admission is None or discharge is None else None)
    reason = reason or ("end_before_start" if is_reversed(first.start, last.end) else None)
    row = Row(first.patient, first.hospital, admission, discharge, reason)
    return row if reason else counted(row, stay, stays, day((patient or {}).get("deceasedDateTime")))


def is_reversed(start: str | None, end: str | None) -> bool:
    """As instants (0.1.6); where one is only a date, as dates."""
    if has_time(start) and has_time(end):
        return instant(end) < instant(start)  # type: ignore[operator]
    return day(end) < day(start)  # type: ignore[operator]


def counted(row: Row, stay: list[Visit], stays: list[list[Visit]], death: date | None) -> Row:
    admission, discharge, last = row.admission_date, row.discharge_date, last_to_end(stay)
    assert admission is not None and discharge is not None
    has_died = any(one.has_died for one in stay if instant(one.end) == instant(last.end))  # 0.3
    is_alive = not has_died and not (death is not None and death <= discharge)  # 1.1.2
    following = following_stay(stay, stays)
    after = day(following[0].start) if following else None
    is_back = after is not None and (after - discharge).days in WINDOW  # 1.4
    return row._replace(
        midnights=(discharge - admission).days,  # 4.2
        billing=max(1, (discharge - admission).days),  # 4.3
        fractional=elapsed_days(stay[0].start, last.end),
        readmitted=is_back if is_alive else None,
        next_stay=following[0].id if following and is_alive and is_back else None,
        died_in_stay=death is not None and admission <= death <= discharge,
        died_within_30_days=death is not None and (death - admission).days in WINDOW,
    )


def elapsed_days(start: str | None, end: str | None) -> float | None:
    """As instants, so that a change of the clock counts; without both times of day there is none (4.4)."""
    if not (has_time(start) and has_time(end)):
        return None
    return (instant(end) - instant(start)).total_seconds() / 86_400  # type: ignore[operator]


def following_stay(stay: list[Visit], stays: list[list[Visit]]) -> list[Visit] | None:
    """The patient's next inpatient stay of any kind, open ones too; one without a date has no place (1.4)."""
    dated = sorted((one for one in stays if day(one[0].start)), key=place)
    return next((one for one in dated if place(one) > place(stay)), None)


def place(stay: list[Visit]) -> tuple[date, datetime, str]:
    first = day(stay[0].start)
    assert first is not None
    return first, begin(stay[0]), stay[0].id
