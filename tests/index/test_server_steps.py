"""`wenju doctor` on an index on a server: how far one comes, and what to do at the step that fails."""

import json
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from config.settings import IndexSettings, Settings, load_settings
from retrieval.errors import StorageError
from retrieval.maintenance.doctor import Check, server
from retrieval.service import KnowledgeBase
from tests.index.conftest import milvus_settings
from tests.support.indexes import MADE_BY

pytest.importorskip("pymilvus", reason="needs the extra wenju[milvus]")

from retrieval.index.milvus.client import Milvus
from retrieval.index.milvus.generations import GenerationCollections
from retrieval.index.milvus.schema import record


def checks(home: Path, index: IndexSettings) -> list[Check]:
    settings = load_settings(home=home, index=index.model_dump(exclude_none=True))
    with closing(KnowledgeBase(settings)) as base:
        return [*server(base)]


@pytest.fixture
def address(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue("server"))


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ("nothing", "no index {name} among them"),
        ("an index", "generation 1 of {name} in use, format 2; {name}_1_records and {name}_1_passages are there"),
        ("another format", "The collections of {name} have format 99; this Wenju reads format 2. Use the Wenju"),
        ("a part", "The collections of {name}, generation 1, are gone or unfinished. Restore a backup"),
    ],
)
def test_what_is_met_on_the_way_is_told(address: str, tmp_path: Path, found: str, told: str) -> None:
    own = milvus_settings(address, tmp_path)
    name = f"{own.milvus_prefix}_index"
    with closing(Milvus(own)) as milvus:
        if found != "nothing":
            generations = GenerationCollections(milvus, name)
            with generations.leased(5):
                generations.switch(generations.make(MADE_BY))
        if found == "another format":
            milvus.put(name, [record("current", "head", json.dumps({"generation": 1, "schema": 99}))])
        if found == "a part":
            milvus.drop(f"{name}_1_passages")
        (check,) = checks(tmp_path, own)
    assert check.ok == (found in ("nothing", "an index"))
    assert check.detail.startswith("Milvus milvus_lite-")
    assert f" at {address} answers; " in check.detail
    assert f" collections in its database default; {told.format(name=name)}" in check.detail


def test_a_server_that_is_away_is_told(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
    (check,) = checks(tmp_path, IndexSettings(engine="milvus", milvus_uri=address, milvus_timeout=0.5))
    assert not check.ok
    assert check.detail.startswith(f"Milvus at {address} does not answer")


def test_a_file_that_another_process_has_open_is_told(tmp_path: Path) -> None:
    holding = "import sys, milvus_lite.server_manager as s; s.server_manager_instance.start_and_get_uri(sys.argv[1])"
    own = IndexSettings(engine="milvus", milvus_uri=str(tmp_path / "milvus.db"), milvus_timeout=0.5)
    with subprocess.Popen(
        [sys.executable, "-c", f"{holding}; print(flush=True); input()", str(own.milvus_uri)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as holder:  # fmt: skip
        assert holder.stdout is not None and holder.stdout.readline()
        (check,) = checks(tmp_path, own)
        with closing(Milvus(own)) as milvus, pytest.raises(StorageError, match="Is it open in another process"):
            milvus.collections()
        holder.communicate(b"\n")
    assert not check.ok and "milvus-lite serves one at a time" in check.detail


def test_what_is_refused_is_told_with_what_to_look_at(address: str, tmp_path: Path) -> None:
    own = milvus_settings(address, tmp_path).model_copy(update={"milvus_database": "elsewhere"})
    (check,) = checks(tmp_path, own)
    assert not check.ok and "index.milvus_database" in check.detail


def test_an_index_on_this_machine_needs_no_server(settings: Settings) -> None:
    with closing(KnowledgeBase(settings)) as base:
        assert [*server(base)] == []
