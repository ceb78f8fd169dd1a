"""The distributions of a number of events that control limits are made of.

`scipy.stats` has them too, but takes more than half a second to import, in every notebook that draws a picture;
`scipy.special`, which it is made of, is imported when a limit is wanted.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Counts:
    """A distribution of counts for each of several cases.

    Attributes:
        up_to: the probability of at most so many events, for whole numbers from -1 on.
        near: a number within 1 of the quantile of a probability.
    """

    up_to: Callable[[Numbers], Numbers]
    near: Callable[[float], Numbers]

    def quantile(self, probability: float) -> Numbers:
        """Return the smallest count r with F(r) >= probability."""
        above = np.ceil(self.near(probability))
        below = np.maximum(above - 1, 0.0)
        return np.where(self.up_to(below) >= probability, below, above)


def binomial(cases: Numbers, share: float) -> Counts:
    """Return the distribution of the events among independent cases.

    Args:
        cases: whole numbers, at least 1.
        share: the probability of an event in each case, 0 to 1.
    """
    from scipy import special

    def up_to(events: Numbers) -> Numbers:
        inside = np.clip(events, 0.0, cases - 1)
        held = special.betaincc(inside + 1, cases - inside, share)
        return np.select([events < 0, events >= cases], [0.0, 1.0], held)

    def near(probability: float) -> Numbers:
        return np.zeros_like(cases) if share == 0 else special.bdtrik(probability, cases, share)

    return Counts(up_to, near)


def poisson(expected: Numbers) -> Counts:
    """Return the distribution of events that happen independently of each other.

    Args:
        expected: their expected number, above 0.
    """
    from scipy import special

    def up_to(events: Numbers) -> Numbers:
        return np.where(events < 0, 0.0, special.pdtr(np.maximum(events, 0.0), expected))

    return Counts(up_to, lambda probability: special.pdtrik(probability, expected))
