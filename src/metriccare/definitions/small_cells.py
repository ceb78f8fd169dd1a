"""Which counts are small: those from which a person could be recognised (CMS cell size policy)."""

LARGEST_SMALL = 10


def is_small(count: float) -> bool:
    """Return whether a count may not be shown: 1 to 10; zero may."""
    return 1 <= count <= LARGEST_SMALL
