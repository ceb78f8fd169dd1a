"""Random choices, each a pure function of a seed: the only place where chance enters."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

Item = TypeVar("Item")


class Draw:
    """Choices from one stream of random numbers; `for_patient` rewinds it to the stream of one patient.

    A patient's stream depends on the seed and the patient's number only, so patients are independent of
    each other and of how many there are.
    """

    def __init__(self, seed: int, number: int = 0) -> None:
        self._seed = seed
        self._random = Random()  # noqa: S311 - reproducible on purpose, no secret
        self.for_patient(number)

    def for_patient(self, number: int) -> "Draw":
        """Rewind to the beginning of the stream of patient `number`."""
        self._random.seed(f"{self._seed}/{number}")
        return self

    def chance(self, share: float) -> bool:
        """Return true with probability `share`."""
        return self._random.random() < share

    def between(self, low: int, high: int) -> int:
        """Return a whole number, both ends included."""
        return low + int(self._random.random() * (high - low + 1))

    def pick(self, items: Sequence[Item]) -> Item:
        """Return one of the items, each as likely as the others."""
        return items[int(self._random.random() * len(items))]

    def weighted(self, items: Sequence[tuple[Item, float]]) -> Item:
        """Return one of the items, as likely as its weight says."""
        left = self._random.random() * sum(weight for _, weight in items)
        for item, weight in items:
            left -= weight
            if left < 0:
                return item
        return items[-1][0]

    def lognormal(self, mu: float, sigma: float) -> float:
        """Return a positive number whose logarithm is normal with mean `mu` and deviation `sigma`."""
        return self._random.lognormvariate(mu, sigma)

    def shuffle(self, items: list[Item]) -> None:
        """Put the items into a random order, in place."""
        self._random.shuffle(items)
