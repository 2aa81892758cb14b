"""Adding, changing, pruning, removing and rebuilding: what becomes of the documents."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from config.settings import Settings
from retrieval.errors import BusyError, ConfirmationRequired, IndexMismatchError, NotFoundError, QuestionError
from retrieval.service import KnowledgeBase
from tests.conftest import PaperEmbedder

Write = Callable[[str, str | bytes], Path]
ROOT = Path(__file__).resolve().parents[1]
GRID, CANTEEN, ELECTION = "左云县有网格员51名。", "云溪县有食堂52处。", "青禾县完成选举。"


def test_a_second_run_embeds_nothing(base: KnowledgeBase, paper: PaperEmbedder, write: Write) -> None:
    folder = write("a.txt", f"{GRID}\n{CANTEEN}").parent
    first = base.add([folder])
    assert (len(first.added), first.embedded) == (1, len(paper.embedded))
    seen = len(paper.embedded)
    (folder / "a.txt").touch()
    second = base.add([folder])
    assert (second.added, second.changed, second.unchanged, second.embedded) == ([], [], 1, 0)
    assert len(paper.embedded) == seen


def test_a_changed_document_replaces_its_older_version(base: KnowledgeBase, write: Write) -> None:
    path = write("a.txt", GRID)
    base.add([path])
    (before,) = base.documents()
    write("a.txt", CANTEEN)
    assert base.add([path]).changed == [path]
    (after,) = base.documents()
    assert before.document_id == after.document_id
    assert [one.text for one in base.passages_of(after.document_id)] == [CANTEEN]
    assert base.ask("云溪县有多少食堂").answer == CANTEEN


def test_equal_sentences_are_embedded_once(base: KnowledgeBase, paper: PaperEmbedder, write: Write) -> None:
    write("b.txt", f"{GRID}\n{CANTEEN}")
    base.add([write("a.txt", f"{GRID}\n{CANTEEN}").parent])
    assert len(paper.embedded) == len(set(paper.embedded)) == 3  # two sentences and one passage of both
    assert len(base.documents()) == 2


def test_a_file_that_can_no_longer_be_read_keeps_its_older_version(base: KnowledgeBase, write: Write) -> None:
    path = write("a.txt", GRID)
    base.add([path])
    path.write_bytes(b"")
    (failure,) = base.add([path]).failures
    assert "is empty" in str(failure)
    assert base.ask("左云县有多少网格员").answer == GRID


@pytest.mark.parametrize("name", ["网格员 😀.txt", "two\nlines.txt", " space .txt", "'quote\".txt"])
def test_any_name_that_is_text(base: KnowledgeBase, write: Write, name: str) -> None:
    path = write(name, GRID)
    assert base.add([path.parent]).added == [path]
    assert base.ask("左云县有多少网格员").citations[0].path == str(path)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere file names cannot hold such bytes")
def test_a_name_that_is_no_text_is_reported(base: KnowledgeBase, write: Write) -> None:
    folder = os.fsencode(write("a.txt", GRID).parent)
    with open(os.path.join(folder, b"\xff.txt"), "wb") as file:  # noqa: PTH118, PTH123 - bytes, which Path refuses
        file.write(CANTEEN.encode())
    report = base.add([Path(os.fsdecode(folder))])
    assert [failure.reason for failure in report.failures] == ["its name is not valid UTF-8; rename it"]
    assert len(report.added) == 1


def test_nothing_readable_leaves_no_index(base: KnowledgeBase, write: Write) -> None:
    report = base.add([write("a.txt", b"")])
    assert len(report.failures) == 1
    assert not base.exists


def test_prune_removes_what_is_gone(base: KnowledgeBase, write: Write) -> None:
    paths = [write(f"{i}.txt", text) for i, text in enumerate((GRID, CANTEEN, ELECTION))]
    base.add([paths[0].parent])
    paths[0].unlink()
    assert base.add([paths[0].parent]).removed == []
    assert base.add([paths[0].parent], prune=True).removed == [paths[0]]
    assert [record.path for record in base.documents()] == paths[1:]


def test_prune_asks_when_a_folder_is_missing_or_most_would_go(base: KnowledgeBase, write: Write) -> None:
    first, second, elsewhere = write("x/a.txt", GRID), write("x/b.txt", CANTEEN), write("y/c.txt", ELECTION)
    base.add([first.parent, elsewhere.parent])
    first.unlink()
    second.unlink()
    with pytest.raises(ConfirmationRequired, match="2 of 2 documents would go"):
        base.add([first.parent], prune=True)
    first.parent.rmdir()
    with pytest.raises(ConfirmationRequired, match="is missing"):
        base.add([first.parent], prune=True)
    assert len(base.documents()) == 3
    assert base.add([first.parent], prune=True, confirmed=True).removed == [first, second]
    assert [record.path for record in base.documents()] == [elsewhere]


def test_removing_by_name_path_id_and_folder(base: KnowledgeBase, write: Write) -> None:
    paths = [write(name, GRID + name) for name in ("a.txt", "b.txt", "x/c.txt", "y/c.txt", "z/d.txt", "z/e.txt")]
    base.add([paths[0].parent])
    base.remove("a.txt")
    base.remove(str(paths[1]))
    with pytest.raises(NotFoundError, match="2 documents are called"):
        base.remove("c.txt")
    base.remove(base.find(str(paths[2])).document_id)
    with pytest.raises(ConfirmationRequired, match="--yes"):
        base.remove(str(paths[4].parent))
    assert len(base.remove(str(paths[4].parent), confirmed=True)) == 2
    assert [record.path for record in base.documents()] == [paths[3]]
    with pytest.raises(NotFoundError, match="wenju list"):
        base.remove("never.txt")
    assert all(path.exists() for path in paths)


@pytest.mark.parametrize("question", ["", "  \n", "？？！", "问" * 10_000])
def test_questions_that_cannot_be_asked(base: KnowledgeBase, write: Write, question: str) -> None:
    base.add([write("a.txt", GRID)])
    with pytest.raises(QuestionError):
        base.ask(question)


def test_asking_and_showing_without_an_index(base: KnowledgeBase) -> None:
    for call in (base.ask, base.passage, base.text, base.remove):
        with pytest.raises(NotFoundError):
            call("网格员")
    assert base.documents() == []


def test_surroundings_are_the_text_around_the_passage(base: KnowledgeBase, write: Write) -> None:
    sentences = [f"第{i}个村有食堂{i}处，网格员{i}名。" for i in range(100)]
    base.add([write("a.txt", "\n".join(sentences))])
    stored = base.passages_of("a.txt")[1]
    around = base.surroundings(stored.passage.passage_id, 30)
    whole = base.text("a.txt").text
    assert around.before + around.raw + around.after in whole
    assert (len(around.before), len(around.after)) == (30, 30)
    assert around.raw.replace("\n", "") == stored.text


def test_another_recipe_is_refused_until_it_is_rebuilt(base: KnowledgeBase, settings: Settings, write: Write) -> None:
    kept, changed, gone = write("a.txt", GRID * 9), write("b.txt", CANTEEN), write("c.txt", ELECTION)
    base.add([kept.parent])
    changed.write_text("还没有索引的新内容。", "utf-8")
    gone.unlink()
    base.close()
    smaller = settings.model_copy(
        update={"passages": settings.passages.model_copy(update={"size": 60, "overlap": 0})}
    )
    other = KnowledgeBase(smaller, embedder=PaperEmbedder())
    for call in (lambda: other.ask("网格员"), lambda: other.add([kept])):
        with pytest.raises(IndexMismatchError, match="--rebuild"):
            call()
    reader = KnowledgeBase(settings, embedder=PaperEmbedder())
    assert reader.ask("左云县有多少网格员").status == "answered"
    report = other.rebuild()
    assert len(report.added) == 3
    assert len(other.passages_of("a.txt")) > 1
    # What was kept of files that changed or vanished is carried over: a rebuild loses nothing.
    assert [one.text for one in other.passages_of("b.txt")] == [CANTEEN]
    assert [one.text for one in other.passages_of("c.txt")] == [ELECTION]
    with pytest.raises(IndexMismatchError):
        reader.ask("左云县有多少网格员")
    reader.close()
    other.close()


def test_an_interrupted_rebuild_leaves_the_old_index(base: KnowledgeBase, settings: Settings, write: Write) -> None:
    base.add([write("a.txt", GRID), write("b.txt", CANTEEN)])

    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        base.rebuild(interrupt)
    again = KnowledgeBase(settings, embedder=PaperEmbedder())
    assert again.ask("左云县有多少网格员").answer == GRID
    assert len(again.rebuild().added) == 2
    again.close()


def test_a_second_writer_is_told(base: KnowledgeBase, settings: Settings, write: Write) -> None:
    base.add([write("a.txt", GRID)])
    script = (
        "import sys, time; from pathlib import Path; from config.settings import load_settings\n"
        "from retrieval.index.embedded import EmbeddedIndex\n"
        "with EmbeddedIndex(Path(sys.argv[1])).writing(5): print('held', flush=True); sys.stdin.read()"
    )
    arguments = [sys.executable, "-c", script, str(settings.home / "index" / "gen-0001")]
    with subprocess.Popen(arguments, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdin is not None
        assert holder.stdout.readline() == "held\n"
        hasty = settings.model_copy(update={"index": settings.index.model_copy(update={"wait_seconds": 0.2})})
        other = KnowledgeBase(hasty, embedder=PaperEmbedder())
        with pytest.raises(BusyError, match="Another process is indexing"):
            other.add([write("b.txt", CANTEEN)])
        assert other.ask("左云县有多少网格员").answer == GRID  # a question never waits for a writer
        holder.stdin.close()
    assert len(other.add([write("b.txt", CANTEEN)]).added) == 1
    other.close()


def test_many_ask_while_one_adds(base: KnowledgeBase, settings: Settings, write: Write) -> None:
    base.add([write("a.txt", GRID)])
    writer = KnowledgeBase(settings, embedder=PaperEmbedder())
    wrong: list[object] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            try:
                answer = base.ask("左云县有多少网格员")
            except Exception as error:  # noqa: BLE001 - whatever it is, the test must show it
                wrong.append(error)
                return
            if answer.answer != GRID:
                wrong.append(answer)

    askers = [threading.Thread(target=ask) for _ in range(8)]
    for asker in askers:
        asker.start()
    for number in range(15):
        writer.add([write(f"{number}.txt", f"{CANTEEN}第{number}号文件。")])
    writer.remove("3.txt")
    done.set()
    for asker in askers:
        asker.join()
    assert wrong == []
    assert len(base.documents()) == 15
    writer.close()


@pytest.mark.skipif(sys.platform == "win32", reason="no limits on file sizes there")
def test_no_space_left_while_indexing(settings: Settings, write: Write) -> None:
    """A limit on the size of files stands in for a full disk; the machine itself is never filled."""
    first = write("a.txt", GRID)
    write("b.txt", "\n".join(f"第{i}个村有食堂{i}处，网格员{i}名。" for i in range(20_000)))
    script = (
        "import resource, sys; from pathlib import Path; from config.settings import load_settings\n"
        "from retrieval.errors import StorageError; from retrieval.service import KnowledgeBase\n"
        "from tests.conftest import PaperEmbedder\n"
        "base = KnowledgeBase(load_settings(home=Path(sys.argv[1])), embedder=PaperEmbedder())\n"
        "assert len(base.add([Path(sys.argv[2])]).added) == 1\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))\n"
        "try: base.add([Path(sys.argv[2]).parent])\n"
        "except StorageError as error: print(error)\n"
    )
    outcome = subprocess.run(
        [sys.executable, "-c", script, str(settings.home), str(first)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert outcome.returncode == 0, outcome.stderr
    assert "cannot be" in outcome.stdout
    assert outcome.stdout.count("\n") == 1
    base = KnowledgeBase(settings, embedder=PaperEmbedder())
    assert base.ask("左云县有多少网格员").answer == GRID
    assert len(base.add([first.parent]).failures) == 0
    assert len(base.documents()) == 2
    base.close()
