"""Complementary suppression, a rule at a time, on results written down by hand (MEASURES 6)."""

from collections.abc import Iterable, Mapping
from random import Random

import pytest

from metriccare.measures.result import suppression
from metriccare.measures.result.suppression import Cell, cycle, suppress
from metriccare.measures.result.suppression.network import NOWHERE

DEATHS, READMITTED, UNPLANNED = "mortality_in_hospital", "readmission_30_day", "readmission_30_day_unplanned"
PLANNED_UNKNOWN = "readmission_planned_status_unknown"
BILLING, MIDNIGHTS, FRACTIONAL = (f"length_of_stay_{name}" for name in ("billing", "midnights", "fractional"))
MEDIAN, CHAINS = "length_of_stay_median", "length_of_stay_episode_billing"
PER_100 = "infection_per_100_discharges"
LARGE = 1000.0


def cell(
    place: str,
    events: float | None = 100.0,
    cases: float = LARGE,
    *,
    measure: str = DEATHS,
    profile: str = "all_adult",
    **excluded: int,
) -> Cell:
    """Return a result; `place` is "all" or "hospital H1"."""
    stratum, _, value = place.partition(" ")
    return Cell(measure, profile, stratum, value or stratum, events, cases, excluded)


def hospitals(events: Mapping[str, float], cases: float = LARGE, **same: str) -> list[Cell]:
    """Return the results of some hospitals and of all together."""
    whole = cell("all", sum(events.values()), cases * len(events), **same)
    return [whole, *(cell(f"hospital {name}", count, cases, **same) for name, count in events.items())]


def hidden(cells: list[Cell]) -> set[str]:
    """Return what is hidden, as far as needed to tell it apart: measure or profile only if there are several."""
    measures, profiles = {one.measure for one in cells}, {one.profile for one in cells}
    found = [cells[index] for index in suppress(cells).rows]
    return {
        " ".join(
            [one.value]
            + ([one.measure] if len(measures) > 1 else [])
            + ([one.profile] if len(profiles) > 1 else [])
        )
        for one in found
    }


def at(measures: Iterable[str], place: str) -> set[str]:
    return {f"{place} {measure}" for measure in measures}


@pytest.mark.parametrize(("events", "expected"), [(0, 0), (1, 2), (10, 2), (11, 0)])
def test_a_small_cell_hides_itself_and_one_more(events: int, expected: int) -> None:
    assert len(hidden(hospitals({"H1": events, "H2": 40, "H3": 60}))) == expected


def test_two_small_cells_hide_each_other() -> None:
    assert hidden(hospitals({"H1": 4, "H2": 5, "H3": 60})) == {"H1", "H2"}


def test_a_zero_covers_nothing() -> None:
    """Who knows the total knows that the two together are 5."""
    assert hidden(hospitals({"H1": 5, "H2": 0, "H3": 60, "H4": 70})) == {"H1", "H3"}


def test_survivors_are_a_cell_too() -> None:
    assert hidden(hospitals({"H1": LARGE - 4, "H2": 40, "H3": 60})) == {"H1", "H2"}


def test_without_a_total_nothing_needs_a_cover() -> None:
    assert hidden(hospitals({"H1": 5, "H2": 40, "H3": 60})[1:]) == {"H1"}


def test_the_only_hospital_is_the_total() -> None:
    assert hidden(hospitals({"H1": 5})) == {"H1", "all"}


def test_the_total_is_hidden_last() -> None:
    """The total could cover H1 as well, at the same loss of other cells."""
    assert "all" not in hidden(hospitals({"H1": 5, "H2": 90}))


def test_a_year_of_a_hospital_is_covered_in_its_hospital_and_in_its_year() -> None:
    counts = {("H1", "2024"): 5.0, ("H1", "2025"): 50.0, ("H2", "2024"): 60.0, ("H2", "2025"): 70.0}
    cells = [cell(f"hospital_year {hospital}|{year}", n) for (hospital, year), n in counts.items()]
    for name in ("H1", "H2"):
        cells.append(cell(f"hospital {name}", sum(n for (h, _), n in counts.items() if h == name), 2 * LARGE))
    for name in ("2024", "2025"):
        number = sum(n for (_, year), n in counts.items() if year == name)
        cells += [cell(f"year {name}", number, 2 * LARGE), cell(f"month {name}-01", number, 2 * LARGE)]
    cells.append(cell("all", sum(counts.values()), 4 * LARGE))
    assert hidden(cells) == {"H1|2024", "H1|2025", "H2|2024", "H2|2025"}


def test_few_stays_are_hidden_in_every_measure_that_shows_them() -> None:
    measures = (BILLING, MIDNIGHTS, MEDIAN, PER_100)
    stays = {"all": 125.0, "hospital H1": 5.0, "hospital H2": 50.0, "hospital H3": 70.0}
    events = {BILLING: 4.0, MIDNIGHTS: 3.0, PER_100: 0.0}
    cells = [
        cell(place, events[measure] * n if measure in events else None, n, measure=measure)
        for measure in measures
        for place, n in stays.items()
    ]
    assert hidden(cells) == at(measures, "H1") | at(measures, "H2")


