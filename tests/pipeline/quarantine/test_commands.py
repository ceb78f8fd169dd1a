"""The commands on quarantined records: what they print, refuse and leave alone."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.pipeline.quarantine.deliveries import BROKEN, DELETIONS, LATIN, OLD_REASON, Made
from tests.pipeline.quarantine.records import command

from metriccare.pipeline.quarantine.read import read_quarantine
from metriccare.settings import Lake

SLOW = {"pyspark", "papermill", "matplotlib", "scipy", "boto3", "IPython"}


def listed(lake: Lake, *given: str) -> dict[str, str]:
    """Return the reasons of the records that are listed, by id."""
    answer = json.loads(command(lake, "list", "--format", "json", *given).stdout)
    return {one["id"]: one["reason_code"] for one in answer["records"]}


def test_a_list_shows_what_waits_and_why(made: Made) -> None:
    answer = json.loads(command(made.late, "list", "--format", "json").stdout)
    assert (answer["total"], answer["by_reason"]) == (5, {OLD_REASON: 3, "not_utf8": 1, "not_json": 1})
    assert {one["source"] for one in answer["records"]} == {"west"}
    sizes = {one["reason_code"]: one["size"] for one in answer["records"]}
    assert (sizes["not_json"], sizes["not_utf8"]) == (len(BROKEN), len(LATIN))


def test_a_list_is_filtered_and_cut(made: Made) -> None:
    assert set(listed(made.late, "--reason-code", "not_json").values()) == {"not_json"}
    assert len(listed(made.late, "--file", "1.ndjson")) == 2
    assert listed(made.late, "--source", "east") == {}
    assert (len(listed(made.late, "--limit", "2")), len(listed(made.late, "--limit", "0"))) == (2, 5)
    assert "5 records (1 shown)" in command(made.late, "list", "--limit", "1").output
    assert command(made.late, "list", "--state", "dismissed").output == "No quarantined records match.\n"


@pytest.mark.parametrize(
    ("reason_code", "text", "remedy"),
    [
        (OLD_REASON, DELETIONS.decode(), "metriccare quarantine replay"),
        ("not_utf8", r'{"resourceType": "Patient", "id": "M\xfcller"}', "iconv -t UTF-8"),
    ],
)
def test_a_record_is_shown_with_its_text(made: Made, reason_code: str, text: str, remedy: str) -> None:
    (name, *_) = listed(made.late, "--reason-code", reason_code, "--file", "1.ndjson")
    answer = command(made.late, "show", name)
    assert answer.stderr == "May contain patient data; for internal use only.\n"
    assert answer.stdout.splitlines()[-1] == text
    assert remedy in " ".join(answer.stdout.split())
    told = json.loads(command(made.late, "show", name, "--format", "json").stdout)
    assert (told["text"], told["is_utf8"], told["state"]) == (text, reason_code == OLD_REASON, "open")


def test_a_dismissed_record_is_shown_with_its_reason_and_is_no_longer_open(lake: Lake) -> None:
    (name,) = listed(lake, "--reason-code", "not_json")
    assert command(lake, "dismiss", name, "--reason", " A test. ").output == "Dismissed 1 record.\n"
    assert name not in listed(lake)
    assert list(listed(lake, "--state", "dismissed")) == [name]
    assert " UTC: A test.\n" in command(lake, "show", name).output
    left = command(lake, "dismiss", "--all", "--reason", "All of it.").output
    assert left == "Dismissed 4 records.\n"
    assert command(lake, "dismiss", "--all", "--reason", "x").output == (
        "No open record matches; nothing was dismissed.\n"
    )


def test_filters_pass_a_dismissed_record_over_and_its_id_replays_it(lake: Lake) -> None:
    command(lake, "dismiss", "--reason-code", OLD_REASON, "--reason", "Not needed.")
    assert command(lake, "replay", "--reason-code", OLD_REASON).output == (
        "No open record matches; nothing was replayed.\n"
    )
    name, *others = listed(lake, "--state", "dismissed")
    assert "1 quarantined record was accepted now" in command(lake, "replay", name).output
    assert list(listed(lake, "--state", "replayed")) == [name]
    assert list(listed(lake, "--state", "dismissed")) == others

    answer = command(lake, "dismiss", name, others[0], "--reason", "Too late.")
    assert (answer.exit_code, answer.stdout) == (1, "")
    assert answer.stderr == (
        f"Error: {name} was replayed and counts, so it can't be dismissed: leave it out. Nothing was dismissed.\n"
    )
    assert command(lake, "replay", name).output == "Nothing to replay.\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("replay",),
        ("dismiss", "--reason", "x"),
        ("replay", "aaaa:1", "--all"),
        ("replay", "aaaa:1", "--source", "west"),
        ("dismiss", "aaaa:1"),
        ("dismiss", "aaaa:1", "--reason", " "),
        ("dismiss", "aaaa:1", "--reason", "x" * 501),
        ("show",),
        ("list", "--state", "lost"),
        ("list", "--limit", "-1"),
        ("lose", "aaaa:1"),
    ],
)
def test_bad_usage_ends_with_2(made: Made, arguments: tuple[str, ...]) -> None:
    assert command(made.late, *arguments).exit_code == 2


@pytest.mark.parametrize("name", ["list", "show", "replay", "dismiss"])
def test_every_command_ends_its_help_with_an_example(made: Made, name: str) -> None:
    answer = command(made.late, name, "--help")
    assert f"Example: metriccare quarantine {name}" in answer.output.strip().split("\n\n")[-1]


@pytest.mark.parametrize(
    "arguments", [("list",), ("show", "a:1"), ("replay", "--all"), ("dismiss", "--all", "--reason", "x")]
)
def test_a_lake_that_does_not_exist_is_one_sentence_and_stays_so(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    place = tmp_path / "nowhere"
    answer = command(Lake(str(place)), *arguments)
    assert (answer.exit_code, answer.stdout) == (1, "")
    assert (
        answer.stderr
        == f"Error: There is no lake at {place}: pass its location with --lake, or run `metriccare run`.\n"
    )
    assert not place.exists()


def test_a_lake_without_its_ledger_is_listed_and_not_changed(made: Made, tmp_path: Path) -> None:
    lake = Lake(str(tmp_path))
    (tmp_path / "bronze").symlink_to(Path(made.late.root) / "bronze", target_is_directory=True)
    assert {one.state.value for one in read_quarantine(lake)} <= {"open"}
    answer = command(lake, "dismiss", "--all", "--reason", "x")
    assert answer.exit_code == 1
    assert "has no ledger: restore ledger.sqlite from a backup, or pass --ledger." in answer.stderr
    assert not Path(lake.ledger).exists()


def test_listing_and_dismissing_load_neither_spark_nor_another_heavy_library(lake: Lake) -> None:
    for given in (["list"], ["dismiss", "--all", "--reason", "A test."]):
        code = (
            "import sys\n"
            "from metriccare.cli import main\n"
            f"main(['quarantine', *{given!r}, '--lake', {lake.root!r}], standalone_mode=False)\n"
            f"print({SLOW!r} & set(sys.modules), file=sys.stderr)\n"
        )
        answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert answer.stderr.strip() == "set()"
    assert {one.state.value for one in read_quarantine(lake)} == {"dismissed"}
