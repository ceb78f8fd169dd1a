"""Profiles: for whom the measures are computed. Another profile is another entry here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    """A cohort: age in completed years on the admission date (MEASURES 0.5)."""

    name: str
    min_age: int

    @property
    def too_young(self) -> str:
        """The reason of an exclusion for age, e.g. `under_18`."""
        return f"under_{self.min_age}"


ALL_ADULT = Profile("all_adult", min_age=18)
PROFILES = (ALL_ADULT,)
