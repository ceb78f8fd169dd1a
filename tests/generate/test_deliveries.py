"""In whatever order deliveries are read, they end in the planned state; and readers with a wrong order fail."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest
from fhir.resources.R4B import get_fhir_model_class
from tests.generate.delivery_reader import (
    Key,
    Resource,
    Version,
    by_instant,
    in_error,
    last_state,
    lines,
    merged,
    replaced_by,
    versions,
)

from metriccare.generate import generate
from metriccare.generate.deliveries.events import EVENTS

PATIENTS, SHARE = 240, 0.17
ORDERS = 6


@dataclass
class Delivered:
    """A dataset in several deliveries, and the same dataset in one."""

    truth: dict[str, Any]
    folders: list[Path]
    plain_truth: dict[str, Any]
    plain: dict[Key, Version]

    def found(self) -> list[Version]:
        return [version for folder in self.folders for version in versions(lines(folder))]


@pytest.fixture(scope="module", params=[(7, 3), (8, 1)], ids=["three later", "one later"])
def delivered(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Delivered:
    seed, batches = request.param
    out, plain = tmp_path_factory.mktemp("delivered"), tmp_path_factory.mktemp("plain")
    generate(PATIENTS, seed, out, batches=batches, batch_share=SHARE * 3 / batches)
    generate(PATIENTS, seed, plain)
    return Delivered(
        truth=orjson.loads((out / "truth.json").read_bytes()),
        folders=sorted((out / "json").iterdir()),
        plain_truth=orjson.loads((plain / "truth.json").read_bytes()),
        plain=last_state(versions(lines(plain / "json"))),
    )


def planned(delivered: Delivered) -> dict[Key, Resource]:
    return merged(delivered.plain)


def test_the_truth_is_that_of_a_dataset_in_one_delivery(delivered: Delivered) -> None:
    for part in ("profile", "as_of", "stays", "results"):
        assert delivered.truth[part] == delivered.plain_truth[part]
    for count in ("resources", "stays"):
        assert delivered.truth["counts"][count] == delivered.plain_truth["counts"][count]


def test_all_deliveries_in_any_order_end_in_what_was_planned(delivered: Delivered) -> None:
    found = delivered.found()
    for seed in range(ORDERS):
        Random(seed).shuffle(found)
        state = merged(last_state(found))
        planted = {key: resource for key, resource in state.items() if key not in delivered.plain}
        assert all(in_error(resource) for resource in planted.values())
        assert {key: state.get(key) for key in delivered.plain} == planned(delivered)


def test_the_last_versions_are_the_planned_ones_byte_for_byte(delivered: Delivered) -> None:
    state = last_state(delivered.found())
    survivors = {
        key[1] for key, version in state.items() if version.resource and replaced_by(version.resource)
    }
    for key, version in delivered.plain.items():
        subject = (state[key].resource or {}).get("subject", {"reference": ""})["reference"]
        if subject.removeprefix("Patient/") not in survivors:
            assert state[key].body == version.body


def test_any_batching_ends_in_the_same(delivered: Delivered) -> None:
    """Each delivery is first read on its own, then the resulting states are read as deliveries."""
    states = [last_state(versions(lines(folder))).values() for folder in reversed(delivered.folders)]
    again = last_state(version for state in states for version in state)
    assert {key: by_instant(version) for key, version in again.items()} == {
        key: by_instant(version) for key, version in last_state(delivered.found()).items()
    }


def arrival(_: Version) -> int:
    return 0


def text_of_stamp(version: Version) -> tuple[str, int]:
    return version.stamp, int(version.number)


def instant_alone(version: Version) -> Any:
    return by_instant(version)[0]


@pytest.mark.parametrize("order", [arrival, text_of_stamp, instant_alone])
def test_a_reader_with_another_order_ends_elsewhere(
    delivered: Delivered, order: Callable[[Version], Any]
) -> None:
    state = merged(last_state(delivered.found(), order))
    assert {key: state.get(key) for key in delivered.plain} != planned(delivered)


def test_a_reader_that_forgets_deletions_restores_deleted_resources(delivered: Delivered) -> None:
    state: dict[Key, Version] = {}
    for version in delivered.found():
        held = state.get(version.key)
        if held is None or by_instant(held) <= by_instant(version):
            state[version.key] = version
        if version.resource is None:
            del state[version.key]
    assert any(key not in delivered.plain and not in_error(one) for key, one in merged(state).items())


def test_a_reader_that_follows_at_most_one_link_keeps_stays_of_replaced_patients(
    delivered: Delivered,
) -> None:
    resources = {key: one.resource for key, one in last_state(delivered.found()).items() if one.resource}
    links = {key[1]: survivor for key, one in resources.items() if (survivor := replaced_by(one))}
    subjects = {
        one["subject"]["reference"].removeprefix("Patient/") for one in resources.values() if "subject" in one
    }
    assert subjects & links.keys()
    assert {links[name] for name in subjects & links.keys()} & links.keys()


def test_without_any_one_of_the_later_deliveries_the_state_is_wrong(delivered: Delivered) -> None:
    for left_out in delivered.folders:
        rest = [one for folder in delivered.folders if folder != left_out for one in versions(lines(folder))]
        state = merged(last_state(rest))
        assert {key: state.get(key) for key in delivered.plain} != planned(delivered), left_out.name


def test_every_event_occurs(delivered: Delivered) -> None:
    events = sum((Counter(row["events"]) for row in delivered.truth["deliveries"]), Counter[str]())
    assert events.keys() == EVENTS.keys()


def count(folder: Path) -> dict[str, Any]:
    """Count what a reader finds in a delivery."""
    resources: Counter[str] = Counter()
    deletions: Counter[str] = Counter()
    corrupt: Counter[str] = Counter()
    for line in lines(folder):
        found = list(versions([line]))
        if not found:
            corrupt[reason(line)] += 1
        for version in found:
            (resources if version.resource else deletions)[version.key[0]] += 1
    files = len(list(folder.rglob("*.ndjson")))
    return {"files": files, "resources": resources, "deletions": deletions, "corrupt": corrupt}


def reason(line: bytes) -> str:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return "not_utf8"
    return "not_json"


def test_the_truth_lists_the_contents_of_each_delivery(delivered: Delivered) -> None:
    assert [row["delivery"] for row in delivered.truth["deliveries"]] == [
        one.name for one in delivered.folders
    ]
    for row, folder in zip(delivered.truth["deliveries"], delivered.folders, strict=True):
        found = count(folder)
        assert {name: row[name] for name in found} == found
        assert sum(row["lines"].values()) == len(lines(folder))


def test_the_first_delivery_has_no_corrupt_lines_and_no_deletions(delivered: Delivered) -> None:
    first, *later = delivered.truth["deliveries"]
    assert not first["corrupt"] and not first["deletions"]
    assert sum((Counter(row["corrupt"]) for row in later), Counter[str]()).keys() == {"not_json", "not_utf8"}


def test_readable_lines_are_valid_fhir_r4_and_tagged_as_test_data(delivered: Delivered) -> None:
    for folder in delivered.folders[1:]:
        for line in lines(folder):
            if not list(versions([line])):
                continue
            resource = orjson.loads(line)
            get_fhir_model_class(resource["resourceType"]).model_validate(resource)
            assert resource["meta"]["tag"][0]["code"] == "HTEST"


def test_false_versions_are_valid_fhir_r4(delivered: Delivered) -> None:
    known = {version.body for version in delivered.plain.values()}
    others = [line for line in lines(delivered.folders[0]) if line not in known]
    assert others
    for line in others:
        resource = orjson.loads(line)
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)


def test_a_file_is_sent_again_under_another_name(delivered: Delivered) -> None:
    for folder in delivered.folders[1:]:
        again = (folder / "conditions" / "again-00000.ndjson").read_bytes()
        originals = [
            path.read_bytes() for one in delivered.folders[1:] for path in one.rglob("part-*.ndjson")
        ]
        assert again in originals
