"""Files are read beside each other, and come into batches as if they had been read one after the other."""

import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from config.settings import DocumentSettings, Settings
from retrieval.documents.isolation import reader_process
from retrieval.embedding.base import Vectors
from retrieval.errors import DocumentError
from retrieval.ingestion.batches import PreparedDocument, Reading, Source, batches_ahead
from retrieval.ingestion.ingest import cut
from retrieval.service import KnowledgeBase
from retrieval.types import Document
from tests.documents.readers import wait_until
from tests.support.paper import PaperEmbedder

Write = Callable[[str, str | bytes], Path]
FOUR = 4


class Reads:
    """Sources that note how many of them are read at a time, for so many seconds each; every third cannot be read."""

    def __init__(self, seconds: list[float]) -> None:
        self.most = self.now = self.begun = 0
        self._seconds = seconds
        self._changing = threading.Lock()

    def sources(self) -> list[Source]:
        return [(Path(f"{number}.txt"), partial(self._read, number)) for number in range(len(self._seconds))]

    def _read(self, number: int) -> PreparedDocument | None:
        with self._changing:
            self.begun += 1
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(self._seconds[number])
        with self._changing:
            self.now -= 1
        if number % 3 == 2:
            raise DocumentError(Path(f"{number}.txt"), "is empty")
        return None


def files_of(reads: Reads, reading: Reading) -> list[list[str]]:
    with closing(batches_ahead(reads.sources(), reading)) as batches:
        return [[path.stem for path in batch.files] for batch in batches]


@pytest.mark.parametrize("at_a_time", [1, FOUR])
def test_batches_are_the_same_however_many_files_are_read_at_a_time(
    at_a_time: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.ingestion.batches._BATCH_FILES", 5)
    reads = Reads([0.05 * (number % FOUR == 0) for number in range(12)])
    reading = Reading(at_a_time, waited=60)
    assert files_of(reads, reading) == [["0", "1", "2", "3", "4"], ["5", "6", "7", "8", "9"], ["10", "11"]]
    assert reads.most == at_a_time


def test_another_file_is_read_beside_one_that_is_waited_for_and_not_before(monkeypatch: pytest.MonkeyPatch) -> None:
    reads = Reads([0.0] * 200)
    assert len(files_of(reads, Reading(FOUR))) == 1 and reads.most == 1
    monkeypatch.setattr("retrieval.ingestion.batches._WORTH_SECONDS", 0.2)
    reads, reading = Reads([0.1] * 20), Reading(2)
    files_of(reads, reading)
    assert reads.most == 2 and reading.waited > 0.2


def test_what_is_read_beside_a_long_file_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the first takes, what was read of the others must not fill the memory."""
    monkeypatch.setattr("retrieval.ingestion.batches._BATCH_FILES", 5)
    reads = Reads([1.0, *[0.0] * 30])
    with closing(batches_ahead(reads.sources(), Reading(2, waited=60))) as batches:
        threading.Timer(0.5, lambda: ahead.append(reads.begun)).start()
        ahead = list[int]()
        next(batches)
    assert ahead == [6]


def test_all_files_at_hand_are_given_up_with_the_run() -> None:
    """Each takes minutes, in a process of its own."""
    limits, reasons = DocumentSettings(seconds=60), list[str]()
    at_hand = threading.Semaphore(0)

    def unchanged() -> PreparedDocument | None:
        return None

    def read() -> PreparedDocument | None:
        at_hand.release()
        with pytest.raises(DocumentError) as caught:
            reader_process.read(Path("a.md"), b"![" * 1_000_000, limits)
        reasons.append(caught.value.reason)
        return None

    began = time.monotonic()
    sources: list[Source] = [(Path(), unchanged)] * 256 + [(Path("a.md"), read), (Path("b.md"), read)]
    with closing(batches_ahead(sources, Reading(2, waited=60))) as batches:
        next(batches)
        at_hand.acquire()
        at_hand.acquire()
    assert reasons == ["was not read: reading was stopped"] * 2
    assert time.monotonic() - began < 30


def test_files_that_are_read_at_the_same_time_have_a_process_each() -> None:
    """Which stay, and serve who comes later."""

    def of_now() -> set[int]:
        return {reader._child._process.pid for reader in reader_process._pool._every if reader._child is not None}

    with reader_process._pool.borrowed() as first, reader_process._pool.borrowed() as second:
        for reader in (first, second):
            reader.read(Path("a.txt"), b"page", DocumentSettings())
        assert first is reader_process._pool.first and first is not second
    before = of_now()
    assert len(before) >= 2
    assert reader_process.read(Path("b.txt"), b"page", DocumentSettings()).text == "page" and of_now() == before
    reader_process.stop()
    assert wait_until(lambda: not of_now() or all(not Path(f"/proc/{pid}").exists() for pid in before))


@pytest.mark.parametrize("rebuild", [False, True])
def test_an_index_is_the_same_however_many_files_are_read_at_a_time(
    rebuild: bool, settings: Settings, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.ingestion.batches._WORTH_SECONDS", 0.001)
    for number in range(24):
        paper = f"# 第{number}号网格\n\n{'有网格员若干名。' * (number % 5 * 40)}\n\n食堂{number}处。"
        write(f"{number:02}.md", paper if number != 7 else "")
    kept = []
    for processes in (1, FOUR):
        documents = settings.documents.model_copy(update={"processes": processes})
        own = settings.model_copy(
            update={"home": tmp_path / f"{processes}", "documents": documents, "reader": "none"}
        )
        with closing(KnowledgeBase(own, embedder=PaperEmbedder())) as base:
            report = base.add([tmp_path / "docs"])
            assert [failure.path.name for failure in report.failures] == ["07.md"]
            if rebuild:
                base.rebuild()
        kept.append(stored(own.home))
    assert kept[0] == kept[1]


def stored(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows of the index but for when they were written, and the random names of writes."""
    (database,) = (home / "index").glob("gen-*/index.db")
    rows = {}
    with closing(sqlite3.connect(database)) as connection:
        for table in ("documents", "passages", "vectors", "texts", "left_out"):
            names = [
                name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})") if name != "indexed_at"
            ]
            rows[table] = connection.execute(f"SELECT {', '.join(names)} FROM {table} ORDER BY 1, 2").fetchall()
    assert len(rows["documents"]) == 23 and len(rows["vectors"]) >= 23
    return rows


def test_what_was_waited_for_is_told(base: KnowledgeBase, write: Write) -> None:
    report = base.add([write("a.txt", "左云县有网格员51名。"), write("b.txt", "云溪县有食堂52处。")])
    assert report.waited.keys() == {"reading", "model", "disk"} and all(s >= 0 for s in report.waited.values())

    class Slow(PaperEmbedder):
        def embed_passages(self, passages: Sequence[str]) -> Vectors:
            time.sleep(0.5)
            return super().embed_passages(passages)

    with closing(KnowledgeBase(base.settings, embedder=Slow())) as slow:
        waited = slow.add([write("c.txt", "青禾县完成选举。")]).waited
    assert waited["model"] >= 0.5 > waited["disk"]


def test_a_document_that_was_read_already_is_one_of_a_batch(settings: Settings) -> None:
    made = cut(Document(Path("a.txt"), "a", "网格员。", ()), "", settings)
    with closing(batches_ahead([(Path("a.txt"), lambda: made)], Reading(2, waited=60))) as batches:
        (batch,) = batches
    assert batch.prepared == [made] and batch.characters == 4