@pytest.mark.parametrize(("left_out", "is_hidden"), [(0, False), (1, True), (10, True), (11, False)])
def test_few_stays_that_only_one_measure_leaves_out_hide_that_measure(left_out: int, is_hidden: bool) -> None:
    """Discharges minus index admissions would show them. The cover is the hospital with the fewest."""
    out = {"H1": left_out, "H2": 40, "H3": 60}
    lengths = hospitals(dict.fromkeys(out, 5000.0), measure=BILLING)
    index = [cell("all", 300.0, 3 * LARGE - sum(out.values()), measure=READMITTED)]
    index += [cell(f"hospital {name}", 100.0, LARGE - n, measure=READMITTED) for name, n in out.items()]
    found = hidden(lengths + index)
    assert found == (at([READMITTED], "H1") | at([READMITTED], "H3") if is_hidden else set())


@pytest.mark.parametrize(("planned", "is_hidden"), [(0, False), (1, True), (10, True), (11, False)])
def test_few_planned_readmissions_hide_the_unplanned(planned: int, is_hidden: bool) -> None:
    every = hospitals({"H1": 100, "H2": 100, "H3": 100}, measure=READMITTED)
    unplanned = hospitals({"H1": 100 - planned, "H2": 50, "H3": 60}, measure=UNPLANNED)
    assert hidden(every + unplanned) == (
        at([UNPLANNED], "H1") | at([UNPLANNED], "H2") if is_hidden else set()
    )


def test_few_readmissions_hide_the_measure_whose_denominator_they_are() -> None:
    every = hospitals({"H1": 5, "H2": 40, "H3": 60}, measure=READMITTED)
    unknown = [cell("hospital H1", 0.0, 5.0, measure=PLANNED_UNKNOWN)]
    assert hidden(every + unknown) == at([READMITTED, PLANNED_UNKNOWN], "H1") | at([READMITTED], "H2")


def test_few_events_between_the_profiles_hide_the_narrower() -> None:
    wide = hospitals({"H1": 100, "H2": 100, "H3": 100})
    narrow = hospitals({"H1": 96, "H2": 50, "H3": 60}, cases=500.0, profile="cms_like")
    assert hidden(wide + narrow) == {"H1 cms_like", "H2 cms_like"}


def test_few_stays_between_simple_and_adults_hide_simple() -> None:
    stays = {"H1": 1005.0, "H2": 1100.0, "H3": 1200.0}
    adults = hospitals(dict.fromkeys(stays, 5000.0), measure=BILLING)
    simple = [cell(f"hospital {h}", 6000.0, n, measure=BILLING, profile="simple") for h, n in stays.items()]
    simple.append(cell("all", 18000.0, sum(stays.values()), measure=BILLING, profile="simple"))
    assert hidden(adults + simple) == {"H1 simple", "H2 simple"}


def test_few_infections_of_a_code_hide_its_neighbour_and_not_the_discharges() -> None:
    counts = {
        "infection_type bloodstream": 43.0,
        "code 91302008": 3.0,
        "code 76571007": 40.0,
        "infection_type uti": 50.0,
        "code 68566005": 50.0,
        "all": 93.0,
    }
    cells = [cell(place, n, measure=PER_100) for place, n in counts.items()]
    assert hidden(cells) == {"91302008", "76571007"}


def test_few_chains_are_hidden() -> None:
    cells = [cell(f"hospital H{n}", 400.0, float(n), measure=CHAINS) for n in (9, 10, 11, 12)]
    cells.append(cell("all", 1600.0, 42.0, measure=CHAINS))
    assert hidden(cells) == {"H9", "H10"}


MAPS = {
    "all large": ({"young": 11, "died": 20}, True),
    "nothing": ({}, True),
    "an entry of ten": ({"young": 10, "died": 20}, False),
    "an entry of one": ({"young": 1, "died": 20}, False),
}


@pytest.mark.parametrize("name", MAPS)
def test_excluded_stays_of_the_whole_are_shown_if_no_measure_has_a_small_reason(name: str) -> None:
    excluded, is_shown = MAPS[name]
    cells = [cell("all", **excluded), cell("all", 5000.0, LARGE + sum(excluded.values()), measure=BILLING)]
    assert suppress(cells).maps == (set() if is_shown else {0, 1})


def test_excluded_stays_of_one_hospital_hide_those_of_all_parts_but_not_of_the_whole() -> None:
    cells = [
        cell("all", 300.0, 3 * LARGE, young=60),
        cell("hospital H1", young=5),
        cell("hospital H2", young=25),
        cell("hospital H3", young=30),
    ]
    assert suppress(cells) == (set(), {1, 2, 3})


def test_excluded_stays_of_no_year_must_not_be_few() -> None:
    cells = [
        cell("all", young=30),
        cell("year 2025", young=25),
        cell("month 2025-01", young=25),
    ]
    assert suppress(cells).maps == {1, 2}


def test_the_order_of_the_rows_does_not_matter() -> None:
    cells = hospitals({"H1": 4, "H2": 40, "H3": 40, "H4": 40})
    shuffled = Random(7).sample(cells, len(cells))
    assert hidden(cells) == hidden(shuffled)


def test_where_no_cover_is_found_nothing_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cycle.Cycles, "find", lambda *_: NOWHERE)
    cells = hospitals({"H1": 4, "H2": 40, "H3": 60})
    assert suppress(cells) == (set(range(4)), set(range(4)))


def test_primary_suppression_alone_is_there_for_comparison() -> None:
    cells = hospitals({"H1": 4, "H2": 40, "H3": 60})
    assert {cells[index].value for index in suppression.primary(cells).rows} == {"H1"}
