from collections.abc import Iterator

import pytest
from selenium.webdriver import Chrome
from tests.browser.chromium import chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Chrome]:
    """One window of a headless Chromium per module."""
    with chromium() as window:
        yield window
