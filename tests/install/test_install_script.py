"""`tools/install.sh`: whatever was there before, .venv is right afterwards. The lock here holds one small package."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.install.environments import ROOT

COPIED = ("tools/install.sh", "Makefile")
PYPROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "tiny"
version = "1.0"
"""
SMALL = ("six", "mdurl")  # one for a run, one more for everything


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with blanks in its path, whose locks are cut from the real one."""
    project = tmp_path / "a project"
    for name in COPIED:
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, project / name)
    (project / "pyproject.toml").write_text(PYPROJECT)
    (project / "src" / "tiny").mkdir(parents=True)
    (project / "src" / "tiny" / "__init__.py").touch()
    (project / "kernels" / "metriccare").mkdir(parents=True)
    (project / "kernels" / "metriccare" / "kernel.json").touch()
    building = ("hatchling", "packaging", "pathspec", "pluggy", "tomlkit", "trove-classifiers", "uv")
    (project / "requirements-run.lock").write_text(pins(SMALL[0]))
    (project / "requirements.lock").write_text("".join(map(pins, (*SMALL, *building))))
    return project


def pins(name: str) -> str:
    """Return a package's lines of the real lock."""
    lines = (ROOT / "requirements.lock").read_text().splitlines(keepends=True)
    start = next(at for at, line in enumerate(lines) if line.startswith(f"{name}=="))
    end = next(at for at in range(start, len(lines)) if not lines[at].endswith("\\\n"))
    return "".join(lines[start : end + 1])


def install(project: Path, what: str = "all", **variables: str) -> str:
    """Run the script, with the uv of this environment on the PATH; return what it printed."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    done = subprocess.run(
        ["sh", str(project / "tools" / "install.sh"), what],
        env=os.environ | {"PATH": path, "PYTHON": sys.executable} | variables,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def installed(project: Path) -> list[str]:
    """Return which of the packages can be imported, by an executable that belongs to this folder."""
    code = (
        "import importlib.util as i, sys; assert sys.prefix == sys.argv[1], sys.prefix; "
        "print(*[n for n in ('six', 'mdurl', 'tiny') if i.find_spec(n)])"
    )
    python = [str(project / ".venv" / "bin" / "python"), "-c", code, str(project / ".venv")]
    return subprocess.run(python, cwd="/", capture_output=True, text=True, check=True).stdout.split()


def stamps(project: Path) -> dict[str, str]:
    return {
        name: (project / ".venv" / name).read_text().strip()
        for name in (".runnable", ".installed")
        if (project / ".venv" / name).exists()
    }


def test_a_run_gets_its_packages_and_everything_else_the_others_too(project: Path) -> None:
    install(project, "run")
    assert installed(project) == ["six", "tiny"]
    assert stamps(project) == {".runnable": str(project)}
    install(project)
    assert installed(project) == ["six", "mdurl", "tiny"]
    assert stamps(project) == {".runnable": str(project), ".installed": str(project)}


def test_twice_in_a_row_keeps_the_environment(project: Path) -> None:
    install(project)
    mark = project / ".venv" / "mark"
    mark.touch()
    install(project)
    assert mark.exists()
    assert installed(project) == ["six", "mdurl", "tiny"]


def test_a_moved_environment_is_made_again(project: Path) -> None:
    install(project)
    moved = project.with_name("moved")
    project.rename(moved)
    install(moved)
    assert installed(moved) == ["six", "mdurl", "tiny"]
    assert stamps(moved)[".installed"] == str(moved)


def test_a_copied_environment_is_made_again_and_the_first_one_stays(project: Path) -> None:
    install(project)
    copy = project.with_name("a copy")
    shutil.copytree(project, copy, symlinks=True)
    install(copy)
    assert installed(copy) == ["six", "mdurl", "tiny"]
    assert installed(project) == ["six", "mdurl", "tiny"]


@pytest.mark.parametrize("left", ["nothing but a folder", "no stamp", "no interpreter"])
def test_an_environment_that_was_left_half_made_is_made_again(project: Path, left: str) -> None:
    if left == "nothing but a folder":
        (project / ".venv" / "lib").mkdir(parents=True)
    else:
        install(project)
        broken = ".runnable" if left == "no stamp" else "bin/python"
        (project / ".venv" / broken).unlink()
        (project / ".venv" / "mark").touch()
    install(project)
    assert installed(project) == ["six", "mdurl", "tiny"]
    assert not (project / ".venv" / "mark").exists()


def test_another_environment_that_is_active_makes_no_difference(project: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    subprocess.run([sys.executable, "-m", "uv", "venv", "--quiet", str(other)], check=True)
    install(project, VIRTUAL_ENV=str(other), CONDA_PREFIX=str(other), PIP_PREFIX=str(other))
    assert installed(project) == ["six", "mdurl", "tiny"]
    assert not list(other.glob("lib/*/site-packages/six*"))


def test_a_package_with_another_hash_is_refused(project: Path) -> None:
    lock = project / "requirements.lock"
    right = pins("mdurl")
    lock.write_text(lock.read_text().replace(right, re.sub(r"sha256:.{4}", "sha256:0000", right)))
    with pytest.raises(AssertionError, match=r"(?s)mdurl.*0000"):
        install(project)
    assert stamps(project) == {}


def test_without_python_3_11_the_error_says_what_to_install(project: Path, tmp_path: Path) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    for tool in ("sh", "cat", "dirname", "rm"):
        (tools / tool).symlink_to(str(shutil.which(tool)))
    done = subprocess.run(
        [str(tools / "sh"), str(project / "tools" / "install.sh"), "run"],
        env={"PATH": str(tools)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "needs Python 3.11 with its venv module and finds none" in done.stderr
