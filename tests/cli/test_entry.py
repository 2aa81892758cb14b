"""Before `wenju` imports anything: whether it runs here, and whether it is itself that it would import."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from bot.start import cannot_run, imports_another
from tests.support.running import ROOT, this_tree

PACKAGES = ("bot", "config", "data", "retrieval")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def begun(*paths: Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """`wenju --version` as it is installed, with these folders on PYTHONPATH and what it begins with behind them."""
    module, function = PROJECT["project"]["scripts"]["wenju"].split(":")
    (installed := cwd / "installed").mkdir()
    for source, name in PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"].items():
        shutil.copy(ROOT / source, installed / name)
    command = [sys.executable, "-P", "-c", f"from {module} import {function}; {function}()", "--version"]
    environment = this_tree(PYTHONPATH=":".join(map(str, (*paths, installed))))
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=60)


def test_here_it_runs_and_is_itself(tmp_path: Path) -> None:
    assert cannot_run(sys.platform) is None
    assert imports_another() is None
    (tmp_path / "data").mkdir()  # a folder that is no package yields to ours
    assert begun(tmp_path, ROOT, cwd=tmp_path).stdout.startswith("wenju ")


@pytest.mark.parametrize("platform", ["win32", "cygwin"])
def test_windows_is_told_in_one_line_where_it_runs(platform: str) -> None:
    told = cannot_run(platform)
    assert told is not None and "WSL" in told and "\n" not in told


def one_line(done: subprocess.CompletedProcess[str], *named: str) -> None:
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("wenju: ") and done.stderr.count("\n") == 1, done.stderr
    for word in (*named, "pipx"):
        assert word in done.stderr


@pytest.mark.parametrize("name", PACKAGES)
def test_a_foreign_package_that_comes_first_is_told_in_one_line(name: str, tmp_path: Path) -> None:
    foreign = tmp_path / name / "__init__.py"
    foreign.parent.mkdir()
    foreign.write_text("raise RuntimeError('it was imported')\n", "utf-8")
    one_line(begun(tmp_path, ROOT, cwd=tmp_path), f"`{name}`", str(foreign))


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_that_was_written_over_is_told_in_one_line(name: str, tmp_path: Path) -> None:
    for package in PACKAGES:
        (tmp_path / package).mkdir()
        shutil.copy(ROOT / package / "__init__.py", tmp_path / package)
    (tmp_path / name / "__init__.py").write_text("raise RuntimeError('it was imported')\n", "utf-8")
    one_line(begun(tmp_path, cwd=tmp_path), f"`{name}`", str(tmp_path))


def test_a_module_in_place_of_a_package_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "bot.py").write_text("raise RuntimeError('it was imported')\n", "utf-8")
    one_line(begun(tmp_path, ROOT, cwd=tmp_path), "`bot`", str(tmp_path / "bot.py"))


def test_python_m_bot_is_the_command(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bot", "--version"]
    done = subprocess.run(
        command, cwd=tmp_path, env=this_tree(), capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.startswith("wenju ")
