"""What writers leave behind that were killed or came together: it is cleared away, and takes nothing with it."""

import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from config.settings import Settings
from retrieval.errors import StorageError
from retrieval.index.embedded.connection import Connection
from retrieval.index.embedded.generations import GenerationFolders
from retrieval.index.embedded.index import DATABASE
from retrieval.service import KnowledgeBase
from tests.index.caches import create
from tests.support.indexes import CANTEEN, GRID, found, made
from tests.support.paper import PaperEmbedder
from tests.support.running import ROOT, this_tree

Write = Callable[[str, str | bytes], Path]
QUESTION = "左云县有多少网格员"


@pytest.fixture
def unneeded(base: KnowledgeBase, settings: Settings, write: Write) -> list[Path]:
    """What is left of an index, a rebuild, a switch, and a saving of vectors and words, each killed half-way."""
    base.add([write("a.txt", GRID), write("b.txt", CANTEEN)])
    root = settings.home / "index"
    used = root / "gen-0001"
    (root / "gen-0007").mkdir()
    files = [
        *(root / "gen-0007" / DATABASE, root / "CURRENT.4711"),
        *(used / f"{DATABASE}.0123abcd", used / f"{DATABASE}.0123abcd-journal", used / "vectors.faiss.4711.tmp"),
        *(used / "words" / ".tmpAb12", used / "words" / f"{'0' * 32}.idx", used / "words" / f"{'0' * 32}.7.del"),
    ]
    for file in files:
        file.write_bytes(b"half")
    return files


@pytest.mark.parametrize("change", ["add", "remove", "rebuild"])
def test_the_next_writer_clears_it_away(
    base: KnowledgeBase, settings: Settings, write: Write, unneeded: list[Path], change: str
) -> None:
    if change == "add":
        base.add([write("c.txt", "青禾县完成选举。")])
    elif change == "remove":
        base.remove("b.txt")
    else:
        base.rebuild()
    assert [path for path in unneeded if path.exists()] == []
    assert len(list((settings.home / "index").glob("gen-*"))) == 1
    assert base.ask(QUESTION).answer == GRID


def test_so_does_one_that_finds_nothing_to_write(base: KnowledgeBase, write: Write, unneeded: list[Path]) -> None:
    """Whoever was killed may have had nothing left to do but to take these away. Only segments without a commit wait
    for the next."""
    base.add([write("a.txt", GRID)])
    assert [path for path in unneeded if path.exists() and not path.name.startswith("0" * 32)] == []


def test_what_somebody_laid_beside_the_index_stays(base: KnowledgeBase, settings: Settings, write: Write) -> None:
    base.add([write("a.txt", GRID)])
    root = settings.home / "index"
    kept = [shutil.copytree(root / "gen-0001", root / "gen-0001.bak") / DATABASE]
    kept += [root / "gen-0001" / f"{DATABASE}.bak", root / "CURRENT.old", root / "gen-0001" / "notes.tmp"]
    for file in kept:
        file.write_bytes(b"somebody's own")
    base.add([write("b.txt", CANTEEN)])
    assert [file for file in kept if not file.exists()] == []


def test_who_only_reads_takes_nothing_away(base: KnowledgeBase, unneeded: list[Path]) -> None:
    assert base.ask(QUESTION).answer == GRID
    assert all(path.exists() for path in unneeded)


def test_a_commit_of_words_that_never_came_is_not_in_the_way_of_the_next(tmp_path: Path) -> None:
    """It had written what it would take out of a segment; the next counts on from there, and needs the same name."""
    with closing(create(tmp_path / "index")) as index:
        index.put(made("a", GRID))
        index.put(made("b", CANTEEN))
        index.publish()
        words = index.folder / "words"
        shutil.copytree(words, tmp_path / "before")
        index.remove(["a"])
        index.publish()
        came = [path.name for path in words.glob("*.del")]
    assert came
    for path in words.iterdir():
        if path.name in ("meta.json", ".managed.json"):
            shutil.copy(tmp_path / "before" / path.name, path)
    for path in (tmp_path / "before").iterdir():
        if not (words / path.name).exists():
            shutil.copy(path, words)
    with closing(create(tmp_path / "index")) as index:
        index.publish()
        assert found(index, "网格员食堂")["b-0"][1] > 0
        assert index.statistics(["网格"]).document_frequency == {"网格": 0}


