"""Documents lie divided by the folders of `access.collections`, so that who sees some searches those alone; and an
index of the format before, which had no such division, is moved by a backup. What is asked of a server is read from
the wire: milvus-lite divides rows too, and looks through all of them."""

import json
import re
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import grpc
import pytest

from bot.next_steps import in_terminal
from config.settings import IndexSettings, load_settings
from retrieval.errors import ConfirmationRequired, IndexMismatchError
from retrieval.index.base import IndexStore
from retrieval.index.engine import open_store
from retrieval.service import Beside, KnowledgeBase
from tests.index.conftest import FOLDERS, HOSPITALS, SCHOOLS, milvus_settings
from tests.support.indexes import CANTEEN, ELECTION, GRID, MADE_BY, found, made
from tests.support.paper import PaperEmbedder

pytest.importorskip("pymilvus", reason="needs the extra wenju[milvus]")

from pymilvus.grpc_gen import milvus_pb2, schema_pb2

from retrieval.index.milvus.client import Milvus, Row
from retrieval.index.milvus.generations import GenerationCollections
from retrieval.index.milvus.partitions import collection_in, collection_of, key_of, number_of, numbered
from retrieval.index.milvus.schema import Schema, record
from tests.index.proxy import Proxy

QUESTION = "左云县网格员食堂选举"
ASKED = PaperEmbedder().embed_questions([QUESTION])[0]


def test_a_document_belongs_to_the_innermost_folder_around_it() -> None:
    folders = [Path("/docs"), SCHOOLS, SCHOOLS / "north"]
    collections = [collection_of(folder / "a.txt", folders) for folder in folders]
    assert len({*collections, 0}) == 4 and all(0 <= number < 1 << 12 for number in collections)
    assert collection_of(SCHOOLS / "south" / "a.zip" / "b.txt", folders) == collections[1]
    assert collection_of(Path("/docs/schoolsbooks/a.txt"), folders) == collections[0]
    assert collection_of(SCHOOLS, [SCHOOLS]) == collection_of(Path("/elsewhere/a.txt"), folders) == 0


def test_a_key_tells_its_version_and_collection_and_later_versions_have_greater_ones() -> None:
    first, second = numbered(7, 4_095), numbered(8, 0)
    assert first < second and key_of(first, (1 << 20) - 1) < key_of(second, 0)
    assert (number_of(key_of(first, 9)), collection_in(first)) == (first, 4_095)
    assert key_of(numbered((1 << 31) - 1, 4_095), (1 << 20) - 1) < 1 << 63, "Milvus takes 64 bits with a sign"


class Listening(Proxy):
    """Passes all on, and notes how collections are made and where is searched."""

    def __init__(self, target: str) -> None:
        super().__init__(target, 1e-9, seed=7)
        self.divided: dict[str, tuple[int, list[str]]] = {}
        self.searched: list[str] = []

    def service(self, handler_call_details: Any) -> Any:
        name = str(handler_call_details.method).rpartition("/")[2]
        handler = super().service(handler_call_details)

        def note(request: bytes, context: Any) -> bytes:
            if name == "CreateCollection":
                asked = milvus_pb2.CreateCollectionRequest.FromString(request)
                fields = schema_pb2.CollectionSchema.FromString(asked.schema).fields
                keys = [field.name for field in fields if field.is_partition_key]
                self.divided[asked.collection_name.rpartition("_")[2]] = asked.num_partitions, keys
            elif name == "Search":
                self.searched.append(milvus_pb2.SearchRequest.FromString(request).dsl)
            return bytes(handler.unary_unary(request, context))

        return grpc.unary_unary_rpc_method_handler(note)


def filled(store: IndexStore) -> None:
    with store.writing(5) as writer:
        writer.put(made("a", GRID, folder=SCHOOLS))
        writer.put(made("b", GRID, CANTEEN, folder=HOSPITALS))
        writer.put(made("c", ELECTION))


