"""Labels in the margin do not cover one another."""

import numpy as np
import pytest

from metriccare.reporting.pictures.margin_labels import short_name, spread


def test_labels_with_room_stay_next_to_their_points() -> None:
    assert spread([0.1, 0.5, 0.9], 0.05) == pytest.approx([0.1, 0.5, 0.9])


def test_crowded_labels_are_a_gap_apart_around_where_they_were() -> None:
    assert spread([0.5, 0.5, 0.5], 0.1) == pytest.approx([0.4, 0.5, 0.6])


@pytest.mark.parametrize("crowd", [0.0, 1.0])
def test_a_crowd_at_the_edge_stays_within_the_axes(crowd: float) -> None:
    places = spread([crowd] * 12, 0.05)
    assert min(places) >= -1e-9
    assert max(places) <= 1 + 1e-9
    assert np.diff(places).min() == pytest.approx(0.05)


def test_a_long_name_keeps_the_end_that_distinguishes_sites() -> None:
    assert short_name("County General") == "County General"
    shortened = short_name("University Hospital of the West Midlands, Site 2")
    assert len(shortened) <= 30
    assert shortened.startswith("University Hos")
    assert shortened.endswith("Site 2")
