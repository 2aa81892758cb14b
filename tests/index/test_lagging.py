"""`index.milvus_consistency`: searches may lag behind, documents never do. milvus-lite is never behind, so that a
connection plays that part which remembers; what is asked of a server is read from the wire."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import grpc
import pytest

from config.settings import IndexSettings
from retrieval.index.engine import open_store
from tests.index.conftest import milvus_settings
from tests.support.indexes import CANTEEN, ELECTION, GRID, MADE_BY, found, made

pytest.importorskip("pymilvus", reason="needs the extra wenju[milvus]")

from pymilvus.grpc_gen import common_pb2, milvus_pb2

from retrieval.index.milvus.client import Milvus
from retrieval.index.milvus.generations import GenerationCollections
from retrieval.index.milvus.lagging import there_now
from tests.index.proxy import Proxy

QUESTION = "左云县网格员食堂选举"


class Behind(Milvus):
    """A connection to a server whose searches that may lag are `behind`, for as long as that is set: they find what
    was found in the same field before."""

    def __init__(self, settings: IndexSettings) -> None:
        super().__init__(settings)
        self.behind, self.lagged = False, 0
        self._before: dict[str, list[tuple[int, float]]] = {}

    def search(
        self, collection: str, field: str, *rest: Any, may_lag: bool = False, **also: Any
    ) -> list[tuple[int, float]]:
        if self.behind and may_lag:
            self.lagged += 1
            return self._before[field]
        self._before[field] = super().search(collection, field, *rest, may_lag=may_lag, **also)
        return self._before[field]


@pytest.fixture
def own(server: str, tmp_path: Path) -> IndexSettings:
    return milvus_settings(server, tmp_path).model_copy(update={"milvus_consistency": "bounded"})


@pytest.fixture
def behind(own: IndexSettings) -> Iterator[Behind]:
    with closing(Behind(own)) as behind:
        yield behind


def test_what_is_searched_may_be_old_but_no_document_is_missing_or_gone(behind: Behind, own: IndexSettings) -> None:
    generations = GenerationCollections(behind, f"{own.milvus_prefix}_index")
    with generations.leased(5):
        generations.switch(generations.make(MADE_BY))
        with generations.writing() as writer:
            for name, sentences in {"a": (GRID, CANTEEN), "b": (GRID,)}.items():
                writer.put(made(name, *sentences))
    reader = generations.open()
    assert found(reader, QUESTION).keys() == {"a-0", "a-1", "b-0"}
    behind.behind = True
    with generations.leased(5), generations.writing() as writer:
        writer.put(made("c", ELECTION))
    assert found(reader, QUESTION).keys() == {"a-0", "a-1", "b-0"}, "what was added is found seconds later"
    assert [record.document_id for record in reader.documents()] == ["a", "b", "c"]
    assert behind.lagged
    with generations.leased(5), generations.writing() as writer:
        writer.put(made("a", ELECTION))
    assert found(reader, QUESTION).keys() == {"a-0", "b-0", "c-0"}, "what was replaced is found as it is"
    behind.behind = False
    found(reader, QUESTION)
    behind.behind = True
    with generations.leased(5), generations.writing() as writer:
        writer.remove(["b"])
    assert found(reader, QUESTION).keys() == {"a-0", "c-0"}, "what was removed is not"


class Listening(Proxy):
    """Passes all on, and notes what searches and queries say of how new the answer must be."""

    def __init__(self, target: str) -> None:
        super().__init__(target, 1e-9, seed=7)
        self.asked: Counter[tuple[str, str]] = Counter()

    def service(self, handler_call_details: Any) -> Any:
        name = str(handler_call_details.method).rpartition("/")[2]
        handler = super().service(handler_call_details)
        if name not in ("Search", "Query"):
            return handler

        def note(request: bytes, context: Any) -> bytes:
            asked = getattr(milvus_pb2, f"{name}Request").FromString(request)
            level = common_pb2.ConsistencyLevel.Name(asked.consistency_level)
            is_default = asked.use_default_consistency
            self.asked[name, "as the collection has it" if is_default else level] += 1
            return bytes(handler.unary_unary(request, context))

        return grpc.unary_unary_rpc_method_handler(note)


@pytest.mark.parametrize(
    ("consistency", "searches"), [("strong", "as the collection has it"), ("bounded", "Bounded")]
)
def test_only_searches_ask_for_less_than_all(server: str, tmp_path: Path, consistency: str, searches: str) -> None:
    target = server
    if server.endswith(".db"):
        from milvus_lite.server_manager import server_manager_instance

        target = str(server_manager_instance.start_and_get_uri(server))
    listening = Listening(target)
    with listening.running():
        own = milvus_settings(listening.address, tmp_path).model_copy(update={"milvus_consistency": consistency})
        with closing(open_store(tmp_path / "index", own)) as store:
            store.create(MADE_BY)
            with store.writing(5) as writer:
                writer.put(made("a", GRID))
            assert found(store.current(), QUESTION).keys() == {"a-0"}
    asked = {name: {level for known, level in listening.asked if known == name} for name in ("Search", "Query")}
    assert asked == {"Search": {searches}, "Query": {"as the collection has it"}}


def test_collections_are_made_to_be_read_as_they_are(own: IndexSettings, tmp_path: Path) -> None:
    """Which is what `as the collection has it` says."""
    with closing(open_store(tmp_path / "index", own)) as store, closing(Milvus(own)) as milvus:
        store.create(MADE_BY)
        names = [name for name in milvus.collections() if name.startswith(f"{own.milvus_prefix}_index_")]
        levels = {milvus._opened().describe_collection(name)["consistency_level"] for name in names}
    assert names and levels == {common_pb2.ConsistencyLevel.Value("Strong")}


def test_what_lags_is_looked_for_anew_only_where_a_version_is_gone() -> None:
    old, new, other = 1 << 20, 2 << 20, 3 << 20
    tries: list[bool] = []

    def find(may_lag: bool) -> list[int]:
        tries.append(may_lag)
        return [old, other] if may_lag else [other, new]

    assert there_now(find, lambda _: {1, 3}, may_lag=True) == [old, other] and tries == [True]
    assert there_now(find, lambda _: {2, 3}, may_lag=True) == [other, new] and tries == [True, True, False]
    assert there_now(find, lambda _: {3}, may_lag=False) == [other] and tries[3:] == [False]
