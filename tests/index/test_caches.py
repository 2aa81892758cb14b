"""FAISS and tantivy beside the database: whatever becomes of their files, the answers are those of the database."""

import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import IO

import numpy as np
import pytest
from numpy.typing import NDArray

from retrieval.embedding.base import Vectors
from retrieval.index.embedded.connection import Connection
from retrieval.index.embedded.document_database import DocumentDatabase
from retrieval.index.embedded.index import DATABASE, EmbeddedIndex
from retrieval.index.embedded.lexical_files import damaged_files
from retrieval.index.embedded.vector_file import is_sound
from retrieval.index.embedded.vector_index import VectorIndex
from retrieval.index.embedded.vector_rows import VectorRows
from tests.conftest import PaperEmbedder
from tests.support.indexes import CANTEEN, ELECTION, GRID, found, made
from tests.support.running import ROOT, this_tree

VECTORS, WORDS = "vectors.faiss", "words"
WORD_FILES = {".idx", ".term", ".fast", ".store", ".fieldnorm", ".pos"}
QUESTION = "网格员食堂"


def create(folder: Path) -> EmbeddedIndex:
    return EmbeddedIndex.create(folder / "gen-0001", PaperEmbedder().identity, "recipe")


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """The folder of an index of four passages, caches saved, closed."""
    with closing(create(tmp_path / "index")) as index:
        index.put(made("a", GRID, CANTEEN))
        index.put(made("b", ELECTION, GRID))
        index.publish()
        index.save_caches()
        return index.folder


def answers(folder: Path) -> dict[str, tuple[float, float]]:
    with closing(EmbeddedIndex(folder)) as index:
        return found(index, QUESTION)


def delete(path: Path) -> None:
    path.unlink()


