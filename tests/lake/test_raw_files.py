"""Which files the raw zone holds, and whether one of them is still what it was."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.unprivileged import unprivileged

from metriccare.errors import GoneError, InputError
from metriccare.lake.raw_files import find, list_files, list_raw, source_of


def write(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def test_files_of_any_name_and_depth_are_input_and_hidden_ones_are_not(tmp_path: Path) -> None:
    taken = ["b/c/deep.txt", "a.ndjson", "patients/part-0.ndjson.gz", "no_suffix"]
    ignored = [
        ".hidden",
        "_SUCCESS",
        ".git/config",
        "_temporary/0/part-0.ndjson",
        "truth.json",
        "b/truth.json",
    ]
    write(tmp_path, dict.fromkeys(taken + ignored, b"x"))
    assert [file.path for file in list_files(str(tmp_path))] == [
        str(tmp_path / name) for name in sorted(taken)
    ]


def test_a_folder_may_have_the_name_of_a_file_that_is_no_input(tmp_path: Path) -> None:
    write(tmp_path, {"truth.json/a.ndjson": b"x"})
    assert len(list_files(str(tmp_path))) == 1


def test_the_raw_folder_itself_may_be_hidden(tmp_path: Path) -> None:
    write(tmp_path, {".data/a.ndjson": b"x"})
    assert len(list_files(str(tmp_path / ".data"))) == 1


@pytest.mark.parametrize(
    ("files", "root", "said"),
    [
        ({}, "missing", "There is no raw folder"),
        ({"a.ndjson": b"x"}, "a.ndjson", "There is no raw folder"),
    ],
)
def test_what_is_no_raw_folder_is_an_error(
    tmp_path: Path, files: dict[str, bytes], root: str, said: str
) -> None:
    write(tmp_path, files)
    with pytest.raises(InputError, match=said):
        list_files(str(tmp_path / root))


def test_a_folder_may_hold_no_input_yet(tmp_path: Path) -> None:
    assert list_files(str(write(tmp_path, {"_SUCCESS": b"", "truth.json": b"{}"}))) == []


def test_a_changed_size_or_time_is_another_version_of_a_file(tmp_path: Path) -> None:
    def version() -> str:
        return list_files(str(tmp_path))[0].version

    path = write(tmp_path, {"a.ndjson": b"one"}) / "a.ndjson"
    os.utime(path, ns=(1, 1))
    first = version()
    assert version() == first
    os.utime(path, ns=(1, 2))
    assert version() != first
    path.write_bytes(b"one\ntwo")
    os.utime(path, ns=(1, 1))
    assert version() != first


def test_the_innermost_source_folder_names_the_source() -> None:
    assert source_of(Path("/x/source=north/source=west/patients/a.ndjson")) == "west"
    assert source_of(Path("/x/sources/a.ndjson")) == "default"


def test_links_to_nothing_and_folders_are_no_files(tmp_path: Path) -> None:
    write(tmp_path, {"a.ndjson": b"x"})
    (tmp_path / "b.ndjson").symlink_to(tmp_path / "nowhere")
    (tmp_path / "c.ndjson").mkdir()
    assert [Path(file.path).name for file in list_files(str(tmp_path))] == ["a.ndjson"]


def test_a_file_is_found_again_as_it_was_listed(tmp_path: Path) -> None:
    (listed,) = list_files(str(write(tmp_path, {"source=north/a.ndjson": b"one"})))
    assert find(listed.as_version()) == listed


def grow(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"more")


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def replace_by_link_to_nothing(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.with_name("nowhere"))


def lose_folder(path: Path) -> None:
    shutil.rmtree(path.parent)
    path.parent.touch()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (Path.unlink, "was deleted before it was read: put it back"),
        (replace_by_link_to_nothing, "was deleted before it was read: put it back"),
        (replace_by_folder, "was deleted before it was read: put it back"),
        (lose_folder, "was deleted before it was read: put it back"),
        (grow, "changed before it was read: the next run reads its new version"),
        (lambda path: os.utime(path, ns=(1, 1)), "changed before it was read"),
    ],
    ids=["deleted", "link to nothing", "folder", "folder lost", "grown", "touched"],
)
def test_a_file_that_changed_since_it_was_listed_is_reported(
    tmp_path: Path, spoil: Callable[[Path], None], said: str
) -> None:
    (listed,) = list_files(str(write(tmp_path, {"in/a.ndjson": b"one"})))
    spoil(Path(listed.path))
    with pytest.raises(GoneError, match=rf"a\.ndjson {said}"):
        find(listed.as_version())


def refusal(code: str, *arguments: str) -> str:
    """Return the last line of the error of some code that runs without the rights of root."""
    command = unprivileged(sys.executable, "-c", code, *arguments)
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr.splitlines()[-1]


def test_a_file_that_may_not_be_read_is_reported(tmp_path: Path) -> None:
    (listed,) = list_files(str(write(tmp_path, {"a.ndjson": b"one"})))
    Path(listed.path).chmod(0)
    code = """import sys; from metriccare.lake.raw_files import find; from metriccare.lake.ledger import FileVersion
