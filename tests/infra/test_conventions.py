"""What Terraform itself does not check: files of a module, descriptions, wildcards, and agreement with the package."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from tests.infra.terraform import ROOT
from tests.infra.test_terraform import MODULES

from metriccare.lake.ledger.dynamodb_items import ITEM, LAKE, STATE
from metriccare.lake.ledger.dynamodb_store import BY_STATE

INFRA = ROOT / "infra"
FILES = {"main.tf", "variables.tf", "outputs.tf", "versions.tf", "README.md"}
NAMED = {
    *("s3_bucket", "upload_scripts", "glue_catalog_database", "glue_job", "glue_workflow"),
    *("lambda_function", "event_bridge", "dynemoDB", "aws_sns"),
}
SERVICES = "athena|chatbot|cloudwatch|dynamodb|events|glue|iam|kms|lambda|logs|s3|sns|sqs|sts"
ACTION = re.compile(rf'"((?:{SERVICES}):[A-Z*][A-Za-z:*]*)"')
EVERY_RESOURCE = re.compile(r'resources?\s*=\s*(?:\["\*"\]|"\*")', re.IGNORECASE)


def code() -> dict[str, str]:
    return {path.relative_to(INFRA).as_posix(): path.read_text() for path in sorted(INFRA.rglob("*.tf"))}


def test_the_modules_that_were_asked_for_are_there() -> None:
    assert set(MODULES) >= NAMED


@pytest.mark.parametrize("module", MODULES)
def test_module_has_its_files_and_a_test(module: str) -> None:
    folder = INFRA / "modules" / module
    assert {path.name for path in folder.iterdir() if path.is_file()} >= FILES
    assert list(folder.glob("tests/*.tftest.hcl"))


def test_every_variable_and_output_is_described() -> None:
    block = re.compile(r'^(variable|output) "(\w+)" \{\n(.*?)^\}', re.MULTILINE | re.DOTALL)
    found = [(file, *parts) for file, text in code().items() for parts in block.findall(text)]
    assert len(found) > 100
    described = re.compile(r'^  description += "\S', re.MULTILINE)
    assert [(file, kind, name) for file, kind, name, body in found if not described.search(body)] == []


def test_actions_are_named_one_by_one() -> None:
    wild = [
        (file, action) for file, text in code().items() for action in ACTION.findall(text) if "*" in action
    ]
    assert sorted(wild) == [
        ("modules/kms_key/main.tf", "kms:*"),  # the account itself, on its own key
        ("modules/s3_bucket/main.tf", "s3:*"),  # refused without TLS
        ("modules/s3_bucket/main.tf", "s3:ObjectCreated:*"),  # an event, no action
        ("modules/sqs_queue/main.tf", "sqs:*"),  # refused without TLS
    ]


def test_every_resource_is_named_but_where_there_is_none() -> None:
    found = Counter({file: len(EVERY_RESOURCE.findall(text)) for file, text in code().items()})
    assert +found == {
        "access.tf": 2,  # ListSessions, and Athena's lists of catalogs and workgroups
        "bootstrap/boundary.tf": 3,  # the same, and PutMetricData, held to its namespaces
        "bootstrap/statements.tf": 4,  # lists, mappings held to their function, keys held to their tags
        "modules/glue_job/main.tf": 1,  # PutMetricData, held to its namespaces
        "modules/kms_key/main.tf": 4,  # in the policy of a key: this key
    }


def test_every_action_of_the_stack_is_explained() -> None:
    page = (ROOT / "docs" / "aws-permissions.md").read_text()
    used = {
        action
        for file, text in code().items()
        if file
        in (
            "access.tf",
            *(f"modules/{one}/main.tf" for one in ("glue_job", "glue_sessions", "lambda_function")),
        )
        for action in ACTION.findall(text)
    }
    assert len(used) > 30
    assert sorted(action for action in used if f"`{action}`" not in page) == []


def test_jobs_with_the_catalog_find_the_database_that_bootstrap_makes() -> None:
    """Spark looks for `default` and would create it; it is the account's, so no environment may make or destroy it."""
    with_catalog = {file for file, text in code().items() if '"--enable-glue-datacatalog"' in text}
    makers = {
        file for file, text in code().items() if re.search(r'^  name += "default"$', text, re.MULTILINE)
    }
    assert with_catalog == {"modules/glue_job/main.tf"}
    assert makers == {"bootstrap/main.tf"}
    assert 'resource "aws_glue_catalog_database" "default"' in code()["bootstrap/main.tf"]


def test_table_of_the_ledger_is_the_one_the_package_expects() -> None:
    text = (INFRA / "modules" / "dynemoDB" / "main.tf").read_text()
    [index] = re.findall(r"local_secondary_index \{\n(.*?)\n  \}", text, re.DOTALL)
    keys = re.findall(r'^  (hash_key|range_key) += "(\w+)"', text, re.MULTILINE)
    types = re.findall(r'attribute \{\s+name = "(\w+)"\s+type = "(\w)"', text)
    assert keys == [("hash_key", LAKE), ("range_key", ITEM)]
    assert types == [(LAKE, "S"), (ITEM, "S"), (STATE, "S")]
    assert dict(re.findall(r'(\w+) += "(\w+)"', index)) == {
        "name": BY_STATE,
        "range_key": STATE,
        "projection_type": "ALL",
    }
    assert not re.search(r"^\s*ttl \{", text, re.MULTILINE)  # a lease outlives its owner


def test_jobs_have_the_settings_of_the_notebooks() -> None:
    text = (INFRA / "jobs.tf").read_text()
    [listed] = re.findall(r'spark_conf = join\(" --conf ", \[\n(.*?)\]\)', text, re.DOTALL)
    configured = {
        configuration(ROOT / "notebooks" / name) for name in re.findall(r'notebook = "([\w.]+)"', text)
    }
    assert configured == {" --conf ".join(re.findall(r'"(.*?)"', listed))}


def configuration(notebook: Path) -> str:
    cells = ["".join(cell["source"]) for cell in json.loads(notebook.read_text())["cells"]]
    [configure] = [cell for cell in cells if cell.startswith("%%configure")]
    found: str = json.loads(configure.partition("\n")[2])["--conf"]
    return found
