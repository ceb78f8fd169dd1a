"""Generated resources are validated as FHIR R4: always a sample, all of them on demand."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner

from metriccare.cli import main
from metriccare.errors import GeneratedDataError
from metriccare.generate import generate, generator, validate
from metriccare.generate.fhir_validation import SAMPLE, validate_all, validate_sample

Break = Callable[[dict[str, Any]], None]


def encounters(count: int, folder: Path) -> Path:
    """Write valid encounters as one NDJSON file of a dataset."""
    path = folder / "encounters" / "part-00000.ndjson"
    path.parent.mkdir(parents=True)
    resources = ({**ENCOUNTER, "id": f"e{number}"} for number in range(count))
    path.write_bytes(b"".join(orjson.dumps(one) + b"\n" for one in resources))
    return path


ENCOUNTER = {
    "resourceType": "Encounter",
    "status": "finished",
    "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"},
    "period": {"start": "2025-01-01T10:00:00+01:00"},
}


def change(path: Path, line: int, change: Break) -> None:
    lines = path.read_bytes().splitlines()
    resource = orjson.loads(lines[line])
    change(resource)
    lines[line] = orjson.dumps(resource)
    path.write_bytes(b"".join(one + b"\n" for one in lines))


@pytest.mark.parametrize("lines", [1, SAMPLE - 1, SAMPLE, 500])
def test_a_sample_is_up_to_forty_different_resources_of_a_type(lines: int, tmp_path: Path) -> None:
    (kind, count), *others = validate_sample([encounters(lines, tmp_path)]).resources.items()
    assert (kind, others) == ("Encounter", [])
    assert min(lines, SAMPLE) * 0.8 <= count <= min(lines, SAMPLE)


def test_a_sample_is_spread_over_the_files(tmp_path: Path) -> None:
    """The first and the last of twenty files are in it."""
    files = [encounters(10, tmp_path / f"delivery={number:02}") for number in range(20)]
    for path in (files[0], files[-1]):
        whole = path.read_bytes()
        for line in range(10):
            change(path, line, lambda one: one.pop("status"))
        with pytest.raises(GeneratedDataError, match=path.parent.parent.name):
            validate_sample(files)
        path.write_bytes(whole)
    assert validate_sample(files).resources["Encounter"] == SAMPLE


@pytest.mark.parametrize(
    ("broken", "error_text"),
    [
        (lambda one: one.pop("class"), "class: Field required"),
        (lambda one: one.update(bogus=1), "bogus: Extra inputs are not permitted"),
        (lambda one: one["period"].update(start="yesterday"), "period.start: "),
        (lambda one: one.update(resourceType="Stay"), "Stay is not a valid FHIR Model"),
    ],
)
def test_an_invalid_resource_is_reported_with_its_error(
    broken: Break, error_text: str, tmp_path: Path
) -> None:
    path = encounters(100, tmp_path)
    change(path, 57, broken)
    with pytest.raises(GeneratedDataError) as raised:
        validate_all([path])
    assert f"e57 in {path} is not valid FHIR R4: {error_text}" in str(raised.value)


def test_a_long_list_of_errors_is_truncated(tmp_path: Path) -> None:
    path = encounters(1, tmp_path)
    change(path, 0, lambda one: one.update(a=1, b=2, c=3, d=4, e=5))
    with pytest.raises(GeneratedDataError, match="and 2 more"):
        validate_all([path])


def test_an_invalid_dataset_is_not_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rendered = generator.render

    def with_many_classes(*arguments: Any) -> Any:
        patient, stays, conditions = rendered(*arguments)
        return patient, [{**stay, "class": []} for stay in stays], conditions

    monkeypatch.setattr(generator, "render", with_many_classes)
    with pytest.raises(GeneratedDataError, match=r"Encounter 7-p\d+-\w+ in .* is not valid FHIR R4: class"):
        generate(20, 7, tmp_path)
    assert not (tmp_path / "json").exists() and not (tmp_path / "truth.json").exists()


def test_the_summary_has_the_number_of_validated_resources(tmp_path: Path) -> None:
    first, again = (generate(40, 7, tmp_path) for _ in range(2))
    assert first.validated.keys() == first.counts.keys()
    assert all(0 < first.validated[kind] <= min(SAMPLE, first.counts[kind]) for kind in first.counts)
    assert again.reused and again.validated == first.validated


def test_lines_that_are_damaged_on_purpose_are_counted(tmp_path: Path) -> None:
    summary = generate(300, 7, tmp_path, batches=2, batch_share=0.2)
    validated = validate(tmp_path)
    corrupt = [row["corrupt"] for row in orjson.loads(summary.truth.read_bytes())["deliveries"]]
    assert validated.unreadable >= sum(sum(one.values()) for one in corrupt) > 0
    assert validated.resources.keys() == {"Patient", "Encounter", "Condition", "Bundle"}


@pytest.mark.parametrize("folder", ["", "delivery=00"])
def test_a_damaged_line_anywhere_else_is_an_error(folder: str, tmp_path: Path) -> None:
    path = encounters(3, tmp_path / folder)
    path.write_bytes(path.read_bytes() + b'{"resourceType":"Enc\n')
    with pytest.raises(GeneratedDataError, match="is not JSON"):
        validate_all([path])


def test_progress_ends_with_all_bytes(tmp_path: Path) -> None:
    summary = generate(40, 7, tmp_path)
    seen: list[tuple[int, int]] = []
    validated = validate(tmp_path, lambda done, total: seen.append((done, total)))
    assert dict(validated.resources) == summary.counts
    assert seen == sorted(seen) and seen[-1][0] == seen[-1][1] > 0


def test_the_command_validates_everything_on_demand(tmp_path: Path) -> None:
    command = ["generate", "--patients", "40", "--out", str(tmp_path)]
    sampled = CliRunner().invoke(main, command)
    assert "resources is valid FHIR R4" in sampled.output and "All" not in sampled.output
    result = CliRunner().invoke(main, [*command, "--validate"])
    total = sum(generate(40, 7, tmp_path).counts.values())
    assert result.exit_code == 0 and f"All {total:,} resources are valid FHIR R4." in result.output

    change(tmp_path / "json" / "patients" / "part-00000.ndjson", 33, lambda one: one.update(gender=[]))
    result = CliRunner().invoke(main, [*command, "--validate"])
    assert result.exit_code == 1 and "Error: Patient 7-p33 in " in result.output