def truncate(path: Path) -> None:
    _replace(path, path.read_bytes()[: path.stat().st_size // 2])


def empty(path: Path) -> None:
    _replace(path, b"")


def flip(path: Path) -> None:
    """Every bit of 16 bytes in the middle."""
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 16] = bytes(byte ^ 0xFF for byte in data[middle : middle + 16])
    _replace(path, bytes(data))


def _replace(path: Path, data: bytes) -> None:
    # Another file of that name: cutting one that is mapped into memory ends the process that mapped it.
    path.unlink()
    path.write_bytes(data)


DAMAGES = (delete, truncate, empty, flip)


def answers_at_leisure(folder: Path) -> dict[str, tuple[float, float]]:
    """As another process finds them: after one that has given its first answer and looked at the checksums since."""
    answers(folder)
    return answers(folder)


@pytest.mark.parametrize("damage", DAMAGES)
def test_vectors_that_cannot_be_read_are_made_again(filled: Path, damage: Callable[[Path], None]) -> None:
    before = answers(filled)
    damage(filled / VECTORS)
    assert answers_at_leisure(filled) == before
    with closing(EmbeddedIndex(filled)) as index:
        found(index, QUESTION)
        index.save_caches()
    assert (filled / VECTORS).stat().st_size > 0
    assert answers(filled) == before


def test_every_bit_of_the_vectors_is_checked(filled: Path) -> None:
    before = answers(filled)
    sound = (filled / VECTORS).read_bytes()
    for position in range(0, len(sound), 11):
        (filled / VECTORS).write_bytes(sound[:position] + bytes([sound[position] ^ 0x10]) + sound[position + 1 :])
        assert answers_at_leisure(filled) == before, f"byte {position} of {len(sound)}"


@pytest.mark.parametrize(
    ("kind", "damage"),
    [
        pytest.param(kind, damage)
        for kind in ("meta.json", ".managed.json", "idx", "term", "fast", "store", "fieldnorm", "pos")
        for damage in DAMAGES
    ],
)
def test_words_that_cannot_be_read_are_made_again(filled: Path, kind: str, damage: Callable[[Path], None]) -> None:
    before = answers(filled)
    hurt = [path for path in (filled / WORDS).iterdir() if path.name == kind or path.suffix == f".{kind}"]
    assert hurt
    for path in hurt:
        damage(path)
    assert answers_at_leisure(filled) == before


def test_every_bit_of_the_words_is_checked(filled: Path, tmp_path: Path) -> None:
    """Each file of the last commit, and each of its bytes; of a copy, which nobody has mapped into memory."""
    folder = shutil.copytree(filled / WORDS, tmp_path / "copy")
    files = [path for path in folder.iterdir() if path.suffix in WORD_FILES]
    assert {path.suffix for path in files} == WORD_FILES
    assert damaged_files(folder) == []
    for path in files:
        sound = path.read_bytes()
        (footer,) = struct.unpack("<I", sound[-8:-4])
        for position in range(len(sound) - 8 - footer):
            path.write_bytes(sound[:position] + bytes([sound[position] ^ 0x10]) + sound[position + 1 :])
            assert damaged_files(folder) == [path], f"byte {position} of {len(sound)} of {path.suffix}"
        path.write_bytes(sound)


def test_what_tantivy_takes_away_or_has_not_committed_is_no_damage(filled: Path) -> None:
    (filled / WORDS / ("0" * 32 + ".idx")).write_bytes(b"of a commit that is being written")
    assert damaged_files(filled / WORDS) == []
    shutil.rmtree(filled / WORDS)
    assert damaged_files(filled / WORDS) == []


@pytest.mark.parametrize("cache", [VECTORS, f"{WORDS}/*.idx"])
def test_a_writer_does_not_give_damage_a_checksum_that_is_right(filled: Path, cache: str) -> None:
    """A saved cache has what was loaded, and merged words what they were merged from."""
    before = answers(filled)
    for path in filled.glob(cache):
        flip(path)
    with closing(EmbeddedIndex(filled)) as index:
        index.remove(["b"])
        index.publish()
        index.save_caches(whole=True)
    # BM25 itself changes a little: what was removed is counted until files are merged.
    seen = answers(filled)
    assert seen.keys() == {"a-0", "a-1"}
    for passage, (dense, lexical) in seen.items():
        assert dense == pytest.approx(before[passage][0]) and lexical > 0
    assert damaged_files(filled / WORDS) == []
    with (filled / VECTORS).open("rb") as file:
        assert is_sound(file)


def test_damage_that_could_not_be_mended_is_not_written(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = answers(filled)
    file = filled / VECTORS
    with closing(EmbeddedIndex(filled)) as index, monkeypatch.context() as failing:
        failing.setattr("retrieval.index.embedded.vector_index.is_sound", lambda _: False)
        failing.setattr(VectorRows, "own", _no_memory)
        index.save_caches(whole=True)  # nothing to write: it is saved as it is
        written = file.read_bytes()
        index.put(made("c", CANTEEN))
        index.publish()
        with pytest.raises(MemoryError):  # even what is new cannot be read
            index.save_caches(whole=True)
        assert file.read_bytes() == written
    with closing(EmbeddedIndex(filled)) as index:
        index.remove(["c"])
        index.publish()
        index.save_caches(whole=True)
        assert found(index, QUESTION).keys() == before.keys()


def _no_memory(*_: object) -> None:
    raise MemoryError


@pytest.mark.parametrize("byte", range(8))
def test_a_count_of_rows_that_cannot_be_is_damage(filled: Path, byte: int) -> None:
    before = answers(filled)
    data = bytearray((filled / VECTORS).read_bytes())
    (header,) = struct.unpack("<I", data[7:11])
    data[11 + header + byte] ^= 0xFF
    (filled / VECTORS).write_bytes(data)
    assert answers_at_leisure(filled) == before


def test_the_first_answer_does_not_wait_for_checksums_and_later_ones_are_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Eight hundred passages, so that the middle of the file is of a passage and not of how the rest is laid out."""
    with closing(create(tmp_path / "index")) as index:
        index.put(made("a", *(f"第{number}村有{'网格员' * (number % 5)}。" for number in range(800))))
        index.publish()
        index.save_caches()
    file = index.folder / VECTORS
    sound, before = file.read_bytes(), answers(index.folder)
    flip(file)
    looked, go_on = threading.Event(), threading.Event()

    def slowly(file: IO[bytes]) -> bool:
        looked.set()
        assert go_on.wait(30)
        return is_sound(file)

    monkeypatch.setattr("retrieval.index.embedded.vector_index.is_sound", slowly)
    with closing(EmbeddedIndex(index.folder)) as index:
        assert found(index, QUESTION) == before, "cosines come from the database"
        assert looked.wait(30)
        assert file.read_bytes() != sound
        go_on.set()
        for _ in range(1000):
            assert found(index, QUESTION) == before
            if file.read_bytes() == sound:
                break
        assert file.read_bytes() == sound
    assert "damaged" in caplog.text


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
from retrieval.index.embedded.index import EmbeddedIndex
from tests.support.indexes import CANTEEN, ELECTION, made

class Vectors(dict):
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