find(FileVersion(*sys.argv[1:4], int(sys.argv[4])))"""
    version = listed.as_version()
    said = refusal(code, version.version, version.path, version.source, str(version.size))
    assert "a.ndjson can't be opened (Permission denied): make it readable, then run again." in said


def test_a_folder_that_may_not_be_read_is_reported(tmp_path: Path) -> None:
    write(tmp_path, {"a.ndjson": b"one", "closed/b.ndjson": b"two"})
    (tmp_path / "closed").chmod(0)
    said = refusal(
        "import sys; from metriccare.lake.raw_files import list_files; list_files(sys.argv[1])", str(tmp_path)
    )
    assert f"The folder {tmp_path / 'closed'} can't be read (Permission denied): make it readable" in said


def test_linked_folders_are_read_and_a_link_that_leads_back_is_not_followed(tmp_path: Path) -> None:
    write(tmp_path, {"raw/.store/x/b.ndjson": b"two", "raw/in/a.ndjson": b"one"})
    (tmp_path / "raw" / "linked").symlink_to(tmp_path / "raw" / ".store")
    (tmp_path / "raw" / "in" / "back").symlink_to(tmp_path / "raw")
    (tmp_path / "feed").symlink_to(tmp_path / "raw")
    for root in ("raw", "feed"):
        found = [file.path for file in list_files(str(tmp_path / root))]
        assert found == [str(tmp_path / root / name) for name in ("in/a.ndjson", "linked/x/b.ndjson")]


def test_a_link_out_of_the_raw_folder_is_refused_and_said(tmp_path: Path) -> None:
    """Whoever may put files there could have any file read that the run's user may."""
    write(tmp_path, {"raw/a.ndjson": b"one", "secret.txt": b"root:x", "elsewhere/b.ndjson": b"two"})
    for name, target in (("passwd", "secret.txt"), ("folder", "elsewhere"), ("up", "."), ("gone", "nowhere")):
        (tmp_path / "raw" / name).symlink_to(tmp_path / target)
    listing = list_raw(str(tmp_path / "raw"))
    assert [Path(file.path).name for file in listing.files] == ["a.ndjson"]
    assert len(listing.refused) == 3
    assert f"{tmp_path / 'raw' / 'passwd'} is not read: it is a link out of the raw folder" in "".join(
        listing.refused
    )


@pytest.mark.parametrize("name", ["source=/a.ndjson", "source= /a.ndjson", "source=a/source=/b/c.ndjson"])
def test_a_source_without_a_name_is_refused_and_said(tmp_path: Path, name: str) -> None:
    write(tmp_path, {name: b"one", "source=a/b.ndjson": b"two", "source=x.ndjson": b"three"})
    listing = list_raw(str(tmp_path))
    assert {file.source for file in listing.files} == {"a", "default"}
    (sentence,) = listing.refused
    assert "without a source's name" in sentence


def test_a_name_that_is_not_utf_8_is_refused_and_the_others_are_read(tmp_path: Path) -> None:
    write(tmp_path, {"a.ndjson": b"one"})
    for name in (b"M\xfcller.ndjson", b"\xff"):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(b"{}")
    listing = list_raw(str(tmp_path))
    assert [Path(file.path).name for file in listing.files] == ["a.ndjson"]
    assert len(listing.refused) == 2
    assert r"M\xfcller.ndjson is not read: its name is not UTF-8" in "".join(listing.refused)


def test_each_file_is_listed_once_however_folders_are_linked(tmp_path: Path) -> None:
    """Two folders that link to each other, twice: 2 to the power of 40 paths (case f23)."""
    write(tmp_path, {"a/one.ndjson": b"1", "b/deep/two.ndjson": b"2"})
    for link, target in (("a/x", "b"), ("a/x2", "b"), ("b/y", "a"), ("b/y2", "a"), ("b/deep/up", "")):
        (tmp_path / link).symlink_to(tmp_path / target)
    found = [file.path for file in list_files(str(tmp_path))]
    assert found == [str(tmp_path / name) for name in ("a/one.ndjson", "b/deep/two.ndjson")]


def test_of_two_links_to_one_folder_the_first_by_name_is_read(tmp_path: Path) -> None:
    write(tmp_path, {"raw/_elsewhere/a.ndjson": b"1", "raw/.store/b.ndjson": b"2"})
    for name in ("later", "early"):
        (tmp_path / "raw" / name).symlink_to(tmp_path / "raw" / "_elsewhere")
    (tmp_path / "raw" / "stored").symlink_to(tmp_path / "raw" / ".store")
    found = [file.path for file in list_files(str(tmp_path / "raw"))]
    assert found == [str(tmp_path / "raw" / name) for name in ("early/a.ndjson", "stored/b.ndjson")]
