"""Rows of vectors: what is nearest, exactly while they are few, and approximately when they are many."""

import io
import threading
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from retrieval.embedding.base import Vectors
from retrieval.index.embedded.document_database import DocumentDatabase
from retrieval.index.embedded.faiss_index import ApproximateRows, ExactRows, FaissRows, read, write
from retrieval.index.embedded.vector_index import VectorIndex
from tests.index.caches import create
from tests.support.indexes import CANTEEN, made, scored
from tests.support.paper import PaperEmbedder

DIMENSION = 64
MANY = 5_000


def unit(count: int, seed: int) -> Vectors:
    """Unit vectors around forty centres, as those of texts on forty subjects."""
    draw = np.random.default_rng(seed)
    centres = np.random.default_rng(0).standard_normal((40, DIMENSION))
    vectors = centres[draw.integers(40, size=count)] + 0.5 * draw.standard_normal((count, DIMENSION))
    unit: Vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return unit


def nearest(vectors: Vectors, keys: np.ndarray, question: Vectors, count: int) -> list[int]:
    """By hand: all inner products, sorted."""
    return [int(key) for key in keys[np.argsort(-(vectors @ question), kind="stable")[:count]]]


@pytest.fixture(params=["exact", "approximate"])
def rows(request: pytest.FixtureRequest) -> FaissRows:
    """MANY vectors with the keys 10, 20, 30, …"""
    vectors = unit(MANY, 1)
    rows: FaissRows = (
        ExactRows.empty(DIMENSION) if request.param == "exact" else ApproximateRows.trained(vectors[:1000])
    )
    for start in range(0, MANY, 1_000):
        rows.add(np.arange(start, start + 1_000) * 10 + 10, vectors[start : start + 1_000])
    return rows


KEYS = np.arange(MANY) * 10 + 10


