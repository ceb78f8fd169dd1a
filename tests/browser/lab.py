"""JupyterLab as a person starts and uses it: by `make`, by its menus, with eyes on what it shows."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import nbformat
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait
from tests.browser.chromium import keep_screenshot
from tests.support.jupyter_lab import OPTIONS, lab_address, settings

ROOT = Path(__file__).parents[2]
LINKED = ("Makefile", "pyproject.toml", "requirements.lock", "kernels", "src")
NO_KERNEL = "No Kernel"
PATIENCE = 60.0
RUN_PATIENCE = 420.0
STEP = 650  # pixels from one screenshot to the next
PANEL = ".jp-NotebookPanel:not(.lm-mod-hidden)"
SCROLL = f"const box = document.querySelector('{PANEL} .jp-WindowedPanel-outer');"


@contextmanager
def lab(target: str, folder: Path, **environment: str) -> Iterator[str]:
    """Run `make lab` or `make glue-lab` in a copy of the project, and end it; give its address."""
    project = copied(folder / "project")
    command = [
        "make",
        target,
        "BIN=environment/bin",
        "INSTALLED=.installed",  # it says that this environment is the project's
        f"LAB={' '.join(OPTIONS)}",
    ]
    given = os.environ | settings(folder) | environment
    with (folder / "lab.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=project, env=given, stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield lab_address(folder)
    finally:
        end(process)


def end(process: "subprocess.Popen[bytes]") -> None:
    """End a command and all that it started; what does not heed that in time is killed."""
    os.killpg(process.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(60)
    deadline = time.monotonic() + 20
    with suppress(ProcessLookupError):
        while time.monotonic() < deadline:
            os.killpg(process.pid, 0)
            time.sleep(0.1)
        os.killpg(process.pid, signal.SIGKILL)


def copied(project: Path) -> Path:
    """Make a project with copies of the notebooks, since JupyterLab saves what it has open."""
    shutil.copytree(ROOT / "notebooks", project / "notebooks")
    for name in LINKED:
        (project / name).symlink_to(ROOT / name)
    (project / "environment").symlink_to(sys.prefix)  # by a name without blanks, which make could not take
    (project / ".installed").write_text(str(project))
    return project


class Notebook:
    """A notebook that is open in JupyterLab.

    Args:
        window: the browser.
        address: JupyterLab's.
        path: the notebook's file.
        shots: folder for screenshots, among those of all tests.
    """

    def __init__(self, window: Chrome, address: str, path: Path, shots: str) -> None:
        self.path = path
        self._window, self._shots = window, f"{shots}/{path.stem}"
        window.get(f"{address}lab/tree/notebooks/{path.name}?token=t&reset")
        self._until(lambda: self.kernel != NO_KERNEL and self._kernel_state() == "idle", "its kernel is idle")

    @property
    def kernel(self) -> str:
        """The name of its kernel, as the toolbar shows it."""
        return self._one(f"{PANEL} .jp-KernelName").text

    def change_kernel(self, name: str) -> None:
        """Choose another kernel in the menu."""
        self._choose("Kernel", "Change Kernel…")
        Select(self._one(".jp-Dialog select")).select_by_visible_text(name)
        self._one(".jp-Dialog .jp-mod-accept").click()
        self._until(lambda: self.kernel == name, f"its kernel is {name}")

    def run_all(self) -> None:
        """Run all cells, by the menu; return when the last one has run."""
        self._choose("Run", "Run All Cells")
        self._until(self._has_run, "its last cell has run", RUN_PATIENCE)

    def read(self, name: str = "") -> int:
        """Go from the top to the bottom, keep screenshots, and return how many pictures are there."""
        self._scroll("box.scrollTop = 0")
        seen: set[str] = set()
        for page in range(1, 100):
            time.sleep(0.3)
            seen.update(one for one in self._pictures() if one)
            keep_screenshot(self._window, f"{self._shots}{name}-{page:02}")
            before = self._scroll("return box.scrollTop")
            self._scroll(f"box.scrollTop += {STEP}")
            if self._scroll("return box.scrollTop") == before:
                break
        return len(seen)

    def saved(self) -> list[Any]:
        """Save it, by the menu; return its code cells as they are in the file."""
        before = self.path.stat().st_mtime_ns
        self._choose("File", "Save Notebook")
        self._until(lambda: self._is_saved_since(before), "it is saved")
        cells = nbformat.read(self.path, as_version=4).cells
        return [cell for cell in cells if cell.cell_type == "code"]

    def _is_saved_since(self, mtime_ns: int) -> bool:
        """Tell whether the file is another one and whole: JupyterLab empties it before it writes."""
        if self.path.stat().st_mtime_ns == mtime_ns:
            return False
        try:
            json.loads(self.path.read_text(encoding="utf-8"))
        except ValueError:
            return False
        return True

    def shut_down(self) -> None:
        """End its kernel, by the menu."""
        self._choose("Kernel", "Shut Down Kernel")
        self._until(lambda: self.kernel == NO_KERNEL, "its kernel has ended")

    def _choose(self, menu: str, item: str) -> None:
        """Click an item of a menu."""
        self._one(f"//*[contains(@class, 'lm-MenuBar-itemLabel') and text()='{menu}']").click()
        found = self._one(f"//*[contains(@class, 'lm-Menu-itemLabel') and text()='{item}']")
        ActionChains(self._window).move_to_element(found).click().perform()

    def _has_run(self) -> bool:
        self._scroll("box.scrollTop = box.scrollHeight")
        time.sleep(0.5)
        assert not self._all(f"{PANEL} [data-mime-type='application/vnd.jupyter.error']"), "a cell failed"
        prompts = [one.text for one in self._all(f"{PANEL} .jp-CodeCell .jp-InputPrompt") if one.text]
        if not prompts:  # JupyterLab renders what is in view only, and sometimes leaves the end blank
            self._scroll("box.scrollTop = 0")
        return bool(prompts) and prompts[-1].strip("[]: ").isdigit() and self._kernel_state() == "idle"

    def _pictures(self) -> list[str | None]:
        images = self._all(f"{PANEL} .jp-OutputArea-output img")
        return [one.get_attribute("src") for one in images if int(one.get_property("naturalWidth")) > 300]  # type: ignore[arg-type]

    def _kernel_state(self) -> str | None:
        found = self._all(f"{PANEL} .jp-Notebook-ExecutionIndicator")
        return found[0].get_attribute("data-status") if found else None

    def _scroll(self, code: str) -> Any:
        return self._window.execute_script(SCROLL + code)

    def _all(self, place: str) -> list[WebElement]:
        return self._window.find_elements(By.XPATH if place.startswith("//") else By.CSS_SELECTOR, place)

    def _one(self, place: str) -> WebElement:
        self._until(lambda: bool(self._all(place)), f"{place} is there")
        return self._all(place)[0]

    def _until(self, holds: Callable[[], bool], told: str, seconds: float = PATIENCE) -> None:
        try:
            WebDriverWait(self._window, seconds, 0.2).until(lambda _: holds())
        except Exception:
            keep_screenshot(self._window, f"{self._shots}-{told.replace(' ', '_')[:40]}")
            raise