def test_who_sees_some_folders_searches_their_partitions_alone(server: str, tmp_path: Path) -> None:
    target = server
    if server.endswith(".db"):
        from milvus_lite.server_manager import server_manager_instance

        target = str(server_manager_instance.start_and_get_uri(server))
    listening = Listening(target)
    with listening.running():
        own = milvus_settings(listening.address, tmp_path).model_copy(update={"milvus_partitions": 64})
        with closing(open_store(tmp_path / "index", own, FOLDERS)) as store:
            store.create(MADE_BY)
            filled(store)
            index = store.current()
            within = index.keys(["b"], None, None)
            listening.searched.clear()
            assert index.search_words([*"食堂"], 5, within) == within[1:]
            assert sorted(index.search_vectors(ASKED, 5, within)) == within
            asked, listening.searched = listening.searched, []
            assert found(index, QUESTION).keys() == {"a-0", "b-0", "b-1", "c-0"}
    assert listening.divided["passages"] == (64, ["collection"])
    assert listening.divided["records"][1] == []
    (collection,) = {collection_in(number_of(key)) for key in within}
    assert collection == collection_of(HOSPITALS / "b.txt", FOLDERS)
    assert asked == [f"collection in [{collection}] and key in [{', '.join(map(str, within))}]"] * 2
    assert {*listening.searched} == {""}, "who sees all searches all"


def test_a_document_that_was_indexed_before_its_folder_was_named_is_found(server: str, tmp_path: Path) -> None:
    folder, own = tmp_path / "index", milvus_settings(server, tmp_path)
    with closing(open_store(folder, own)) as before:
        before.create(MADE_BY)
        filled(before)
    with closing(open_store(folder, own, FOLDERS)) as store:
        index = store.current()
        assert {collection_in(number_of(key)) for key in index.keys(None, None, None)} == {0}
        with store.writing(5) as writer:
            writer.put(made("a", GRID, folder=SCHOOLS))
        assert found(index, QUESTION).keys() == {"a-0", "b-0", "b-1", "c-0"}
        some = index.keys(["a", "b"], None, None)
        assert sorted(index.search_vectors(ASKED, 5, some)) == some


# -- the format before ---------------------------------------------------------------------------------------------


class Earlier(Milvus):
    """A connection of the Wenju that made collections without partitions."""

    def make(self, name: str, schema: Schema) -> None:
        super().make(name, Schema([field for field in schema.fields if field[0] != "collection"], schema.indexes))

    def put(self, collection: str, rows: Sequence[Row], seconds: float | None = None) -> None:
        own = [{name: row[name] for name in row.keys() - {"collection"}} for row in rows]
        super().put(collection, own, seconds)


@pytest.fixture
def earlier(server: str, tmp_path: Path) -> IndexSettings:
    """Where there is an index of format 1."""
    own = milvus_settings(server, tmp_path)
    with closing(Earlier(own)) as milvus:
        generations = GenerationCollections(milvus, name := f"{own.milvus_prefix}_index")
        with generations.leased(5):
            generations.switch(generations.make(MADE_BY))
            with generations.writing() as writer:
                writer.put(made("a", GRID))
                writer.put(made("b", GRID, CANTEEN))
        there = {"generation": 1, "previous": None, "switched": 0.0, "schema": 1}
        milvus.put(name, [record("current", "head", json.dumps(there))])
    return own


def test_an_index_of_the_format_before_is_told_and_moved_by_a_backup(earlier: IndexSettings, tmp_path: Path) -> None:
    settings = load_settings(
        home=tmp_path, index=earlier.model_dump(exclude_none=True), access={"collections": {"/docs": ["role:reader"]}}
    )
    told = r"have format 1; this Wenju reads format 2\..*`wenju backup FILE`, then `wenju restore FILE --yes`"
    file = tmp_path / "earlier.zip"
    with closing(open_store(tmp_path / "index", earlier)) as store, closing(KnowledgeBase(settings)) as base:
        assert store.exists()
        for use in (store.current, store.stats, lambda: store.writing(1).__enter__()):
            with pytest.raises(IndexMismatchError) as raised:
                use()
            assert re.search(told, in_terminal(raised.value))
        assert base.maintenance.backup(file, Beside()).documents == 2
        with pytest.raises(ConfirmationRequired, match="an index of 2 documents"):
            base.maintenance.restore(file, Beside())
        with pytest.raises(IndexMismatchError) as raised:
            store.current()
        assert re.search(told, in_terminal(raised.value))
        assert base.maintenance.restore(file, Beside(), confirmed=True).documents == 2
        verified = base.verify()
        assert verified.sound and len(verified.whole) == 2
        index = store.current()
        assert found(index, QUESTION).keys() == {"a-0", "b-0", "b-1"}
        divided = {collection_in(number_of(key)) for key in index.keys(None, None, None)}
        assert divided == {collection_of(Path("/docs/a.txt"), [Path("/docs")])}
