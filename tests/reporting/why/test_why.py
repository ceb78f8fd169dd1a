"""`metriccare why`: the decisions on one stay in sentences, with the place of the evidence."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner, Result
from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from tests.support import builders
from tests.support.builders import (
    HEART_FAILURE,
    PNEUMONIA,
    condition,
    diagnosis,
    encounter,
    organization,
    patient,
    story,
)
from tests.support.results import reasons_at
from tests.support.rows import run_row
from tests.support.tables import Rows, frame

from metriccare.cli import main
from metriccare.definitions.measures import DECISIONS
from metriccare.definitions.schemas import GOLD_RUN
from metriccare.definitions.tables import TABLES
from metriccare.errors import LakeError
from metriccare.lake.tables import SparkLake, TableWriter
from metriccare.reporting.why import explain, to_text
from metriccare.reporting.why.decision import reason_at
from metriccare.settings import Lake

AS_OF = date(2025, 6, 30)
PREFIX = "why-"
INPATIENT = {"start": "2025-03-01T08:00:00Z", "end": "2025-03-05T10:00:00Z"}
STORIES = {
    "why-back": story(
        encounter("a", diagnoses=[diagnosis("dx")], disposition="home", **INPATIENT),
        condition("dx", HEART_FAILURE, "a"),
        condition("inf", PNEUMONIA, "a", onset="2025-03-04"),
        condition("poa", PNEUMONIA, "a", onset="2025-03-01", verification="refuted"),
        encounter("icu", part_of="a", **INPATIENT),
        encounter("b", start="2025-03-20", end="2025-03-21"),
        encounter("visit", kind="AMB", **INPATIENT),
        encounter("room", kind="AMB", part_of="visit", **INPATIENT),
        encounter("soon", start="2025-09-01", status="planned"),
        encounter("local", kind="XYZ", **INPATIENT),
        encounter("error", status="entered-in-error", **INPATIENT),
    ),
    "why-left": story(
        encounter("a", disposition="aadvice", diagnoses=[diagnosis("dx")], **INPATIENT),
        condition("dx", builders.SCHIZOPHRENIA, "a"),
        of=patient(born="1960-05"),
    ),
    "why-recent": story(encounter("a", start="2025-06-01", end="2025-06-04")),
    "why-later": story(encounter("a", start="2025-07-01", end="2025-07-04")),
    "why-names": [organization("H1", "General Hospital")],
}


@pytest.fixture(scope="module")
def why_lake(lake: builders.Lake, spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """The tables of the stories; one encounter is in two sources, one condition has a newer version."""
    target = Lake.at(tmp_path_factory.mktemp("why"))
    told = lake.silver
    rows = {
        "bronze.record": _mine(Rows(builders.records(*lake.resources)), "resource_id"),
        "silver.patient": _mine(told.patient),
        "silver.encounter": _mine(told.encounter),
        "silver.condition": _mine(told.condition),
        "silver.organization": told.organization,
        "silver.stay": _mine(told.stay),
        "gold.stay_measure": _mine(lake.stay_measure, "stay_id"),
        "gold.infection_event": _mine(lake.events, "stay_id"),
    }
    frames = {name: frame(spark, TABLES[name], held) for name, held in rows.items()}
    encounters, conditions = frames["silver.encounter"], frames["silver.condition"]
    other = encounters.filter("id = 'why-left.a'").withColumn("source", F.lit("other"))
    newer = F.when(F.col("id") == "why-back.inf", F.lit("newer")).otherwise(F.col("body_sha256"))
    frames |= {
        "silver.encounter": encounters.unionByName(other),
        "silver.condition": conditions.withColumn("body_sha256", newer),
        "gold.run": spark.createDataFrame([run_row(as_of=AS_OF)], GOLD_RUN),
    }
    for name, held in frames.items():
        TableWriter(SparkLake(spark, target), builders.RUN).replace(TABLES[name], held)
    return target


def _mine(rows: Rows, key: str = "id") -> Rows:
    return rows.filter(f"starts_with({key}, '{PREFIX}')")


@pytest.fixture(scope="module")
def ask(why_lake: Lake) -> Callable[..., dict[str, Any]]:
    """Return a function that gives the measures of a stay by name."""

    def measures(stay: str, profile: str = "all_adult") -> dict[str, Any]:
        answer = explain(why_lake, stay, profile=profile)
        return {one["measure"]: one for one in answer["profiles"][0]["measures"]}

    return measures


@pytest.fixture(scope="module")
def text(why_lake: Lake) -> str:
    return to_text(explain(why_lake, "why-back.a"))


def test_a_readmission_is_shown_with_its_day_and_its_encounter(text: str) -> None:
    sentence = "counts; readmitted on 2025-03-20, 15 days after discharge (Encounter why-back.b)."
    assert f"Readmission within 30 days: {sentence}" in text


def test_the_stay_comes_first_with_its_hospitals_name(text: str) -> None:
    first = text.split("\n\n", maxsplit=1)[0]
    assert first.startswith("Stay why-back.a of source default, patient why-back.p")
    for fact in ("H1 (General Hospital)", "admitted 2025-03-01", "discharged 2025-03-05", "home", "age 64"):
        assert fact in first


def test_the_last_words_are_profile_and_run_and_what_is_unseen(text: str) -> None:
    assert "Profile all_adult:" in text
    last = text.rsplit("\n\n", maxsplit=1)[-1]
    assert "as of 2025-06-30; later events are ignored" in last
    assert builders.RUN in last


def test_every_measure_has_a_sentence(ask: Callable[..., dict[str, Any]]) -> None:
    found = ask("why-back.a")
    assert set(found) == set(DECISIONS)
    assert all(one["sentence"].startswith(("counts", "does not count")) for one in found.values())
    assert found["length_of_stay_midnights"]["sentence"] == "counts with 4 days."
    assert found["mortality_in_hospital"]["sentence"] == "counts; did not die in hospital."


def test_evidence_names_file_and_position(ask: Callable[..., dict[str, Any]], why_lake: Lake) -> None:
    (back,) = ask("why-back.a")["readmission_30_day"]["evidence"]
    assert (back["words"], back["type"], back["id"]) == ("readmission", "Encounter", "why-back.b")
    place = explain(why_lake, "why-back.b")["encounter"]
    assert (back["file"], back["position"]) == (place["file"], place["position"])
    assert back["file"] == "delivery.ndjson"


def test_evidence_that_a_newer_version_replaced_is_found_in_bronze(
    ask: Callable[..., dict[str, Any]], lake: builders.Lake
) -> None:
    (infection,) = ask("why-back.a")["infection"]["evidence"]
    ids = [one["id"] for one in lake.resources]
    assert infection["file"] == "delivery.ndjson"
    assert infection["position"] == str(ids.index("why-back.inf"))


def test_every_candidate_infection_is_shown(text: str) -> None:
    part = text[text.index("Candidate infections:") :]
    assert f"({PNEUMONIA}), 2025-03-04, hospital day 4: hospital onset." in part
    assert f"({PNEUMONIA}), 2025-03-01, hospital day 1: not confirmed." in part
    assert part.count("delivery.ndjson, position") == 2


def test_a_follow_up_that_ends_after_as_of_does_not_count_yet(ask: Callable[..., dict[str, Any]]) -> None:
    found = ask("why-recent.a")
    wait = (
        "does not count yet: its 30 days of follow-up end on 2025-07-04, after the cut-off date 2025-06-30."
    )
    assert found["readmission_30_day"]["sentence"] == wait
    assert found["mortality_in_hospital"]["counts"]


def test_a_stay_after_as_of_does_not_count_yet(ask: Callable[..., dict[str, Any]]) -> None:
    found = ask("why-later.a")
    assert {one["reason"] for one in found.values()} == {"admitted_after_as_of"}
    wait = "does not count yet: admitted on 2025-07-01, after the cut-off date 2025-06-30."
    assert found["infection"]["sentence"] == wait


def test_each_profile_can_be_asked_for(why_lake: Lake, ask: Callable[..., dict[str, Any]]) -> None:
    answer = explain(why_lake, "why-back.a", profile="all")
    assert [one["profile"] for one in answer["profiles"]] == ["all_adult", "cms_like", "simple"]
    young = ask("why-back.a", "cms_like")["readmission_30_day"]
    assert young["sentence"] == "does not count: younger than 65 on admission."
    assert young["evidence"][0]["words"] == "birth date and sex"


def test_reasons_are_those_that_the_numbers_are_counted_with(lake: builders.Lake) -> None:
    decided = _mine(lake.stay_measure, "stay_id")
    rows = decided.table.to_pylist()
    assert len(rows) == 15
    for cut in (date(2025, 3, 4), date(2025, 3, 31), AS_OF):
        told = {
            (row["stay_id"], row["profile"], name): reason_at(row, name, cut)
            for row in rows
            for name in DECISIONS
        }
        assert told == reasons_at(decided, cut)


def test_a_segment_is_answered_with_its_stay(why_lake: Lake) -> None:
    answer = explain(why_lake, "why-back.icu")
    assert answer["stay"]["id"] == "why-back.a"
    assert "Encounter why-back.icu is part of this stay." in to_text(answer)


@pytest.mark.parametrize(
    ("id", "because"),
    [
        ("visit", "its class (AMB) is not inpatient"),
        ("room", "it is part of Encounter why-back.visit, which is in no stay"),
        ("soon", "its status (planned) is not that of a stay that has begun"),
        ("local", "its class (XYZ) is not mapped"),
        ("error", "it was deleted or entered in error"),
    ],
)
def test_an_encounter_in_no_stay_has_a_reason(id: str, because: str, why_lake: Lake) -> None:
    answer = to_text(explain(why_lake, f"why-back.{id}"))
    assert f"Encounter why-back.{id} of source default is in no inpatient stay: {because}" in answer
    assert "delivery.ndjson, position" in answer


def test_an_id_of_several_sources_needs_its_source(why_lake: Lake) -> None:
    with pytest.raises(LakeError, match=r"\(default, other\): choose one with --source"):
        explain(why_lake, "why-left.a")


def test_the_first_reason_is_shown_then_the_others_then_the_flags(why_lake: Lake) -> None:
    answer = to_text(explain(why_lake, "why-left.a", source="default", profile="simple"))
    assert "Readmission within 30 days: counts; not readmitted: no eligible admission" in answer
    answer = to_text(explain(why_lake, "why-left.a", source="default"))
    assert "does not count: the age on admission is unknown" in answer
    assert "Also: left against medical advice; the principal diagnosis is psychiatric." in answer
    assert "Data-quality flags:\n  the birth date is less precise than a day" in answer


@pytest.mark.parametrize("id", ["nobody", "why-back.p"])
def test_an_unknown_id_is_one_sentence_with_what_to_do(id: str, why_lake: Lake) -> None:
    with pytest.raises(LakeError, match=rf"no encounter {id} in the lake .*: pass the id of an Encounter"):
        explain(why_lake, id)


def command(lake: Lake, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["why", "--lake", lake.root, *arguments])


def test_the_command_prints_text_and_json_and_says_whom_it_is_for(why_lake: Lake, text: str) -> None:
    answer = command(why_lake, "--stay", "why-back.a")
    assert (answer.exit_code, answer.stdout.strip()) == (0, text)
    assert answer.stderr == "Contains data of one patient; for internal use only.\n"
    found = json.loads(command(why_lake, "--stay", "why-back.a", "--format", "json").stdout)
    assert found["profiles"][0]["measures"][0]["event_on"] == "2025-03-20"


def test_the_command_fails_in_a_sentence(why_lake: Lake) -> None:
    answer = command(why_lake, "--stay", "nobody")
    assert (answer.exit_code, answer.stdout) == (1, "")
    assert answer.stderr.startswith("Error: There is no encounter nobody")
