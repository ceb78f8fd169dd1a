import zipfile

import pytest

from metriccare.errors import JavaError
from metriccare.runtime import jars


def test_a_jar_in_ivys_folder_is_not_downloaded_again(monkeypatch, tmp_path):
    jar = tmp_path / "jars" / "org.apache.hudi_hudi-spark3.5-bundle_2.12-0.15.0.jar"
    jar.parent.mkdir()
    with zipfile.ZipFile(jar, "w") as file:
        file.writestr("a", "b")
    monkeypatch.setenv("METRICCARE_IVY", str(tmp_path))
    monkeypatch.setattr(jars, "_download", lambda *_: pytest.fail("downloaded"))

    assert jars.jars() == [jar]


def test_a_truncated_jar_is_downloaded_again(monkeypatch, tmp_path, capsys):
    truncated = tmp_path / "jars" / "org.apache.hudi_hudi-spark3.5-bundle_2.12-0.15.0.jar"
    truncated.parent.mkdir()
    truncated.write_bytes(b"PK\x03\x04 half of it")
    downloads = []
    monkeypatch.setenv("METRICCARE_IVY", str(tmp_path))
    monkeypatch.setattr(jars, "_download", lambda *given: downloads.append(given))
    jars.jars()

    assert downloads == [(tmp_path, jars.HUDI)]
    assert f"Downloading hudi-spark3.5-bundle_2.12 to {tmp_path} (needed once" in capsys.readouterr().err
    assert not truncated.exists()


def test_a_failed_download_gives_the_reason_and_the_alternatives(jvm, monkeypatch, tmp_path):
    """A proxy on a closed port makes every repository unreachable."""
    monkeypatch.setenv("METRICCARE_IVY", str(tmp_path))
    closed_proxy = " ".join(
        f"-D{kind}.proxyHost=127.0.0.1 -D{kind}.proxyPort=9" for kind in ("http", "https")
    )
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", f"{closed_proxy} -Dmaven.repo.local={tmp_path}/m2")

    with pytest.raises(
        JavaError, match=r"could not be downloaded to .*unresolved dependency.*METRICCARE_IVY"
    ):
        jars.jars()