def test_what_is_nearest_is_found(rows: FaissRows) -> None:
    vectors = unit(MANY, 1)
    for question in unit(50, 2):
        expected = nearest(vectors, KEYS, question, 10)
        found = rows.search(question, 30)
        assert len(found) == 30
        assert list(found)[:1] == expected[:1] or rows.kind == "approximate"
        assert len(set(expected) & found.keys()) >= 9
        assert found[expected[0]] == pytest.approx(float(vectors[expected[0] // 10 - 1] @ question), abs=0.01)


def test_what_was_removed_is_gone_and_the_rest_is_as_before(rows: FaissRows) -> None:
    vectors = unit(MANY, 1)
    gone = set(KEYS[::3].tolist())
    rows.remove([*gone, 5, 10**9])
    rows.add(np.array([10**6]), vectors[:1])
    assert len(rows) == MANY - len(gone) + 1
    left = np.array([i for i in range(MANY) if int(KEYS[i]) not in gone])
    for question in unit(20, 3):
        found = rows.search(question, 30)
        assert found.keys().isdisjoint(gone)
        assert len(set(nearest(vectors[left], KEYS[left], question, 10)) & found.keys()) >= 9
    assert next(iter(rows.search(vectors[0], 5))) == 10**6


def test_a_search_may_be_narrowed_to_some_keys(rows: FaissRows) -> None:
    vectors = unit(MANY, 1)
    within = [*KEYS[100:200].tolist(), 5, 10**9]
    for question in unit(10, 4):
        expected = nearest(vectors[100:200], KEYS[100:200], question, 3)
        found = list(rows.search(question, 5, within))
        assert len(found) == 5
        assert set(expected) <= set(found)
    assert rows.search(vectors[0], 5, []) == {}


def test_more_is_asked_for_than_there_is(rows: FaissRows) -> None:
    assert len(rows.search(unit(1, 5)[0], MANY + 10)) == MANY
    rows.remove(KEYS.tolist())
    assert len(rows) == 0
    assert rows.search(unit(1, 5)[0], 10) == {}


def test_rows_come_back_from_a_file_as_they_were(rows: FaissRows) -> None:
    file = io.BytesIO()
    write(rows, file.write)
    file.seek(0)
    back = read(rows.kind, file)
    assert (back.kind, len(back), back.dimension, back.bytes) == (rows.kind, MANY, DIMENSION, rows.bytes)
    question = unit(1, 6)[0]
    assert back.search(question, 20) == rows.search(question, 20)
    back.add(np.array([10**6]), question[None])
    assert next(iter(back.search(question, 5))) == 10**6


def test_the_rows_of_one_are_those_of_the_other() -> None:
    vectors = unit(MANY, 1)
    exact = ExactRows.empty(DIMENSION)
    exact.add(KEYS, vectors)
    approximate = ApproximateRows.of(exact)
    assert approximate.keys.tolist() == KEYS.tolist()
    # A bit and 8 bytes of factors for each vector, 8 bits a dimension, and the key: against 16 bits and the key.
    assert approximate.bytes == MANY * (DIMENSION // 8 + 8 + DIMENSION + 8)
    assert exact.bytes == MANY * (2 * DIMENSION + 8)
    hits = sum(len(set(exact.search(q, 10)) & approximate.search(q, 30).keys()) for q in unit(50, 7))
    assert hits >= 490


# -- growing ------------------------------------------------------------------------------------------------------


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty passages are many."""
    monkeypatch.setattr("retrieval.index.embedded.vector_index._OUTGROWN", 40)


def sentences(word: str, count: int) -> list[str]:
    return [f"第{number}{word}。" for number in range(count)]


@pytest.mark.usefixtures("small")
def test_an_index_that_grows_is_swapped_while_it_answers(tmp_path: Path) -> None:
    """Documents come in one by one, four threads ask all the while: each finds all that was there when it asked."""
    wrong: list[object] = []
    done = threading.Event()
    with closing(create(tmp_path / "index")) as writer, closing(create(tmp_path / "index")) as reader:
        writer.put(made("first", CANTEEN))
        writer.publish()

        def ask() -> None:
            while not done.is_set():
                try:
                    found = scored(reader, "食堂", 5)
                    if reader.load([found[0].key])[found[0].key].passage.passage_id != "first-0":
                        wrong.append(found)
                except Exception as error:  # noqa: BLE001 - whatever it is, the test names it
                    wrong.append(error)

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        with writer.writing(5):
            for number in range(20):
                writer.put(made(f"d{number}", *sentences("个村有网格员", 5)))
                writer.publish()
            writer.save_caches()
        done.set()
        for thread in threads:
            thread.join()
        assert wrong == []
        stats = writer.stats()
        assert stats["nearest"] == "approximate"
        assert reader.statistics([]).passages == 101
    with closing(create(tmp_path / "index")) as later:
        assert [later.stats()[name] for name in ("nearest", "nearest_memory_bytes")] == [
            stats[name] for name in ("nearest", "nearest_memory_bytes")
        ]
        assert later.statistics([]).passages == 101


@pytest.mark.usefixtures("small")
def test_what_changes_while_the_other_is_trained_is_not_lost(tmp_path: Path) -> None:
    dimension = PaperEmbedder().identity.dimension
    with closing(create(tmp_path / "index")) as index:
        index.put(made("a", *sentences("个村有网格员", 45)))
        with (
            closing(DocumentDatabase(index.folder / "index.db")) as store,
            closing(VectorIndex(tmp_path / "x", dimension)) as cache,
        ):
            cache.catch_up(store)  # all at once: trained from a sample
            assert cache.cost()[0] == "approximate"
            assert len(cache) == 45
        index.remove(["a"])
        index.put(made("b", *sentences("个村有网格员", 30)))
        with (
            closing(DocumentDatabase(index.folder / "index.db")) as store,
            closing(VectorIndex(tmp_path / "x", dimension)) as cache,
            closing(VectorIndex(tmp_path / "x", dimension)) as again,
        ):
            cache.catch_up(store)
            assert cache.cost()[0] == "exact"
            index.put(made("c", *sentences("个村有食堂", 30)))
            cache.catch_up(store)  # training begins with 60 passages
            index.remove(["b"])
            index.put(made("d", CANTEEN))
            cache.save(store)
            assert (cache.cost()[0], len(cache)) == ("approximate", 31)
            again.catch_up(store)
            assert (again.cost()[0], len(again)) == ("approximate", 31)
            vector = PaperEmbedder().embed_questions(["食堂"])[0]
            assert again.search(vector, 31).keys() == cache.search(vector, 31).keys()
            assert len(again.search(vector, 31)) == 31


def test_a_little_more_is_not_written_at_once_but_a_removal_is(tmp_path: Path) -> None:
    with closing(create(tmp_path / "index")) as index:
        index.put(made("a", *sentences("个村有网格员", 300)))
        index.save_caches()
        written = (index.folder / "vectors.faiss").stat().st_mtime_ns
        index.put(made("b", CANTEEN))
        index.save_caches()
        assert (index.folder / "vectors.faiss").stat().st_mtime_ns == written
        index.put(made("c", *sentences("个村有食堂", 3)))  # with b four of 304: more than one in a hundred
        index.save_caches()
        assert (index.folder / "vectors.faiss").stat().st_mtime_ns > written
        size = (index.folder / "vectors.faiss").stat().st_size
        index.remove(["b"])
        index.save_caches(whole=True)
        assert (index.folder / "vectors.faiss").stat().st_size < size
