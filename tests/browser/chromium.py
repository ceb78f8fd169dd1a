"""A headless Chromium, and what tests ask of it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from tests.support.required import is_missing

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
DRIVER = "chromedriver"
OPTIONS = ("--headless=new", "--window-size=1400,1000", "--disable-dev-shm-usage", "--hide-scrollbars")
SHOTS = Path(os.environ.get("METRICCARE_SCREENSHOTS") or Path(__file__).parents[2] / "build" / "screenshots")
BROKEN = "return [...document.images].filter(one => !one.complete || one.naturalWidth < 100).length"
WIDER = "return document.scrollingElement.scrollWidth - document.documentElement.clientWidth"


@contextmanager
def chromium() -> Iterator[Chrome]:
    """Open a window; skip where there is no Chromium, or no driver for it."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    driver = shutil.which(DRIVER)
    if not found or not driver:
        needed = f"{BROWSERS[0]} and {DRIVER}; `make browser` installs them"
        is_missing("chromium", f"no browser: that needs {needed}")
    options = ChromeOptions()
    options.binary_location = found
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for option in (*OPTIONS, *(["--no-sandbox"] if os.geteuid() == 0 else [])):
        options.add_argument(option)
    window = Chrome(options, ChromeService(driver))
    try:
        yield window
    finally:
        window.quit()


def keep_screenshot(window: Chrome, name: str) -> None:
    """Keep what the window shows, for people to look at."""
    file = SHOTS / f"{name}.png"
    file.parent.mkdir(parents=True, exist_ok=True)
    assert window.save_screenshot(str(file))


def complaints(window: Chrome) -> list[Any]:
    """Return what the page did not get or was refused."""
    return [entry["message"] for entry in window.get_log("browser") if entry["level"] == "SEVERE"]
