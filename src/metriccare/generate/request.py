"""The parameters of a dataset, which determine its bytes."""

from dataclasses import dataclass
from datetime import date

from metriccare.errors import ParameterError
from metriccare.generate.parameters import (
    DEFAULT_END,
    DEFAULT_PART_SIZE,
    DEFAULT_START,
    DELIVERIES,
    EARLIEST_START,
    LATEST_END,
    SHORTEST_WINDOW,
)

_SEED_LIMIT = 10**18


@dataclass(frozen=True)
class Request:
    """The parameters of `generate`.

    Raises:
        ParameterError: a parameter is out of range.
    """

    patients: int
    seed: int
    start: date = DEFAULT_START
    end: date = DEFAULT_END
    part_size: int = DEFAULT_PART_SIZE
    batches: int = 0
    batch_share: float = DELIVERIES.share

    def __post_init__(self) -> None:
        if self.patients < 1:
            raise ParameterError(f"patients is {self.patients}, but must be at least 1.")
        if not 0 <= self.seed < _SEED_LIMIT:
            raise ParameterError(
                f"seed is {self.seed}, but must be 0 or more and have at most 18 digits, since it is part of the ids."
            )
        if self.part_size < 1:
            raise ParameterError(f"part_size is {self.part_size}, but must be at least 1 line.")
        self._check_window()
        self._check_deliveries()

    def _check_window(self) -> None:
        window = f"The window {self.start}..{self.end}"
        if not EARLIEST_START <= self.start <= self.end <= LATEST_END:
            raise ParameterError(
                f"{window} is out of range; choose dates from {EARLIEST_START} to {LATEST_END}."
            )
        if (self.end - self.start).days < SHORTEST_WINDOW:
            raise ParameterError(
                f"{window} is too short for the follow-up; choose at least {SHORTEST_WINDOW} days."
            )

    def _check_deliveries(self) -> None:
        if not 0 <= self.batches <= DELIVERIES.max_batches:
            raise ParameterError(
                f"batches is {self.batches}, but must be 0 to {DELIVERIES.max_batches} later deliveries."
            )
        if not 0 < self.batch_share <= 1:
            raise ParameterError(
                f"batch_share is {self.batch_share}, but must be above 0 and up to 1 (a share of the patients)."
            )
