"""The planted scenarios: each is a short course at the edge of a rule.

Each block of `BLOCK_SIZE` patients contains every scenario once, in random order; the other patients of the block have
ordinary courses. So every edge case occurs in every thousand patients, whatever the seed.
"""

from collections.abc import Callable
from dataclasses import dataclass

from metriccare.generate.course import Course
from metriccare.generate.plan import Hospital
from metriccare.generate.rng import Rng


@dataclass(frozen=True)
class Setting:
    """What a scenario can use: the patient's random numbers, all hospitals and the patient's own."""

    rng: Rng
    hospitals: tuple[Hospital, ...]
    home: Hospital


Scenario = Callable[[Setting], Course]
