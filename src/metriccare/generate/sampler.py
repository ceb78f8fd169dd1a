"""Samples scenarios, stratified: every block of patients contains each planted scenario equally often."""

from functools import lru_cache

from metriccare.generate.course import Course
from metriccare.generate.ordinary import ordinary_course
from metriccare.generate.parameters import BLOCK_SIZE, REPEATS_PER_BLOCK
from metriccare.generate.plan import Hospital
from metriccare.generate.rng import Rng
from metriccare.generate.scenarios import (
    Scenario,
    Setting,
    calendar,
    deaths,
    exclusions,
    infections,
    readmissions,
    transfers,
)

SCENARIOS: dict[str, Scenario] = {
    **readmissions.SCENARIOS,
    **exclusions.SCENARIOS,
    **transfers.SCENARIOS,
    **deaths.SCENARIOS,
    **infections.SCENARIOS,
    **calendar.SCENARIOS,
}
AS_OF_SCENARIO = "discharged 0 days before the end"
ORDINARY = "ordinary"


def scenario_of(seed: int, number: int) -> str:
    """Return the name of the scenario of patient `number`.

    The first patient is always discharged on the last day of the window, so that the newest discharge, which is the
    default as_of of the pipeline, is known in advance.
    """
    if number == 0:
        return AS_OF_SCENARIO
    return _shuffled(seed, number // BLOCK_SIZE)[number % BLOCK_SIZE]


def make_course(rng: Rng, name: str, hospitals: tuple[Hospital, ...], home: Hospital) -> Course:
    """Return the course of a scenario, or an ordinary one."""
    if name == ORDINARY:
        return ordinary_course(rng, hospitals, home)
    return SCENARIOS[name](Setting(rng, hospitals, home))


@lru_cache(maxsize=2)
def _shuffled(seed: int, block: int) -> list[str]:
    names = [name for name in SCENARIOS for _ in range(REPEATS_PER_BLOCK)]
    names += [ORDINARY] * (BLOCK_SIZE - len(names))
    Rng(seed, -1 - block).shuffle(names)
    return names