def test_writers_that_take_turns_leave_no_words_behind(tmp_path: Path) -> None:
    """Each has the folder open all the while, as a bot and a command have."""
    with closing(create(tmp_path / "index")) as first, closing(create(tmp_path / "index")) as other:
        for number in range(24):
            writer = (first, other)[number % 2]
            with writer.writing(5):
                writer.put(made(f"d{number}", f"第{number}个村有网格员。"))
                writer.publish()
        words = first.folder / "words"
        listed = (words / ".managed.json").read_text("utf-8")
        files = [path.name for path in words.iterdir() if path.name[0] != "."]
        assert [name for name in files if name not in listed] == []
        living = len(json.loads((words / "meta.json").read_text("utf-8"))["segments"])
        assert len(files) <= 8 * (living + 2)
        assert len(found(other, "网格员")) == 24


def test_an_index_that_is_named_no_more_is_not_taken_for_none(
    base: KnowledgeBase, settings: Settings, write: Write
) -> None:
    path = write("a.txt", GRID)
    base.add([path])
    base.rebuild()
    base.close()
    current = settings.home / "index" / "CURRENT"
    current.unlink()
    calls: list[Callable[[], object]] = [base.documents, lambda: base.ask(QUESTION), lambda: base.add([path])]
    for call in [*calls, GenerationFolders(current.parent).next]:  # the last is what a restore begins with
        with pytest.raises(StorageError, match="gen-0002"):
            call()
    current.write_text("gen-0002\n", "ascii")
    assert base.ask(QUESTION).answer == GRID


def test_who_has_it_open_goes_on_reading_when_its_folder_is_gone(tmp_path: Path) -> None:
    """A rebuild takes the folder away; more threads read at once than ever before."""
    with closing(create(tmp_path / "index")) as index:
        index.put(made("a", GRID))
        index.publish()
    read = list[object]()
    with closing(Connection(index.folder / DATABASE)) as connection:
        shutil.rmtree(index.folder)
        barrier = threading.Barrier(6)

        def ask() -> None:
            barrier.wait()
            for _ in range(20):
                read.extend(connection.all("SELECT document_id FROM documents"))

        threads = [threading.Thread(target=ask) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert read == [("a",)] * 120


AT_ONCE = """
import sys, time
from contextlib import closing
from pathlib import Path
from config.settings import load_settings
from retrieval.service import KnowledgeBase
from tests.support.paper import PaperEmbedder

root, name = Path(sys.argv[1]), sys.argv[2]
print("ready", flush=True)
start = float(sys.stdin.readline())
for number in range(6):
    time.sleep(max(0, start + 0.25 * number - time.time()))
    with closing(KnowledgeBase(load_settings(home=root / str(number)), embedder=PaperEmbedder())) as base:
        assert len(base.add([root / name]).added) == 1
"""


def test_processes_that_make_the_same_index_at_once_make_one(tmp_path: Path, settings: Settings) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(f"{name}：{GRID}", "utf-8")
    running = [
        subprocess.Popen(
            [sys.executable, "-c", AT_ONCE, str(tmp_path), name],
            cwd=ROOT,
            env=this_tree(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in ("a.txt", "b.txt")
    ]
    for process in running:
        assert process.stdin is not None and process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    started = time.time() + 0.2
    for process in running:
        assert process.stdin is not None
        process.stdin.write(f"{started}\n")
        process.stdin.flush()
    outcomes = [(process.communicate()[1], process.returncode) for process in running]
    assert outcomes == [("", 0)] * 2
    for number in range(6):
        home = settings.model_copy(update={"home": tmp_path / str(number)})
        with closing(KnowledgeBase(home, embedder=PaperEmbedder())) as base:
            assert [record.name for record in base.documents()] == ["a.txt", "b.txt"]


def test_an_index_opened_while_it_is_rebuilt_again_and_again(
    base: KnowledgeBase, settings: Settings, write: Write
) -> None:
    """Somebody opens it anew for each question, while its folder changes under him."""
    base.add([write("a.txt", GRID)])
    done = threading.Event()

    def rebuild() -> None:
        for _ in range(5):
            base.rebuild()
        done.set()

    rebuilding = threading.Thread(target=rebuild)
    rebuilding.start()
    try:
        while not done.is_set():
            with closing(KnowledgeBase(settings, embedder=PaperEmbedder())) as other:
                assert other.ask(QUESTION).answer == GRID
    finally:
        rebuilding.join()
