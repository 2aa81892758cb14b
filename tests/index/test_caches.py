"""FAISS and tantivy beside the database: whatever becomes of their files, the answers are those of the database."""

import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from retrieval.embedding.base import Vectors
from retrieval.index.embedded.connection import Connection
from retrieval.index.embedded.document_database import DocumentDatabase
from retrieval.index.embedded.index import DATABASE, EmbeddedIndex
from retrieval.index.embedded.vector_index import VectorIndex
from retrieval.index.embedded.vector_rows import VectorRows
from tests.index.caches import QUESTION, VECTORS, WORDS, answers, create
from tests.support.indexes import CANTEEN, ELECTION, GRID, found, made
from tests.support.paper import PaperEmbedder
from tests.support.running import ROOT, this_tree


def run(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=ROOT, env=this_tree(), capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


@pytest.mark.parametrize("cache", [VECTORS, WORDS])
def test_a_cache_that_was_thrown_away_is_made_again(filled: Path, cache: str) -> None:
    before = answers(filled)
    path = filled / cache
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert answers(filled) == before


@pytest.mark.parametrize("cache", [VECTORS, WORDS])
def test_the_cache_of_another_database_is_not_believed(filled: Path, tmp_path: Path, cache: str) -> None:
    """Both databases have had two commits, so that only their identity tells the caches apart."""
    with closing(create(tmp_path / "other")) as other:
        other.put(made("x", CANTEEN))
        other.put(made("y", ELECTION))
        other.publish()
        other.save_caches()
    before = answers(filled)
    theirs, ours = other.folder / cache, filled / cache
    shutil.rmtree(ours) if ours.is_dir() else ours.unlink()
    shutil.copytree(theirs, ours) if theirs.is_dir() else shutil.copy(theirs, ours)
    assert answers(filled) == before


def back_up(folder: Path, target: Path) -> None:
    with closing(sqlite3.connect(folder / DATABASE)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)


def restore(folder: Path, source: Path) -> None:
    for name in (f"{DATABASE}-wal", f"{DATABASE}-shm"):
        (folder / name).unlink(missing_ok=True)
    shutil.copy(source, folder / DATABASE)


def test_a_database_put_back_to_an_earlier_copy_answers_as_then(filled: Path, tmp_path: Path) -> None:
    before = answers(filled)
    back_up(filled, tmp_path / "copy.db")
    with closing(EmbeddedIndex(filled)) as index:
        index.put(made("c", CANTEEN))
        index.remove(["a"])
        index.publish()
        index.save_caches()
    assert answers(filled) != before
    restore(filled, tmp_path / "copy.db")
    assert answers(filled) == before


def test_a_database_put_back_and_written_on_is_not_taken_for_the_one_it_was(filled: Path, tmp_path: Path) -> None:
    """After the copy was put back one commit follows, as one followed before: the same number, another content."""
    back_up(filled, tmp_path / "copy.db")
    with closing(EmbeddedIndex(filled)) as index:
        index.put(made("lost", ELECTION))
        index.publish()
        index.save_caches()
    restore(filled, tmp_path / "copy.db")
    with closing(EmbeddedIndex(filled)) as index:
        index.put(made("kept", "红柳镇开门。"))
        index.publish()
        index.save_caches()
    with closing(EmbeddedIndex(filled)) as index:
        by_id = found(index, "红柳")
        frequencies = index.statistics(["红柳", "青禾"]).document_frequency
    assert by_id["kept-0"][1] > 0
    # 青禾 stands in b-0 alone, now that the lost document is lost.
    assert dict(frequencies) == {"红柳": 1, "青禾": 1}


def test_a_writer_that_never_saves_its_vectors_costs_a_replay_and_no_answer(filled: Path) -> None:
    with closing(EmbeddedIndex(filled)) as index:
        index.put(made("c", CANTEEN))
        index.remove(["b"])
        index.publish()  # and no save_caches: the file of vectors stays at the commit before
        expected = found(index, QUESTION).keys()
    assert expected == {"a-0", "a-1", "c-0"}
    assert answers(filled).keys() == expected


def test_a_reader_without_the_right_to_write_still_answers_from_its_vectors(filled: Path) -> None:
    """Another process holds the write lock and has not published: the vectors already find the new passage."""
    with closing(EmbeddedIndex(filled)) as writer, closing(EmbeddedIndex(filled)) as reader, writer.writing(5):
        writer.put(made("c", CANTEEN))
        by_id = found(reader, QUESTION)
        assert by_id.keys() == {"a-0", "a-1", "b-0", "b-1", "c-0"}
        assert by_id["c-0"][1] == 0
        writer.publish()
        assert found(reader, QUESTION)["c-0"][1] > 0


KILLED_BEFORE_PUBLISH = """
import os, signal, sys
from pathlib import Path
from retrieval.index.embedded.index import EmbeddedIndex
from tests.support.indexes import CANTEEN, made

index = EmbeddedIndex(Path(sys.argv[1]))
with index.writing(5):
    index.put(made("c", CANTEEN))
    index.remove(["a"])
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_process_killed_between_commit_and_publish_loses_nothing(filled: Path) -> None:
    outcome = run(KILLED_BEFORE_PUBLISH, str(filled))
    assert outcome.returncode == -signal.SIGKILL, outcome.stderr
    by_id = answers(filled)
    assert by_id.keys() == {"b-0", "b-1", "c-0"}
    # CANTEEN shares 食, 堂 and 食堂 with the question; the words of a killed writer must have been replayed.
    assert by_id["c-0"][1] > 0
    with closing(EmbeddedIndex(filled)) as index, index.writing(1):
        assert index.integrity() is None


KILLED_IN_A_TRANSACTION = """
import os, signal, sys
from dataclasses import replace
from pathlib import Path
from retrieval.frozen_dict import FrozenDict
from retrieval.index.embedded.index import EmbeddedIndex
from tests.support.indexes import CANTEEN, ELECTION, made

class Vectors(FrozenDict):
    def __getitem__(self, key):  # read by `put` when a passage is written and nothing is committed
        os.kill(os.getpid(), signal.SIGKILL)

index = EmbeddedIndex(Path(sys.argv[1]))
document = made("a", ELECTION)
index.put(replace(document, vectors=Vectors(document.vectors)))
"""


def test_a_process_killed_inside_a_transaction_leaves_the_older_version(filled: Path) -> None:
    before = answers(filled)
    outcome = run(KILLED_IN_A_TRANSACTION, str(filled))
    assert outcome.returncode == -signal.SIGKILL, outcome.stderr
    assert answers(filled) == before


def test_readers_in_threads_of_one_process_count_each_passage_once(filled: Path) -> None:
    """Eight threads share one open index, as the threads of a bot do, while another process's commits come in."""
    wrong: list[str] = []
    with closing(EmbeddedIndex(filled)) as writer, closing(EmbeddedIndex(filled)) as reader:
        for round_ in range(4):
            writer.put(made(f"n{round_}", *(f"第{i}个村有网格员。" for i in range(100))))
            writer.publish()
            barrier = threading.Barrier(8)

            def ask(barrier: threading.Barrier = barrier) -> None:
                barrier.wait()
                try:
                    found(reader, QUESTION)
                except BaseException as error:  # noqa: BLE001 - a panic of a library is none of Exception
                    wrong.append(repr(error))

            threads = [threading.Thread(target=ask) for _ in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert wrong == []
            assert reader.statistics([]).passages == 4 + 100 * (round_ + 1)


class InterruptedRows(VectorRows):
    """Ctrl-C when vectors are read for the second time."""

    reads = 0

    def own(self, passages: Sequence[int]) -> tuple[NDArray[np.int64], Vectors]:
        self.reads += 1
        if self.reads == 2:
            raise KeyboardInterrupt
        return super().own(passages)


def test_a_replay_that_was_interrupted_adds_nothing_twice(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two passages are new; Ctrl-C comes between them."""
    monkeypatch.setattr("retrieval.index.embedded.vector_index._BATCH", 1)
    with closing(create(filled.parent)) as index:
        index.put(made("c", GRID, CANTEEN))
    with (
        closing(VectorIndex(filled / VECTORS, PaperEmbedder().identity.dimension)) as cache,
        closing(DocumentDatabase(filled / DATABASE)) as store,
    ):
        store.vectors = InterruptedRows(Connection(filled / DATABASE))
        with pytest.raises(KeyboardInterrupt):
            cache.catch_up(store)
        cache.catch_up(store)
    assert len(cache) == 6


def test_stats_while_files_come_and_go(filled: Path) -> None:
    done = threading.Event()

    def come_and_go() -> None:
        while not done.is_set():
            (filled / WORDS / "deep").mkdir()
            for number in range(20):
                (filled / WORDS / "deep" / str(number)).write_bytes(b"0")
            shutil.rmtree(filled / WORDS / "deep")

    moving = threading.Thread(target=come_and_go)
    moving.start()
    try:
        with closing(EmbeddedIndex(filled)) as index:
            assert all(index.stats()["documents"] == 2 for _ in range(300))
    finally:
        done.set()
        moving.join()
