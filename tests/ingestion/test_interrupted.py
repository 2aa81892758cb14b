"""Whatever ends a run, what was stored is kept and the next goes on from there."""

import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from config.settings import Settings
from retrieval.errors import StorageError
from retrieval.index.embedded.index import EmbeddedIndex
from retrieval.ingestion.ingest import Ingest, Progress
from retrieval.service import KnowledgeBase
from retrieval.types import Document
from tests.support.paper import PaperEmbedder
from tests.support.running import ROOT, this_tree

Write = Callable[[str, str | bytes], Path]
GRID, CANTEEN, ELECTION = "左云县有网格员51名。", "云溪县有食堂52处。", "青禾县完成选举。"

KILLED = """
import os, signal, sys
from pathlib import Path
from config.settings import load_settings
from retrieval.service import KnowledgeBase
from tests.support.paper import PaperEmbedder

def progress(step):
    if step.done >= 18:
        os.kill(os.getpid(), signal.SIGKILL)

base = KnowledgeBase(load_settings(home=Path(sys.argv[1])), embedder=PaperEmbedder())
base.add([Path(sys.argv[2])], progress=progress)
"""


# Texts are embedded when 512 of them wait: documents of 60 sentences are stored nine by nine.


@pytest.fixture
def many(write: Write) -> list[Path]:
    return [write(f"{i:02}.txt", "\n\n".join(f"{i}组{j}村有网格员。" for j in range(60))) for i in range(30)]


def test_a_killed_run_is_taken_up_where_it_was(
    base: KnowledgeBase, settings: Settings, paper: PaperEmbedder, many: list[Path]
) -> None:
    folder = many[0].parent
    outcome = subprocess.run(
        [sys.executable, "-c", KILLED, str(settings.home), str(folder)],
        cwd=ROOT, env=this_tree(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert outcome.returncode == -signal.SIGKILL, outcome.stderr
    kept = [record.path for record in base.documents()]
    assert 18 <= len(kept) <= 27, "all that was told, and at most the batch that is stored meanwhile"
    assert kept == many[: len(kept)]
    assert base.ask("0组0村有网格员吗").citations
    report = base.add([folder])
    assert (report.unchanged, report.added) == (len(kept), many[len(kept) :])
    # What the killed run stored is not embedded again, neither passages nor sentences.
    assert not any(text.startswith("0组0村") for text in paper.embedded)
    assert [record.path for record in base.documents()] == many


def test_an_interrupted_run_keeps_all_that_was_embedded(
    base: KnowledgeBase, paper: PaperEmbedder, many: list[Path]
) -> None:
    def interrupt(step: Progress) -> None:
        if step.done >= 18:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        base.add([many[0].parent], progress=interrupt)
    kept = [record.path for record in base.documents()]
    assert len(kept) >= 18 and kept == many[: len(kept)]
    assert {text.split("组")[0] for text in paper.embedded} == {str(number) for number in range(len(kept))}
    paper.embedded.clear()
    report = base.add([many[0].parent])
    assert (report.unchanged, report.added) == (len(kept), many[len(kept) :])
    assert {text.split("组")[0] for text in paper.embedded} == {str(number) for number in range(len(kept), 30)}


def test_what_is_read_ahead_is_given_up_with_the_run(
    base: KnowledgeBase, settings: Settings, write: Write, paper: PaperEmbedder
) -> None:
    """Reading may be slow: after Ctrl-C nobody waits for the rest of a batch."""
    base.add([write("a.txt", GRID)])
    (folder,) = (settings.home / "index").glob("gen-*")
    document = base.text("a.txt")
    taken: list[int] = []

    def read() -> Iterator[tuple[Document, str]]:
        for number in range(600):
            taken.append(number)
            time.sleep(0 if number < 256 else 0.05)
            yield replace(document, path=document.path.with_name(f"{number}.txt")), ""

    def interrupt(_: Progress) -> None:
        raise KeyboardInterrupt

    with closing(EmbeddedIndex(folder)) as index, pytest.raises(KeyboardInterrupt):
        Ingest(index, lambda: paper, settings, interrupt).carry(read(), 600)
    assert len(taken) < 300


@pytest.mark.slow  # half a minute
def test_a_batch_ends_also_when_little_in_it_is_different(base: KnowledgeBase, write: Write) -> None:
    """Logs that say the same a thousand times: held back until 512 texts differ, all would be in memory at once."""
    paths = [write(f"{number}.txt", f"{number}组。\n\n" + f"{GRID}\n\n" * 30_000) for number in range(5)]
    seen: list[int] = []
    base.add([paths[0].parent], progress=lambda step: seen.append(step.done))
    assert len({*seen}) >= 3


def test_an_error_in_storing_ends_the_run(base: KnowledgeBase, settings: Settings, many: list[Path]) -> None:
    """The stages run in threads of their own; what goes wrong there is not lost there."""
    base.add([many[0]])
    database = next((settings.home / "index").glob("gen-*/index.db"))
    with closing(sqlite3.connect(database)) as other:
        other.execute("CREATE TRIGGER no BEFORE INSERT ON passages BEGIN SELECT RAISE(ABORT, 'disk full'); END")
        other.commit()
    with pytest.raises(StorageError, match="Is the disk full"):
        base.add([many[0].parent])
    assert [record.path for record in base.documents()] == many[:1]
