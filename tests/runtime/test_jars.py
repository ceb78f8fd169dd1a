import zipfile

import pytest

from metriccare.errors import JavaError
from metriccare.runtime import jars


def test_a_jar_that_lies_in_ivys_folder_is_not_fetched_again(monkeypatch, tmp_path):
    jar = tmp_path / "jars" / "org.apache.hudi_hudi-spark3.5-bundle_2.12-0.15.0.jar"
    jar.parent.mkdir()
    with zipfile.ZipFile(jar, "w") as file:
        file.writestr("a", "b")
    monkeypatch.setenv("METRICCARE_IVY", str(tmp_path))
    monkeypatch.setattr(jars, "_fetch", lambda *_: pytest.fail("fetched"))

    assert jars.jars() == [jar]


def test_a_torn_jar_is_fetched_again(monkeypatch, tmp_path):
    torn = tmp_path / "jars" / "org.apache.hudi_hudi-spark3.5-bundle_2.12-0.15.0.jar"
    torn.parent.mkdir()
    torn.write_bytes(b"PK\x03\x04 half of it")
    fetched = []
    monkeypatch.setenv("METRICCARE_IVY", str(tmp_path))
    monkeypatch.setattr(jars, "_fetch", lambda *given: fetched.append(given))
    jars.jars()

    assert fetched == [(tmp_path, jars.HUDI)]
    assert not torn.exists()


def test_a_failed_fetch_says_why_and_what_to_do(monkeypatch, tmp_path):
    """The proxy that nobody listens on makes every repository unreachable."""
    monkeypatch.setenv("METRICCARE_IVY", str(tmp_path))
    nowhere = " ".join(f"-D{kind}.proxyHost=127.0.0.1 -D{kind}.proxyPort=9" for kind in ("http", "https"))
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", f"{nowhere} -Dmaven.repo.local={tmp_path}/m2")

    with pytest.raises(JavaError, match=r"could not be fetched into .*unresolved dependency.*METRICCARE_IVY"):
        jars.jars()
