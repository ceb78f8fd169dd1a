"""The archive of a JVM's classes: who writes it, who uses it, and that nothing is left lying about."""

import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pyspark
import pytest

from metriccare.runtime.class_archive import MAGIC, TORN_SECONDS, UNUSED_DAYS, archive_options
from metriccare.runtime.jars import jars

SESSION = """
import sys
from metriccare.runtime import spark as module
if sys.argv[1] == "records":
    module.record_classes()
module.get_spark().range(3).count()
"""
LONGEST_SECONDS = 90


@pytest.fixture
def java(tmp_path: Path) -> Path:
    return java_of(tmp_path, "17.0.9")


def java_of(folder: Path, version: str) -> Path:
    home = folder / f"java-{version}"
    home.mkdir()
    (home / "release").write_text(f'JAVA_VERSION="{version}"\n')
    return home


def written(options: str) -> Path:
    """Return the file that the options name."""
    return Path(options.strip('"').partition("=")[2])


def test_only_a_run_writes_an_archive(java: Path, tmp_path: Path) -> None:
    assert archive_options(tmp_path / "classes", java, [], is_recorded=False) == ""
    options = archive_options(tmp_path / "classes", java, [], is_recorded=True)
    assert options.startswith('"-XX:ArchiveClassesAtExit=')
    assert written(options).parent.is_dir()


def test_two_runs_at_once_write_two_files(java: Path, tmp_path: Path) -> None:
    first, second = (archive_options(tmp_path, java, [], is_recorded=True) for _ in range(2))
    assert first != second


def test_what_was_written_to_its_end_is_used(java: Path, tmp_path: Path) -> None:
    written(archive_options(tmp_path, java, [], is_recorded=True)).write_bytes(MAGIC + b"classes")
    for is_recorded in (True, False):
        options = archive_options(tmp_path, java, [], is_recorded=is_recorded)
        assert options.startswith('"-XX:SharedArchiveFile=')
        assert written(options).read_bytes() == MAGIC + b"classes"
    assert len(list(tmp_path.glob("*.jsa"))) == 1
    assert list(tmp_path.glob("*.unfinished")) == []


def test_what_is_still_written_is_not_used_and_torn_files_are_deleted(java: Path, tmp_path: Path) -> None:
    torn = written(archive_options(tmp_path, java, [], is_recorded=True))
    torn.write_bytes(bytes(1000))  # the header comes last
    assert archive_options(tmp_path, java, [], is_recorded=False) == ""
    assert torn.exists()
    age(torn, TORN_SECONDS + 1)
    assert archive_options(tmp_path, java, [], is_recorded=False) == ""
    assert not torn.exists()


@pytest.mark.parametrize("version", ["1.8.0_432", "11.0.2"])
def test_an_older_java_gets_no_option_that_it_does_not_know(tmp_path: Path, version: str) -> None:
    assert archive_options(tmp_path, java_of(tmp_path, version), [], is_recorded=True) == ""


def test_another_java_and_other_jars_have_archives_of_their_own(java: Path, tmp_path: Path) -> None:
    jar = tmp_path / "hudi.jar"
    jar.write_bytes(b"PK")
    combinations = [
        (java, []),
        (java, [jar]),
        (java_of(tmp_path, "17.0.12"), []),
    ]
    names = [written(archive_options(tmp_path, *one, is_recorded=True)).name[:16] for one in combinations]
    jar.write_bytes(b"PK, changed")
    os.utime(jar, (1, 1))
    names.append(written(archive_options(tmp_path, java, [jar], is_recorded=True)).name[:16])
    assert len(set(names)) == len(names)


def test_archives_that_nobody_uses_are_deleted(java: Path, tmp_path: Path) -> None:
    folder = tmp_path / "classes"
    used = written(archive_options(folder, java, [], is_recorded=True))
    used.write_bytes(MAGIC)
    archive_options(folder, java, [], is_recorded=False)
    other = folder / "0123456789abcdef.jsa"
    other.write_bytes(MAGIC)
    for file in folder.iterdir():
        age(file, (UNUSED_DAYS - 1) * 86_400)
    archive_options(folder, java, [], is_recorded=False)
    assert other.exists()
    age(other, (UNUSED_DAYS + 1) * 86_400)
    archive_options(folder, java, [], is_recorded=False)
    assert [file.name for file in folder.iterdir()] == [used.name[:16] + ".jsa"]


def test_a_folder_that_cannot_be_made_is_no_error(java: Path, tmp_path: Path) -> None:
    (tmp_path / "classes").write_text("in the way")
    assert archive_options(tmp_path / "classes", java, [], is_recorded=True) == ""


def age(file: Path, seconds: float) -> None:
    past = time.time() - seconds
    os.utime(file, (past, past))


@pytest.mark.long
def test_the_jvm_of_a_run_leaves_an_archive_that_the_next_session_uses(jvm: None, tmp_path: Path) -> None:
    folder = tmp_path / "with a space"
    folder.mkdir()
    (folder / "jars").symlink_to(jars()[0].parent)
    loaded = tmp_path / "loaded.txt"
    run_session("records", METRICCARE_IVY=str(folder))
    wait_until_written(folder / "metriccare-classes")
    run_session("uses", METRICCARE_IVY=str(folder), METRICCARE_JAVA_OPTIONS=f"-Xlog:class+load:file={loaded}")
    classes = loaded.read_text().splitlines()
    archived = [line for line in classes if "shared objects file (top)" in line]
    assert len(archived) > 1000
    # Java 17 archives no class of a jar whose path is written otherwise in a URL, such as one with a space.
    if quote(pyspark.__file__) == pyspark.__file__:
        assert any("org.apache.spark.SparkContext " in line for line in archived)


def run_session(role: str, **environment: str) -> None:
    """Run a session of the options given, not of the tests' own."""
    inherited = {name: value for name, value in os.environ.items() if name != "METRICCARE_JAVA_OPTIONS"}
    subprocess.run(
        [sys.executable, "-c", SESSION, role], env=inherited | environment, check=True, capture_output=True
    )


def wait_until_written(folder: Path) -> None:
    """Wait for the JVM, which writes while it ends."""
    deadline = time.monotonic() + LONGEST_SECONDS
    while not any(file.read_bytes()[:4] == MAGIC for file in folder.iterdir()):
        assert time.monotonic() < deadline, "no archive was written"
        time.sleep(0.2)
