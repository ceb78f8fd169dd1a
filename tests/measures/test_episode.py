"""Length of stay of a whole transfer chain (MEASURES 0.4.2, 4.1, optional)."""

from collections.abc import Callable
from datetime import date

import pytest
from pyspark.sql import Row
from tests.support.builders import Resource, encounter, story


def leg(id: str, hospital: str, start: str, end: str | None, **facts: str) -> Resource:
    return encounter(id, hospital=hospital, start=f"2025-03-{start}", end=end and f"2025-03-{end}", **facts)


STORIES = {
    "episode-single": story(leg("a", "H1", "01", "05")),
    "episode-same-day": story(leg("a", "H1", "01", "01")),
    "episode-2": story(leg("a", "H1", "01", "05"), leg("b", "H2", "06", "10")),
    "episode-3": story(leg("a", "H1", "01", "05"), leg("b", "H2", "05", "05"), leg("c", "H3", "06", "20")),
    "episode-overlapping": story(leg("a", "H1", "01", "20"), leg("b", "H2", "05", "10")),
    "episode-open": story(leg("a", "H1", "01", "05"), leg("b", "H2", "06", None, status="in-progress")),
    "episode-readmitted": story(leg("a", "H1", "01", "05"), leg("b", "H1", "06", "10")),
}


def episode(decided: dict[str, Row], name: str) -> list[tuple[str | None, float | None]]:
    rows = [decided[key] for key in sorted(decided) if key.startswith(f"episode-{name}.")]
    found = [row.length_of_stay_episode_billing for row in rows]
    return [(decision.exclusion, decision.value) for decision in found]


@pytest.mark.parametrize("name", ["single", "same-day"])
def test_a_stay_without_transfer_has_its_own_billing_days(decided: dict[str, Row], name: str) -> None:
    own = decided[f"episode-{name}.a"].length_of_stay_billing.value
    assert episode(decided, name) == [(None, own)]


def test_a_chain_counts_once_at_its_last_leg_from_the_first_admission_on(decided: dict[str, Row]) -> None:
    assert episode(decided, "2") == [("not_last_leg", None), (None, 9.0)]
    assert episode(decided, "3") == [("not_last_leg", None), ("not_last_leg", None), (None, 19.0)]


def test_a_chain_ends_with_the_last_end_of_its_legs(decided: dict[str, Row]) -> None:
    assert episode(decided, "overlapping") == [("not_last_leg", None), (None, 19.0)]


def test_a_chain_whose_last_leg_is_open_has_no_length_yet(decided: dict[str, Row]) -> None:
    assert episode(decided, "open") == [("not_last_leg", None), ("not_finished", None)]


def test_a_readmission_to_the_same_hospital_is_an_episode_of_its_own(decided: dict[str, Row]) -> None:
    assert episode(decided, "readmitted") == [(None, 4.0), (None, 4.0)]


def test_the_days_of_the_legs_still_count_for_their_own_hospitals(decided: dict[str, Row]) -> None:
    assert [decided[f"episode-3.{id}"].length_of_stay_billing.value for id in "abc"] == [4.0, 1.0, 14.0]


def test_an_episode_belongs_to_the_day_its_last_leg_ends(decided: dict[str, Row]) -> None:
    assert decided["episode-3.c"].length_of_stay_episode_billing.event_on == date(2025, 3, 20)


def test_the_simple_profile_knows_no_chains(decided_by: Callable[[str], dict[str, Row]]) -> None:
    assert episode(decided_by("simple"), "2") == [(None, 4.0), (None, 4.0)]
