"""The random number generator: the only source of randomness, seeded per patient."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

Item = TypeVar("Item")


class Rng:
    """Random choices from one stream of numbers; `for_patient` switches to the stream of one patient.

    A patient's stream depends only on the seed and the patient's number, so patients are independent of each other
    and of the number of patients.
    """

    def __init__(self, seed: int, number: int = 0) -> None:
        self._seed = seed
        self._random = Random()  # noqa: S311 - must be reproducible, is not used for secrets
        self.for_patient(number)

    def for_patient(self, number: int) -> "Rng":
        """Restart the stream of patient `number`."""
        self._random.seed(f"{self._seed}/{number}")
        return self

    def chance(self, share: float) -> bool:
        """Return True with probability `share`."""
        return self._random.random() < share

    def between(self, low: int, high: int) -> int:
        """Return an integer, both ends inclusive."""
        return low + int(self._random.random() * (high - low + 1))

    def pick(self, items: Sequence[Item]) -> Item:
        """Return one of the items with equal probability."""
        return items[int(self._random.random() * len(items))]

    def weighted(self, items: Sequence[tuple[Item, float]]) -> Item:
        """Return one of the items with a probability proportional to its weight."""
        left = self._random.random() * sum(weight for _, weight in items)
        for item, weight in items:
            left -= weight
            if left < 0:
                return item
        return items[-1][0]

    def lognormal(self, mu: float, sigma: float) -> float:
        """Return a log-normal number with mean `mu` and standard deviation `sigma` of its logarithm."""
        return self._random.lognormvariate(mu, sigma)

    def shuffle(self, items: list[Item]) -> None:
        """Shuffle the items in place."""
        self._random.shuffle(items)
