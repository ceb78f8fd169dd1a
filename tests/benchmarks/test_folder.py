from pathlib import Path

from benchmarks.pipeline.folder import Written, snapshot, written


def test_a_new_file_counts_whole_and_one_that_grew_only_with_its_growth(tmp_path: Path) -> None:
    log, old = tmp_path / "log", tmp_path / "old"
    log.write_bytes(b"x" * 100)
    old.write_bytes(b"x" * 1000)
    before = snapshot(tmp_path)

    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "new").write_bytes(b"x" * 10)
    with log.open("ab") as stream:
        stream.write(b"x" * 7)

    assert written(before, snapshot(tmp_path)) == Written(bytes=17, files=2)


def test_a_replaced_file_counts_whole_though_it_is_no_bigger(tmp_path: Path) -> None:
    table = tmp_path / "table"
    table.write_bytes(b"x" * 100)
    before = snapshot(tmp_path)

    fresh = tmp_path / ".table"
    fresh.write_bytes(b"y" * 120)
    fresh.replace(table)

    assert written(before, snapshot(tmp_path)) == Written(bytes=120, files=1)


def test_checksums_and_deleted_files_are_no_writing_and_a_folder_may_be_missing(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    assert snapshot(lake) == {}
    lake.mkdir()
    (lake / "gone").write_bytes(b"x")
    before = snapshot(lake)

    (lake / "gone").unlink()
    (lake / ".a.crc").write_bytes(b"x" * 5)

    assert written(before, snapshot(lake)) == Written(bytes=0, files=0)
