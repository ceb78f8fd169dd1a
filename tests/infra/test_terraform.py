"""The Terraform code is formatted and valid, and its own tests pass. No account, no network but for the provider."""

import re
from pathlib import Path

from tests.infra.terraform import ROOT, Terraform, initialised

MODULES = sorted(path.name for path in (ROOT / "infra" / "modules").iterdir())


def test_all_is_formatted(tree: Path) -> None:
    Terraform(tree / "infra")("fmt", "-check", "-recursive")


def test_stack_is_valid_in_the_default_workspace_without_a_build(stack: Terraform) -> None:
    assert not (stack.folder.parent / "dist").exists()
    stack("validate")


def test_a_plan_without_a_build_says_to_make_package(stack: Terraform) -> None:
    providers = (stack.folder / "tests" / "stack.tftest.hcl").read_text().partition("\nvariables {")[0]
    unbuilt = stack.folder / "unbuilt_tests"
    unbuilt.mkdir()
    (unbuilt / "unbuilt.tftest.hcl").write_text(f'{providers}\nrun "unbuilt" {{\n  command = plan\n}}\n')
    said = Terraform(stack.folder, {"TF_WORKSPACE": "dev"}).run("test", f"-test-directory={unbuilt.name}")
    assert said.returncode == 1
    text = " ".join((said.stdout + said.stderr).replace("│", " ").split())
    assert text.count("Error:") == 1
    assert "A file to upload is missing: run `make package` in the project's folder" in text


def test_stack_does_what_its_tests_say(stack: Terraform) -> None:
    Terraform(stack.folder, {"TF_WORKSPACE": "dev"})("test")


def test_prod_does_what_its_tests_say(stack: Terraform) -> None:
    prod = Terraform(stack.folder, {"TF_WORKSPACE": "prod"})
    prod("init", "-backend=false", "-test-directory=tests/prod")
    prod("test", "-test-directory=tests/prod")


def test_prod_that_tells_nobody_is_refused_with_a_sentence(stack: Terraform) -> None:
    said = Terraform(stack.folder, {"TF_WORKSPACE": "prod"}).run("test", "-filter=tests/stack.tftest.hcl")
    assert said.returncode == 1
    text = " ".join((said.stdout + said.stderr).replace("│", " ").split())
    assert "Nobody would hear of a failure in prod: set alert_emails or slack" in text


def test_other_workspace_is_refused(stack: Terraform) -> None:
    said = Terraform(stack.folder, {"TF_WORKSPACE": "staging"}).run("test", "-filter=tests/stack.tftest.hcl")
    assert said.returncode == 1
    assert "staging is not an environment" in " ".join((said.stdout + said.stderr).split())


def test_modules_do_what_their_tests_say(provider: None, tree: Path) -> None:
    """All in one process: the provider's schema is most of the time."""
    infra = tree / "infra"
    gathered = infra / "modules_tests"
    gathered.mkdir()
    for test in infra.glob("modules/*/tests/*.tftest.hcl"):
        of_module = f'\\g<0>\n  module {{\n    source = "./modules/{test.parts[-3]}"\n  }}\n'
        runs = re.sub(r'^run "\w+" \{$', of_module, test.read_text(), flags=re.MULTILINE)
        (gathered / test.name).write_text(runs)
    terraform = Terraform(infra)
    terraform("init", "-backend=false", "-test-directory=modules_tests")
    said = terraform("test", "-test-directory=modules_tests")
    assert [module for module in MODULES if f"{module}.tftest.hcl... pass" not in said] == []


def test_bootstrap_does_what_its_tests_say(provider: None, tree: Path) -> None:
    initialised(tree / "infra" / "bootstrap")("test")
