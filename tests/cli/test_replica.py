"""`wenju replica` as it is run: once, and until Ctrl-C beside what answers."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import FILES, QUESTION, Command
from tests.support.running import ROOT, this_tree

PAUSE = 1.5
"""Seconds in which a folder that is looked at each second is looked at again."""


def test_a_replica_answers_as_the_machine_that_indexes_and_takes_nothing_in(
    wenju: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WENJU_READER", "none")
    (folder := tmp_path / "backups").mkdir()
    asked = json.loads(wenju("ask", "--json", QUESTION).out)
    assert wenju("backup", str(folder / "monday.zip")).code == 0
    monkeypatch.setenv("WENJU_HOME", str(tmp_path / "replica"))
    taken = wenju("replica", str(folder), "--once")
    assert taken.code == 0
    assert taken.out.startswith(f"Took over {len(FILES)} documents from monday.zip, made 20")
    assert wenju("replica", str(folder), "--once").out == ""
    answer = json.loads(wenju("ask", "--json", QUESTION).out)
    assert (answer["answer"], answer["citations"]) == (asked["answer"], asked["citations"])
    assert wenju("verify").code == 0
    assert f"copied from monday.zip in {folder}" in wenju("doctor").out
    (tmp_path / "new.txt").write_text("新县有网格员9名。", "utf-8")
    refused = wenju("index", str(tmp_path / "new.txt"))
    assert refused.code == 2 and "`wenju replica --leave` ends that" in refused.err
    assert wenju("replica").code == 2
    assert wenju("replica", "--leave").code == 0
    assert wenju("index", str(tmp_path / "new.txt")).code == 0
    again = wenju("replica", str(folder), "--once")
    assert again.code == 2 and "Add --yes to replace it" in again.err


def test_a_store_is_named_by_its_address(wenju: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("fsspec", reason="needs the extra wenju[objectstore]")
    (tmp_path / "store").mkdir()
    address = f"file://{tmp_path}/store"
    wrote = wenju("backup", f"{address}/monday.zip")
    assert wrote.code == 0 and f"{len(FILES)} documents" in wrote.out and f"into {address}/monday.zip" in wrote.out
    monkeypatch.setenv("WENJU_HOME", str(tmp_path / "replica"))
    taken = wenju("replica", address, "--once")
    assert taken.out.startswith(f"Took over {len(FILES)} documents from monday.zip, made 20")
    assert f"copied from monday.zip in {address}" in wenju("doctor").out
    monkeypatch.setenv("WENJU_HOME", str(tmp_path / "restored"))
    restored = wenju("restore", f"{address}/monday.zip")
    assert f"Restored {len(FILES)} documents" in restored.out and f"from {address}/monday.zip" in restored.out
    lacking = wenju("replica", "nonsense://bucket", "--once")
    assert lacking.code == 2 and "fsspec knows no nonsense://" in lacking.err


def test_it_follows_until_it_is_interrupted(wenju: Command, tmp_path: Path) -> None:
    (folder := tmp_path / "backups").mkdir()
    command = [sys.executable, "-m", "bot.cli", "replica", str(folder), "--seconds", "1"]
    environment = this_tree(WENJU_HOME=str(tmp_path / "replica"))
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None and running.stderr is not None
        assert "There is no backup in" in running.stderr.readline()
        time.sleep(PAUSE)
        (folder / "README").write_text("Backups of the week.", "utf-8")
        os.utime(folder / "README", (time.time() + 600,) * 2)  # it is looked at before what comes
        assert "README cannot be restored" in running.stderr.readline()
        time.sleep(PAUSE)
        wenju("backup", str(folder / "monday.zip"))
        assert "from monday.zip" in running.stdout.readline()
        time.sleep(PAUSE)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=30)
    assert running.returncode == 130
    assert said.splitlines() == ["wenju: Interrupted."], "what goes on is told once"
