"""Files as feeds write them; each test is named by its case."""

import json
from pathlib import Path

from tests.proofs.cases.case import RECEIVED, Case
from tests.support.raw import read_records

DAYS = "length_of_stay_billing"
NAMES = (
    "C:\\exports\\Pat.ndjson",
    "100%.ndjson",
    " blank .ndjson",
    "line\nbreak.ndjson",
    "[a-z].ndjson",
    "{0}.ndjson",
    f"{'n' * 230}.ndjson",
    "-dash.ndjson",
    "#frag;semi&amp.ndjson",
    "dot.",
    "ünïcödé 日本.ndjson",
)


def test_b01_torn_and_blank_lines_harm_themselves_only() -> None:
    case = Case("b01")
    assert list(case.stays) == ["ada-1"]
    assert case.quarantined == {"not_json": 2}


def test_b81_a_bundle_of_57_megabytes_is_read(tmp_path: Path) -> None:
    attachment = {
        "resourceType": "DocumentReference",
        "id": "d",
        "content": [{"attachment": {"data": "A" * 56_000_000}}],
    }
    resources = [{"resourceType": "Patient", "id": "b81p"}, attachment]
    bundle = {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [{"resource": one} for one in resources],
    }
    (tmp_path / "bundle.json").write_text(json.dumps(bundle))
    found = read_records(tmp_path, RECEIVED).to_pylist()
    assert [row["resource_id"] for row in found] == ["b81p", "d"]


def test_f01_a_file_in_utf16_is_kept_with_the_reason() -> None:
    case = Case("f01")
    assert case.quarantined.keys() == {"not_utf8"}


def test_f05_a_list_of_resources_is_kept_with_the_reason() -> None:
    case = Case("f05")
    assert case.quarantined.keys() == {"not_a_resource"}
    assert "NDJSON" in case.reasons or case.stays == {}


def test_f09_an_archive_of_several_members_is_read_to_its_end() -> None:
    assert list(Case("f09").stays) == ["f09-1"]


def test_f12_empty_files_are_no_error() -> None:
    case = Case("f12")
    assert list(case.stays) == ["f12-1"]
    assert not case.quarantined


def test_f14_a_last_line_without_an_end_is_read() -> None:
    assert list(Case("f14").stays) == ["f14-1"]


def test_f15_one_line_in_latin_1_harms_itself_only() -> None:
    case = Case("f15")
    assert case.quarantined == {"not_utf8": 1}
    assert case.outcome(DAYS, "f15-1") == "patient_unknown"


def test_f18_resources_within_parameters_are_none() -> None:
    assert Case("f18").stays == {}


def test_f19_a_file_may_have_any_name(tmp_path: Path) -> None:
    for number, name in enumerate(NAMES):
        (tmp_path / name).write_text(f'{{"resourceType": "Patient", "id": "p{number}"}}\n')
    found = read_records(tmp_path, RECEIVED).to_pylist()
    assert len({row["resource_id"] for row in found}) == len(NAMES)


def test_f27_checksums_and_logs_beside_the_data_are_kept_with_the_reason() -> None:
    case = Case("f27")
    assert list(case.stays) == ["f27-1"]
    assert case.quarantined.total() > 0
