"""A Milvus behind a bad network: calls never arrive, answers are lost, come late, or are asked for twice."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from retrieval.errors import StorageError
from retrieval.index.base import IndexStore
from retrieval.index.engine import open_store
from retrieval.index.model_and_recipe import ModelAndRecipe
from tests.index.conftest import milvus_settings
from tests.support.indexes import CANTEEN, ELECTION, GRID, MADE_BY, found, made

pytest.importorskip("pymilvus", reason="needs the extra wenju[milvus]")

from tests.index.proxy import Proxy

QUESTION, TOKENS = "左云县网格员食堂选举", [*"网格员食堂选举左云"]
BEFORE, AFTER = (GRID, CANTEEN), (ELECTION,)


@pytest.fixture
def proxy(server: str, record_property: Callable[[str, object], None]) -> Iterator[Proxy]:
    """A tenth of the calls each is dropped, answered and lost, late, and made twice. It is told how many were."""
    target = server
    if server.endswith(".db"):
        from milvus_lite.server_manager import server_manager_instance

        target = str(server_manager_instance.start_and_get_uri(server))
    with Proxy(target, 0.1, seed=7).running() as proxy:
        yield proxy
    counted = ", ".join(f"{fate} {count}" for fate, count in sorted(proxy.fates.items()))
    record_property("calls", counted)  # in a report (--junit-xml)
    sys.stdout.write(f"{proxy.fates.total()} calls: {counted}\n")  # shown by -rP or -s


def work(store: IndexStore) -> None:
    """Documents come, change and go, and the index is made anew."""
    store.create(MADE_BY)
    with store.writing(30) as writer:
        writer.put(made("a", *BEFORE))
        writer.put(made("b", GRID))
        writer.put(made("c", ELECTION))
    with store.writing(30) as writer:
        writer.put(made("a", *AFTER))
        writer.remove(["c"])
    with store.writing(30), store.rebuilding(ModelAndRecipe(MADE_BY.model, "another")) as new:
        new.put(made("a", *AFTER))
        new.put(made("b", GRID))


def told(store: IndexStore) -> list[object]:
    index = store.current()
    ids = [record.document_id for record in index.documents()]
    counted = index.statistics(TOKENS), index.lexical_statistics(TOKENS)
    return [ids, index.made_by.recipe, counted, found(index, QUESTION), store.problems()]


def test_behind_a_bad_network_all_is_as_behind_a_good_one(server: str, proxy: Proxy, tmp_path: Path) -> None:
    good, bad = (tmp_path / name / "index" for name in ("good", "bad"))
    with (
        closing(open_store(good, milvus_settings(server, good))) as sound,
        closing(open_store(bad, milvus_settings(proxy.address, bad))) as store,
    ):
        work(sound)
        work(store)
        assert told(store) == told(sound)
        seen = {fate: count for fate, count in proxy.fates.items() if fate != "sound"}
        assert seen.keys() == {"dropped", "lost", "late", "repeated"} and min(seen.values()) > 5
        with closing(open_store(bad, milvus_settings(server, bad))) as direct:
            assert told(direct) == told(sound)


def test_who_reads_behind_it_sees_documents_whole(server: str, proxy: Proxy, tmp_path: Path) -> None:
    folder, seen, failures = tmp_path / "index", set[tuple[str, ...]](), list[StorageError]()
    is_over = threading.Event()

    def read() -> None:
        with closing(open_store(folder, milvus_settings(proxy.address, folder))) as reading:
            while not is_over.is_set():
                try:
                    seen.add(tuple(stored.text for stored in reading.current().passages_of("a")))
                except StorageError as error:
                    failures.append(error)

    with closing(open_store(folder, milvus_settings(server, folder))) as store:
        store.create(MADE_BY)
        with store.writing(30) as writer:
            writer.put(made("a", *BEFORE))
        reader = threading.Thread(target=read)
        reader.start()
        for sentences in (AFTER, BEFORE) * 3:
            with store.writing(30) as writer:
                writer.put(made("a", *sentences))
        is_over.set()
        reader.join()
    assert seen <= {BEFORE, AFTER} and seen
    assert not failures
    assert proxy.fates["dropped"] and proxy.fates["lost"]
