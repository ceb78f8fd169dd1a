"""What is asked for: everything that decides the bytes of a set."""

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
    """The parameters of a set, as `generate` takes them.

    Raises:
        ParameterError: if one is out of range.
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
            raise ParameterError(f"patients is {self.patients}: ask for at least 1.")
        if not 0 <= self.seed < _SEED_LIMIT:
            raise ParameterError(
                f"seed is {self.seed}: it is part of the ids, so it must be 0 or more, of 18 digits at most."
            )
        if self.part_size < 1:
            raise ParameterError(f"part_size is {self.part_size}: a part holds at least 1 line.")
        self._check_window()
        self._check_deliveries()

    def _check_window(self) -> None:
        window = f"The window {self.start}..{self.end}"
        if not EARLIEST_START <= self.start <= self.end <= LATEST_END:
            raise ParameterError(
                f"{window} is out of range: choose one inside {EARLIEST_START}..{LATEST_END}."
            )
        if (self.end - self.start).days < SHORTEST_WINDOW:
            raise ParameterError(
                f"{window} is too short for a follow-up: choose at least {SHORTEST_WINDOW} days."
            )

    def _check_deliveries(self) -> None:
        if not 0 <= self.batches <= DELIVERIES.most:
            raise ParameterError(
                f"batches is {self.batches}: choose 0 to {DELIVERIES.most} later deliveries."
            )
        if not 0 < self.batch_share <= 1:
            raise ParameterError(
                f"batch_share is {self.batch_share}: choose a share of the patients above 0 and up to 1."
            )
