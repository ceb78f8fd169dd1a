import re
from collections import Counter
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class

FHIR_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")


@pytest.mark.parametrize("kind", ["Patient", "Encounter", "Condition"])
def test_every_resource_is_valid_fhir_r4(small: Any, kind: str) -> None:
    model = get_fhir_model_class(kind)
    for resource in small.resources[kind]:
        model.model_validate(resource)


def test_ids_are_fhir_ids_and_distinct(thousand: Any) -> None:
    for resources in thousand.resources.values():
        ids = [resource["id"] for resource in resources]
        assert len(ids) == len(set(ids))
        assert all(FHIR_ID.fullmatch(identity) for identity in ids)


def test_every_resource_is_tagged_as_test_data_and_has_a_version(thousand: Any) -> None:
    for resource in (item for resources in thousand.resources.values() for item in resources):
        (tag,) = resource["meta"]["tag"]
        assert (tag["system"], tag["code"]) == ("http://terminology.hl7.org/CodeSystem/v3-ActReason", "HTEST")
        assert int(resource["meta"]["versionId"]) >= 1
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", resource["meta"]["lastUpdated"])


def test_every_reference_resolves(thousand: Any) -> None:
    known = {f"{kind}/{identity}" for kind in thousand.resources for identity in thousand.by_id(kind)}
    for encounter in thousand.resources["Encounter"]:
        references = [encounter["subject"], *(item["condition"] for item in encounter.get("diagnosis", []))]
        references += [encounter["partOf"]] if "partOf" in encounter else []
        assert {item["reference"] for item in references} <= known
    for condition in thousand.resources["Condition"]:
        references = [condition["subject"], *([condition["encounter"]] if "encounter" in condition else [])]
        assert {item["reference"] for item in references} <= known


def test_every_stay_has_one_principal_diagnosis_type_priority_and_provider(thousand: Any) -> None:
    encounters = thousand.by_id("Encounter")
    for identity in (identity for stay in thousand.stays for identity in stay["encounter_ids"]):
        encounter = encounters[identity]
        assert [item["rank"] for item in encounter["diagnosis"]].count(1) == 1
        assert encounter["type"] and encounter["priority"] and encounter["identifier"]
        assert encounter["serviceProvider"]["display"]
        assert encounter["serviceProvider"]["reference"].startswith("Organization/")


def test_a_clinical_status_goes_with_everything_but_errors(thousand: Any) -> None:
    """Invariants con-3 and con-5 of FHIR R4, which the validator does not check."""
    for condition in thousand.resources["Condition"]:
        verification = condition.get("verificationStatus", {"coding": [{"code": ""}]})["coding"][0]["code"]
        assert ("clinicalStatus" in condition) == (verification != "entered-in-error")


def test_dispositions_come_from_several_systems(thousand: Any) -> None:
    systems = Counter(
        coding["system"]
        for encounter in thousand.resources["Encounter"]
        for coding in encounter.get("hospitalization", {}).get("dischargeDisposition", {}).get("coding", [])
    )
    (hl7, most), *others = systems.most_common()
    assert hl7 == "http://terminology.hl7.org/CodeSystem/discharge-disposition"
    assert others and most > sum(count for _, count in others)


def test_hospitals_differ_in_size_and_have_a_stratum_in_every_year(thousand: Any) -> None:
    sizes = Counter(stay["hospital_id"] for stay in thousand.stays)
    cells = {(stay["hospital_id"], stay["admission_date"][:4]) for stay in thousand.stays}
    assert len(sizes) == 8
    assert max(sizes.values()) > 2 * min(sizes.values())
    assert len(cells) == 8 * 3
