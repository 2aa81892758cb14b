"""Before `wenju` imports anything: whether it runs here, and whether it is itself that it would import."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.__main__ import cannot_run, imports_another
from tests.support.running import ROOT, this_tree

PACKAGES = ("bot", "config", "data", "retrieval")


def begun(*paths: Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """`wenju --version`, with these folders on PYTHONPATH."""
    command = [sys.executable, "-P", "-c", "from bot.__main__ import main; main()", "--version"]
    environment = this_tree(PYTHONPATH=":".join(map(str, paths)))
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


@pytest.mark.parametrize("name", ["config", "data", "retrieval"])
def test_a_foreign_package_that_comes_first_is_told_in_one_line(name: str, tmp_path: Path) -> None:
    foreign = tmp_path / name / "__init__.py"
    foreign.parent.mkdir()
    foreign.write_text("raise RuntimeError('it was imported')\n", "utf-8")
    one_line(begun(tmp_path, ROOT, cwd=tmp_path), f"`{name}`", str(foreign))


def test_a_package_that_was_written_over_is_told_in_one_line(tmp_path: Path) -> None:
    for name in PACKAGES:
        (tmp_path / name).mkdir()
        shutil.copy(ROOT / name / "__init__.py", tmp_path / name)
    shutil.copy(ROOT / "bot" / "__main__.py", tmp_path / "bot")
    (tmp_path / "retrieval" / "__init__.py").write_text("raise RuntimeError('it was imported')\n", "utf-8")
    one_line(begun(tmp_path, cwd=tmp_path), "`retrieval`", str(tmp_path))
