"""`.ci/run` installs nothing where nobody asked for it, and says what it does where CI=true."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

TOOLS = ("bash", "dirname", "find", "sh", "env")
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(root: Path, tmp_path: Path) -> Run:
    """Return a function that runs the script where `make` only says what it was asked for, and no browser is there."""
    script, programs = tmp_path / "project" / ".ci" / "run", tmp_path / "bin"
    script.parent.mkdir(parents=True)
    shutil.copy(root / ".ci" / "run", script)
    programs.mkdir()
    for tool in TOOLS:
        (programs / tool).symlink_to(str(shutil.which(tool)))
    given = "plugins ${METRICCARE_TF_PLUGIN_DIR:-}, required ${METRICCARE_REQUIRE:-}"
    stub(programs / "make", f'echo "make $*"; echo "{given}" >&2')
    stub(programs / "find", 'echo "$*" >>"$0.called"; echo /mirror/registry.terraform.example')

    def run(*targets: str, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": str(programs), **variables}
        return subprocess.run([script, *targets], env=environment, capture_output=True, text=True, check=True)

    return run


def stub(program: Path, body: str) -> None:
    program.unlink(missing_ok=True)
    program.write_text(f"#!{shutil.which('bash')}\n{body}\n")
    program.chmod(0o755)


@pytest.fixture
def searched(tmp_path: Path) -> Callable[[], str]:
    """Return a function that gives what `find` was called with; empty if it was not."""
    log = tmp_path / "bin" / "find.called"
    return lambda: log.read_text() if log.exists() else ""


def made(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [line for line in done.stdout.splitlines() if line.startswith("make ")]


@pytest.mark.parametrize("variables", [{}, {"CI": ""}, {"CI": "false"}])
def test_on_an_engineers_machine_it_checks_and_tests_only(
    run: Run, searched: Callable[[], str], variables: dict[str, str]
) -> None:
    assert made(run(**variables)) == ["make check", "make test"]
    assert searched() == ""


def test_in_ci_it_installs_a_browser_and_the_aws_cli_and_says_so(run: Run) -> None:
    done = run(CI="true")
    assert made(done) == ["make browser", "make aws-cli", "make check", "make test"]
    assert "CI: chromedriver is missing: make browser" in done.stdout
    assert "CI: version 2 of the AWS CLI is missing: make aws-cli" in done.stdout


def test_in_ci_what_is_there_is_not_installed(run: Run, tmp_path: Path) -> None:
    stub(tmp_path / "bin" / "chromedriver", "exit 0")
    stub(tmp_path / "bin" / "aws", "echo aws-cli/2.9.19 Python/3.11.2")
    assert made(run(CI="true")) == ["make check", "make test"]


def test_in_ci_version_1_of_the_aws_cli_is_not_enough(run: Run, tmp_path: Path) -> None:
    stub(tmp_path / "bin" / "aws", "echo aws-cli/1.45.11 Python/3.11.7")
    assert "make aws-cli" in made(run(CI="true"))


def test_in_ci_tests_go_on_without_what_could_not_be_installed(run: Run, tmp_path: Path) -> None:
    stub(tmp_path / "bin" / "make", 'echo "make $*"; case $1 in browser | aws-cli) exit 1 ;; esac')
    done = run(CI="true")
    assert made(done)[-1] == "make test"
    assert "no browser could be installed" in done.stderr
    assert "the AWS CLI could not be installed" in done.stderr


def test_what_fails_fails_it(run: Run, tmp_path: Path) -> None:
    stub(tmp_path / "bin" / "make", '[ "$1" != test ]')
    with pytest.raises(subprocess.CalledProcessError) as raised:
        run()
    assert raised.value.stderr.endswith("CI: failed\n")


def test_in_ci_a_mirror_of_providers_is_looked_for_in_few_folders(
    run: Run, searched: Callable[[], str]
) -> None:
    done = run(CI="true")
    assert searched().startswith("/ -xdev -maxdepth 3 ") and searched().count("\n") == 1
    assert "CI: Terraform's provider comes from /mirror\n" in done.stdout
    assert "plugins /mirror," in done.stderr


@pytest.mark.parametrize("variable", ["METRICCARE_TF_PLUGIN_DIR", "TF_CLI_CONFIG_FILE"])
def test_a_place_of_providers_that_is_named_is_taken(
    run: Run, searched: Callable[[], str], tmp_path: Path, variable: str
) -> None:
    named = tmp_path / "named"
    named.touch()
    run(**{"CI": "true", variable: os.fspath(named)})
    assert searched() == ""


def test_a_configuration_of_terraform_that_is_not_there_is_ignored_aloud(run: Run) -> None:
    done = run(CI="true", TF_CLI_CONFIG_FILE="/missing/rc")
    assert "names no file and is ignored: /missing/rc" in done.stdout
    assert "plugins /mirror," in done.stderr


def test_one_of_its_parts_can_be_asked_for(run: Run) -> None:
    assert made(run("test")) == ["make test"]


@pytest.mark.parametrize(
    ("variables", "required"),
    [({}, ""), ({"METRICCARE_TF_PLUGIN_DIR": "/plugins"}, "terraform"), ({"CI": "true"}, "terraform")],
)
def test_terraforms_tests_may_not_be_skipped_where_its_provider_is_known(
    run: Run, tmp_path: Path, variables: dict[str, str], required: str
) -> None:
    assert run(**variables).stderr.endswith("required \n")  # without Terraform
    stub(tmp_path / "bin" / "terraform", "exit 0")
    assert run(**variables).stderr.endswith(f"required {required}\n")
