"""The first question of a new user, with the real model: answered from the samples until something is indexed."""

import json
import shutil
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.cli import run
from config.settings import Settings
from retrieval.embedding.engine import identify
from retrieval.index.embedded.index import EmbeddedIndex
from retrieval.ingestion.passages import recipe
from retrieval.samples import SAMPLES, refresh


@pytest.fixture(autouse=True)
def _few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of the samples: all of them take the model half a minute."""
    few = tmp_path / "few"
    few.mkdir()
    for path in SAMPLES.glob("*网格员队伍*"):
        shutil.copy(path, few)
    monkeypatch.setattr("retrieval.samples.refresh", partial(refresh, folder=few))


def test_the_samples_answer_until_something_is_indexed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WENJU_HOME", str(tmp_path / "home"))

    def ask() -> tuple[dict[str, Any], str]:
        run(["ask", "--json", "左云县有多少网格员"])
        captured = capsys.readouterr()
        return json.loads(captured.out), captured.err

    first, said = ask()
    assert "Nothing is indexed yet" in said
    assert "sample documents" in said
    assert "51名" in first["answer"]
    assert run(["show", first["citations"][0]["passage_id"]]) == 0
    assert "51名" in capsys.readouterr().out

    (tmp_path / "own.txt").write_text("红柳镇有志愿者340名。", "utf-8")
    assert run(["index", str(tmp_path / "own.txt")]) == 0
    capsys.readouterr()
    second, said = ask()
    assert "sample" not in said
    assert {citation["document"] for citation in second["citations"]} <= {"own.txt"}

    assert run(["remove", "own.txt"]) == 0
    capsys.readouterr()
    third, said = ask()
    assert "sample documents" in said
    assert third["answer"] == first["answer"]
    assert run(["show", first["citations"][0]["passage_id"]]) == 0


def test_a_first_run_that_was_interrupted_before_the_first_document_is_as_none(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = settings.home / "index" / "gen-0001"
    EmbeddedIndex.create(folder, identify(settings), recipe(settings.passages)).close()
    monkeypatch.setenv("WENJU_HOME", str(settings.home))
    assert run(["ask", "--json", "左云县有多少网格员"]) == 0
    captured = capsys.readouterr()
    assert "Nothing is indexed yet" in captured.err
    assert "51名" in json.loads(captured.out)["answer"]
