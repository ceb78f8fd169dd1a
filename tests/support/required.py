"""What a machine may lack: the tests that need it are skipped, unless `METRICCARE_REQUIRE` names it."""

import os
from typing import NoReturn

import pytest

VARIABLE = "METRICCARE_REQUIRE"


def is_missing(what: str, reason: str) -> NoReturn:
    """Skip the test; fail it where `METRICCARE_REQUIRE` (e.g. `terraform,chromium`) has what is missing."""
    if what in os.environ.get(VARIABLE, "").split(","):
        pytest.fail(f"{reason} ({VARIABLE} asks for {what})", pytrace=False)
    pytest.skip(reason)
