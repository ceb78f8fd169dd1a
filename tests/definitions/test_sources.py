"""What is known of a source of which nothing is said, and the zone for all sources."""

import pytest

from metriccare.definitions.sources import NONE, Source, Sources
from metriccare.errors import ParameterError


def test_of_a_source_that_is_not_configured_nothing_is_assumed() -> None:
    assert Sources() == NONE
    assert (NONE.by_name, NONE.timezone) == ({}, "")
    assert Source() == Source("", False, False, (), (), (), {}, {})


def test_the_zone_for_all_leaves_the_sources_as_they_are() -> None:
    sources = Sources({"a": Source(timezone="America/Chicago")}).with_timezone("Europe/Berlin")
    assert (sources.timezone, sources.by_name["a"].timezone) == ("Europe/Berlin", "America/Chicago")


def test_no_zone_changes_nothing() -> None:
    assert Sources(timezone="Europe/Berlin").with_timezone("").timezone == "Europe/Berlin"


@pytest.mark.parametrize("name", ["Chicago", "localtime", "posix/Europe/Berlin", "america/chicago"])
def test_a_zone_that_does_not_exist_everywhere_is_refused(name: str) -> None:
    with pytest.raises(ParameterError, match=f"'{name}' is not a time zone"):
        NONE.with_timezone(name)
