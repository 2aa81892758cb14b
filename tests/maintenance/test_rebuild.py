"""An index that the settings no longer fit: refused with the way out, and made anew without a gap."""

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from bot.next_steps import in_terminal
from config.settings import Settings
from retrieval.documents import refuse_pieces
from retrieval.errors import DocumentError, IndexMismatchError, NotFoundError
from retrieval.index.embedded.index import EmbeddedIndex
from retrieval.ingestion.ingest import Progress
from retrieval.service import KnowledgeBase
from tests.support.indexes import scored
from tests.support.paper import PaperEmbedder
from tests.support.running import ROOT, this_tree

Write = Callable[[str, str | bytes], Path]
GRID, CANTEEN, ELECTION = "左云县有网格员51名。", "云溪县有食堂52处。", "青禾县完成选举。"
QUESTION = "左云县有多少网格员"


def cut_smaller(settings: Settings) -> Settings:
    passages = settings.passages.model_copy(update={"size": 50, "overlap": 0})
    return settings.model_copy(update={"passages": passages})


def run(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=ROOT, env=this_tree(), capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


# -- refused -------------------------------------------------------------------------------------------------------


def test_another_recipe_is_refused_with_both_named_and_the_way_out(
    base: KnowledgeBase, settings: Settings, write: Write
) -> None:
    path = write("a.txt", GRID)
    base.add([path])
    with closing(KnowledgeBase(cut_smaller(settings), embedder=PaperEmbedder())) as other:
        calls: list[Callable[[], object]] = [lambda: other.ask(QUESTION), lambda: other.add([path]), other.check]
        for call in calls:
            with pytest.raises(IndexMismatchError) as raised:
                call()
            for part in ("size=500 overlap=150", "size=50 overlap=0", "wenju index --rebuild"):
                assert part in in_terminal(raised.value)
    assert base.ask(QUESTION).answer == GRID


@pytest.mark.parametrize("same_name", [False, True])
def test_another_model_is_refused_even_under_the_same_name(
    base: KnowledgeBase, settings: Settings, write: Write, same_name: bool
) -> None:
    base.add([write("a.txt", GRID)])
    stranger = PaperEmbedder("paper" if same_name else "stone")
    if same_name:
        identity = stranger.identity
        stranger.identity = type(identity)(identity.name, identity.dimension, "other weights")
    with closing(KnowledgeBase(settings, embedder=stranger)) as other:
        with pytest.raises(IndexMismatchError) as raised:
            other.ask(QUESTION)
        assert ("other weights under the same name" in str(raised.value)) == same_name
        assert "wenju index --rebuild" in in_terminal(raised.value)
        # To look at what is indexed, and to take something away, needs no model.
        assert [record.name for record in other.documents()] == ["a.txt"]
        assert other.text("a.txt").text == GRID
        assert [record.name for record in other.remove("a.txt")] == ["a.txt"]


def test_a_rebuild_of_nothing_says_so(base: KnowledgeBase) -> None:
    with pytest.raises(NotFoundError, match="Nothing is indexed yet"):
        base.rebuild()


# -- made anew -----------------------------------------------------------------------------------------------------


def test_a_rebuild_carries_every_document_present_changed_or_gone(
    base: KnowledgeBase, settings: Settings, write: Write
) -> None:
    present = write("present.txt", f"{GRID}第二句在这里。" * 5)
    changed, gone = write("changed.txt", CANTEEN), write("gone.txt", ELECTION)
    base.add([present.parent])
    before = {record.path: record.document_id for record in base.documents()}
    changed.write_text("改过的内容还没有索引。", "utf-8")
    gone.unlink()
    steps: list[Progress] = []
    with closing(KnowledgeBase(cut_smaller(settings), embedder=PaperEmbedder())) as other:
        report = other.rebuild(steps.append)
        assert report.added == [changed, gone, present]
        assert report.failures == []
        assert {record.path: record.document_id for record in other.documents()} == before
        # 5 × (11 + 7) characters at 50 a passage make more than one.
        assert len(other.passages_of("present.txt")) > 1
        assert all(len(stored.text) <= 50 for stored in other.passages_of("present.txt"))
        assert [stored.text for stored in other.passages_of("changed.txt")] == [CANTEEN]
        assert [stored.text for stored in other.passages_of("gone.txt")] == [ELECTION]
        assert other.ask(QUESTION).answer == GRID
        # The file that had changed is noticed by the next run, the one that is gone by the next prune.
        again = other.add([present.parent], prune=True)
        assert (again.changed, again.unchanged, again.removed) == ([changed], 1, [gone])
    assert (steps[0].done, steps[-1].done, {step.total for step in steps}) == (0, 3, {3})


def test_a_rebuild_takes_another_model(base: KnowledgeBase, settings: Settings, write: Write) -> None:
    base.add([write("a.txt", GRID)])
    stone = PaperEmbedder("stone")
    with closing(KnowledgeBase(settings, embedder=stone)) as other:
        other.rebuild()
        assert GRID in stone.embedded
        assert other.ask(QUESTION).answer == GRID
    with pytest.raises(IndexMismatchError, match="stone"):
        base.ask(QUESTION)


def test_one_generation_is_left_on_disk(base: KnowledgeBase, settings: Settings, write: Write) -> None:
    base.add([write("a.txt", GRID)])
    for _ in range(3):
        base.rebuild()
    root = settings.home / "index"
    current = (root / "CURRENT").read_text("ascii").strip()
    assert [path.name for path in root.glob("gen-*")] == [current]
    assert base.ask(QUESTION).answer == GRID


# -- interrupted ---------------------------------------------------------------------------------------------------

KILLED = """
import os, signal, sys
from pathlib import Path
from config.settings import load_settings
from retrieval.service import KnowledgeBase
from tests.support.paper import PaperEmbedder

class KilledAfter(PaperEmbedder):
    def embed_passages(self, passages):
        if len(self.embedded) > 600:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().embed_passages(passages)

base = KnowledgeBase(load_settings(home=Path(sys.argv[1])), embedder=KilledAfter("stone"))
base.rebuild()
"""


def test_a_killed_rebuild_leaves_the_old_index_in_use(base: KnowledgeBase, settings: Settings, write: Write) -> None:
    for i in range(30):
        folder = write(f"{i:02}.txt", "\n\n".join(f"{i}组{j}村有网格员。" for j in range(60))).parent
    write("grid.txt", GRID)
    base.add([folder])
    before = base.ask(QUESTION)
    outcome = run(KILLED, str(settings.home))
    assert outcome.returncode == -signal.SIGKILL, outcome.stderr
    assert len(list((settings.home / "index").glob("gen-*"))) == 2, "it was killed while it filled the new one"
    with closing(KnowledgeBase(base.settings, embedder=PaperEmbedder())) as again:
        assert again.ask(QUESTION).citations == before.citations
        assert len(again.rebuild().added) == 31
        assert again.ask(QUESTION).answer == before.answer


def test_a_rebuild_that_cannot_take_over_a_document_leaves_the_old_index(
    base: KnowledgeBase, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its file is gone, and what the index kept of it has more sentences than are cut now."""
    path = write("a.txt", "\n\n".join(f"第{number}村有网格员{number}名。" for number in range(1, 30)))
    base.add([path, write("b.txt", GRID)])
    path.unlink()
    monkeypatch.setattr("retrieval.ingestion.passages.refuse_pieces", partial(refuse_pieces, limit=10))
    with pytest.raises(DocumentError, match=r"a\.txt.*split it"):
        base.rebuild()
    assert len(base.documents()) == 2
    assert base.ask("第7村有多少网格员").citations[0].document == "a.txt"


def test_an_interrupted_rebuild_can_be_made_again(base: KnowledgeBase, settings: Settings, write: Write) -> None:
    base.add([write("a.txt", GRID), write("b.txt", CANTEEN)])

    def interrupt(step: Progress) -> None:
        if step.passages:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        base.rebuild(interrupt)
    assert base.ask(QUESTION).answer == GRID
    assert len(base.rebuild().added) == 2
    assert base.ask(QUESTION).answer == GRID
    assert len(list((settings.home / "index").glob("gen-*"))) == 1


# -- readers -------------------------------------------------------------------------------------------------------


def test_a_reader_that_has_the_old_generation_open_goes_on(
    base: KnowledgeBase, settings: Settings, write: Write
) -> None:
    base.add([write("a.txt", GRID), write("b.txt", CANTEEN)])
    (folder,) = (settings.home / "index").glob("gen-*")
    with closing(EmbeddedIndex(folder)) as old:
        before = scored(old, QUESTION)
        assert len(before) == 2
        with closing(KnowledgeBase(settings, embedder=PaperEmbedder())) as other:
            other.rebuild()
        assert not folder.exists()
        assert scored(old, QUESTION) == before
        assert {stored.text for stored in old.load([candidate.key for candidate in before]).values()} == {
            GRID,
            CANTEEN,
        }
        assert [record.name for record in old.documents()] == ["a.txt", "b.txt"]


def test_a_reader_moves_to_the_new_generation_with_its_next_question(
    base: KnowledgeBase, settings: Settings, write: Write
) -> None:
    base.add([write("a.txt", GRID)])
    assert base.ask(QUESTION).answer == GRID
    with closing(KnowledgeBase(settings, embedder=PaperEmbedder())) as other:
        other.rebuild()
        other.add([write("b.txt", CANTEEN)])
    assert base.ask("云溪县有多少食堂").answer == CANTEEN


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files are counted where Linux shows them")
def test_a_reader_lets_go_of_the_generations_that_were_rebuilt(
    base: KnowledgeBase, settings: Settings, write: Write
) -> None:
    base.add([write("a.txt", GRID)])
    with closing(KnowledgeBase(settings, embedder=PaperEmbedder())) as reader:
        for _ in range(4):
            reader.ask(QUESTION)
            base.rebuild()
        assert reader.ask(QUESTION).answer == base.ask(QUESTION).answer == GRID
        links = [str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    held = [link for link in links if link.startswith(str(settings.home)) and "index.db" in link]
    assert held  # of its own home: what another test of this process left open is not this reader's
    assert [link for link in held if link.endswith("(deleted)")] == []


def test_questions_of_several_threads_go_on_during_rebuilds(
    base: KnowledgeBase, settings: Settings, write: Write
) -> None:
    base.add([write("a.txt", GRID), write("b.txt", CANTEEN)])
    wrong: list[object] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            try:
                answer = base.ask(QUESTION)
            except Exception as error:  # noqa: BLE001 - whatever it is, the test must show it
                wrong.append(repr(error))
                return
            if answer.answer != GRID:
                wrong.append(answer)

    askers = [threading.Thread(target=ask) for _ in range(4)]
    for asker in askers:
        asker.start()
    with closing(KnowledgeBase(settings, embedder=PaperEmbedder())) as other:
        for _ in range(10):
            other.rebuild()
    done.set()
    for asker in askers:
        asker.join()
    assert wrong == []
