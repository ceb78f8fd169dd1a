"""The input of all independent checks: generated sets, drawn courses, real exports."""

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from tests.proofs.independent.choices import PREFIX
from tests.proofs.independent.courses import courses
from tests.proofs.independent.found_before import FOUND

from metriccare.generate import generate
from metriccare.settings import project_root

SEEDS = (3, 5, 8)
PATIENTS = 300
REAL = project_root().parent / "shared" / "real"
COURSES_PER_EXAMPLE = (
    6  # of the hypothesis profile: about 450 different ones, ten times as many in the long run
)
needs_real_data = pytest.mark.skipif(
    not REAL.is_dir(), reason="the real exports (shared/real) are not beside the project"
)


def draw_courses() -> dict[str, list[str]]:
    """Return the lines of every course by its name, drawn as many as the hypothesis profile says, or found before."""
    found: dict[tuple[str, ...], None] = {}  # in the order of their drawing; hypothesis repeats itself

    @settings(
        max_examples=settings.default.max_examples * COURSES_PER_EXAMPLE,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(courses())
    def draw(lines: list[str]) -> None:
        found[tuple(lines)] = None

    draw()
    named = {f"c{number}": lines for number, lines in enumerate(found)} | FOUND
    return {name: [line.replace(PREFIX, f"{name}-") for line in lines] for name, lines in named.items()}


def lay_out(folder: Path, drawn: dict[str, list[str]]) -> None:
    """Write all of it below a folder, each set as a source of its own."""
    for seed in SEEDS:
        generate(patients=PATIENTS, seed=seed, out=folder / f"source=seed{seed}")
    write_lines(folder / "source=courses", (line for lines in drawn.values() for line in lines))
    if REAL.is_dir():
        lay_out_real_data(folder)


def lay_out_real_data(folder: Path) -> None:
    """Copy the bulk export, and write each of HL7's single JSON files as one line."""
    bulk = folder / "source=synthea-bulk-10"
    bulk.mkdir()
    for path in (REAL / bulk.name.removeprefix("source=")).glob("*.ndjson"):
        shutil.copyfile(path, bulk / path.name)
    examples = sorted((REAL / "hl7-r4-examples").glob("*.json"))
    lines = (json.dumps(json.loads(path.read_bytes())) for path in examples)
    write_lines(folder / "source=hl7-r4-examples", lines)


def write_lines(folder: Path, lines: Iterable[str]) -> None:
    folder.mkdir()
    (folder / "all.ndjson").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
