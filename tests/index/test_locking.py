"""One writer at a time over all processes: the second waits, or is told; readers never wait."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from config.settings import Settings
from retrieval.errors import BusyError
from retrieval.service import KnowledgeBase
from tests.support.paper import PaperEmbedder
from tests.support.running import ROOT, this_tree

Write = Callable[[str, str | bytes], Path]
GRID, CANTEEN = "左云县有网格员51名。", "云溪县有食堂52处。"

HOLDER = """
import sys
from pathlib import Path
from retrieval.index.embedded.index import EmbeddedIndex

index = EmbeddedIndex(Path(sys.argv[1]))
with index.writing(10):
    sys.stdout.write("held\\n")
    sys.stdout.flush()
    sys.stdin.readline()
"""


@contextmanager
def held(home: Path) -> Iterator[Callable[[], None]]:
    """Another process is the writer; what is yielded lets it finish."""
    (folder,) = (home / "index").glob("gen-*")
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)],
        cwd=ROOT, env=this_tree(), text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"

        def release() -> None:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()

        try:
            yield release
        finally:
            process.kill()


def waiting(settings: Settings, seconds: float) -> KnowledgeBase:
    index = settings.index.model_copy(update={"wait_seconds": seconds})
    return KnowledgeBase(settings.model_copy(update={"index": index}), embedder=PaperEmbedder())


def test_a_second_writer_is_told_when_it_has_waited_long_enough(
    base: KnowledgeBase, settings: Settings, write: Write
) -> None:
    base.add([write("a.txt", GRID)])
    other = write("b.txt", CANTEEN)
    with held(settings.home), closing(waiting(settings, 0.2)) as hasty:
        calls: list[Callable[[], object]] = [lambda: hasty.add([other]), lambda: hasty.remove("a.txt"), hasty.rebuild]
        for call in calls:
            started = time.monotonic()
            with pytest.raises(BusyError, match=r"Another process is indexing.*index\.wait_seconds") as raised:
                call()
            assert 0.2 <= time.monotonic() - started < 5
            assert "\n" not in str(raised.value)
    assert [record.name for record in base.documents()] == ["a.txt"]
    # The holder was killed: its lock died with it.
    assert base.add([other]).added == [other]


def test_a_second_writer_waits_for_the_first(base: KnowledgeBase, settings: Settings, write: Write) -> None:
    base.add([write("a.txt", GRID)])
    other = write("b.txt", CANTEEN)
    with held(settings.home) as release, closing(waiting(settings, 30)) as patient:
        timer = threading.Timer(0.4, release)
        started = time.monotonic()
        timer.start()
        assert patient.add([other]).added == [other]
        assert time.monotonic() - started >= 0.4
        timer.join()


def test_reading_never_waits_for_a_writer(base: KnowledgeBase, settings: Settings, write: Write) -> None:
    base.add([write("a.txt", GRID)])
    with held(settings.home), closing(waiting(settings, 30)) as reader:
        started = time.monotonic()
        assert reader.ask("左云县有多少网格员").answer == GRID
        assert reader.text("a.txt").text == GRID
        assert reader.stats()["documents"] == 1
        assert time.monotonic() - started < 5


def test_two_processes_that_index_at_once_both_succeed(base: KnowledgeBase, settings: Settings, write: Write) -> None:
    base.add([write("a.txt", GRID)])
    folders = [write(f"{side}/{i}.txt", f"{side}第{i}个村有网格员。").parent for side in "xy" for i in range(20)]
    script = (
        "import sys; from pathlib import Path; from config.settings import load_settings\n"
        "from retrieval.service import KnowledgeBase; from tests.support.paper import PaperEmbedder\n"
        "base = KnowledgeBase(load_settings(home=Path(sys.argv[1])), embedder=PaperEmbedder())\n"
        "assert len(base.add([Path(sys.argv[2])]).added) == 20"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(settings.home), str(folder)],
            cwd=ROOT, env=this_tree(), stderr=subprocess.PIPE, text=True,
        )
        for folder in dict.fromkeys(folders)
    ]  # fmt: skip
    complaints = [process.communicate(timeout=60)[1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0], complaints
    assert len(base.documents()) == 41
    assert base.maintenance.integrity() is None
    assert len(base.ask("第7个村有网格员吗").citations) == 5
