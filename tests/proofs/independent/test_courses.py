"""The pipeline and the naive check on courses that hypothesis draws, hundreds of patients in one lake."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date
from pathlib import Path
from typing import Any

import pytest
from tests.proofs.independent import naive, raw
from tests.proofs.independent.compare import RECEIVED, Both, Rows, differences, of_source
from tests.proofs.independent.input import write_lines

SHOWN = 3


def test_every_stay_is_decided_alike(everything: Both, drawn: dict[str, list[str]]) -> None:
    expected, found = (of_source(side, "courses") for side in (everything.expected, everything.found))
    differing = differences(expected, found)
    assert not differing, report(differing, drawn)


def report(differing: dict[tuple[str, str], list[str]], drawn: dict[str, list[str]]) -> str:
    """Tell what differs, and the resources of the courses concerned, the smallest course first."""
    by_course: dict[str, list[str]] = {}
    for (_, stay), said in sorted(differing.items()):
        by_course.setdefault(stay.split("-")[0], []).append(f"  {stay}: {'; '.join(said)}")
    smallest = sorted(by_course, key=lambda name: sum(map(len, drawn[name])))
    kinds = Counter("+".join(one.split(":")[0] for one in said) for said in differing.values())
    told = ["\n".join([name, *by_course[name], *drawn[name]]) for name in smallest[:SHOWN]]
    return "\n\n".join([f"{len(by_course)} of {len(drawn)} courses differ: {dict(kinds)}", *told])


# Courses that never reach a rule can't tell a wrong one: each of these mistakes must change some stay.
never: Callable[..., bool] = lambda *_: False  # noqa: E731


def any_end(one: naive.Visit, other: naive.Visit) -> bool:
    """Merge periods that only touch."""
    same = (one.patient, one.hospital) == (other.patient, other.hospital) and one.patient and one.hospital
    if not (same and raw.instant(one.start) and raw.instant(other.start)):
        return False
    return naive.begin(other) <= naive.finish(one) and naive.begin(one) <= naive.finish(other)


def day_in_utc(text: str | None) -> date | None:
    moment = raw.instant(text)
    return moment.astimezone(UTC).date() if moment else None


def padded_day(text: str | None) -> date | None:
    return raw.day(text and (text + "-01-01" if len(text) == 4 else text + "-01" if len(text) == 7 else text))


def version_as_text(meta: Any, line: bytes, received: Any) -> tuple[str, str]:
    return meta.get("lastUpdated", received.isoformat()), meta.get("versionId", "")


def first_link(patient: Any) -> str | None:
    return next((raw.target(one.get("other"), "Patient") for one in patient.get("link", [])), None)


MISTAKES: dict[str, tuple[Any, str, Any]] = {
    "29 days": (naive, "WINDOW", range(30)),
    "31 days": (naive, "WINDOW", range(32)),
    "the day itself does not count": (naive, "WINDOW", range(1, 31)),
    "overlaps are not merged": (naive, "visits_overlap", never),
    "touching periods are merged": (naive, "visits_overlap", any_end),
    "dates are cut in UTC": (naive, "day", day_in_utc),
    "a month is its first day": (naive, "day", padded_day),
    "periods are compared as text": (naive, "is_reversed", lambda start, end: end < start),
    "the first encounter's end counts": (naive, "last_to_end", lambda stay: stay[0]),
    "segments are stays": (naive, "is_segment", never),
    "the way up leads through anybody's encounters": (naive, "is_kin", lambda *_: True),
    "nobody is replaced": (naive, "survivor", lambda patient, _: patient),
    "any link replaces": (naive, "replaced_by", first_link),
    "a chain of links is one link": (naive, "survivor", lambda patient, links: links.get(patient, patient)),
    "deletions are not heard of": (raw, "deletions", never),
    "what is part of itself is a segment": (naive, "is_segment", lambda one, _: "partOf" in one),
    "versions are ordered as text": (raw, "version", version_as_text),
    "no disposition means death": (naive, "EXPIRED", frozenset()),
    "non-acute stays are none": (naive, "INPATIENT", {"IMP", "ACUTE"}),
    "type overrules the class": (naive, "NOT_INPATIENT", frozenset()),
    "type is not looked at": (naive, "ADMISSION_TYPES", frozenset()),
    "open stays are none": (naive, "OPEN", frozenset()),
    "a date is a time": (naive, "has_time", lambda text: raw.day(text) is not None),
}


@pytest.fixture(scope="module")
def folder(drawn: dict[str, list[str]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("courses")
    write_lines(folder / "source=courses", (line for lines in drawn.values() for line in lines))
    return folder


@pytest.fixture(scope="module")
def right(folder: Path) -> Rows:
    return naive.rows(folder, RECEIVED)


@pytest.fixture(params=MISTAKES)
def mistake(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(*MISTAKES[request.param])
    yield request.param


def test_the_courses_reach_the_rule(mistake: str, right: Rows, folder: Path) -> None:
    assert differences(right, naive.rows(folder, RECEIVED)), mistake
