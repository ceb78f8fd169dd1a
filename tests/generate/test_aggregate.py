from collections import Counter
from statistics import median as exact

import pytest

from metriccare.generate.aggregate import median


@pytest.mark.parametrize("values", [[1], [1, 2], [1, 1, 5], [1, 2, 2, 9], [3, 3, 4, 4], list(range(1, 8))])
def test_the_median_of_counts_is_that_of_the_values(values: list[int]) -> None:
    assert median(Counter(values)) == exact(values)
