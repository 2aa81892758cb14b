"""An index moves to Milvus and back by its backups: `wenju verify` is content at each end, answers are the same."""

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import FILES, QUESTION, Command

if find_spec("milvus_lite") is None:
    pytest.skip("needs milvus-lite, which comes with the extra wenju[dev]", allow_module_level=True)


def told(wenju: Command) -> list[Any]:
    """What is verified, and which passages answer with what."""
    verified = wenju("verify")
    assert verified.code == 0
    assert verified.out.startswith(f"{len(FILES)} of {len(FILES)} documents are as they were stored")
    answer = json.loads(wenju("ask", "--json", QUESTION).out)
    citations = [(cited["number"], cited["passage_id"], cited["text"]) for cited in answer["citations"]]
    return [verified.out, answer["status"], answer["answer"], citations]


def test_to_milvus_and_back(wenju: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENJU_READER", "none")
    here, there = tmp_path / "here.zip", tmp_path / "there.zip"
    before = told(wenju)
    assert wenju("backup", str(here)).code == 0
    with monkeypatch.context() as milvus:
        milvus.setenv("WENJU_HOME", str(tmp_path / "milvus"))
        milvus.setenv("WENJU_INDEX__ENGINE", "milvus")
        milvus.setenv("WENJU_INDEX__MILVUS_URI", str(tmp_path / "milvus.db"))
        assert wenju("restore", str(here)).code == 0
        assert told(wenju) == before
        assert json.loads(wenju("stats", "--json").out)["milvus"] == str(tmp_path / "milvus.db")
        assert wenju("backup", str(there)).code == 0
    monkeypatch.setenv("WENJU_HOME", str(tmp_path / "again"))
    assert wenju("restore", str(there)).code == 0
    assert told(wenju) == before
