"""No space left while indexing. A limit on the size of files (RLIMIT_FSIZE) makes writes fail as a full disk does,
for one process and without filling anything."""

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from config.settings import Settings
from retrieval.service import KnowledgeBase
from tests.support.paper import PaperEmbedder
from tests.support.running import ROOT, this_tree

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of files there")

Write = Callable[[str, str | bytes], Path]
GRID = "左云县有网格员51名。"
QUESTION = "左云县有多少网格员"

COMMON = """
import json, resource, sys
from pathlib import Path
from config.settings import load_settings
from retrieval.errors import StorageError, WenjuError
from retrieval.service import KnowledgeBase
from tests.support.paper import PaperEmbedder

home, folder, limit = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])

def open_base():
    return KnowledgeBase(load_settings(home=home).model_copy(update={"reader": "none"}), embedder=PaperEmbedder())

def set_limit(limit):
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard if limit is None else limit, hard))

def attempt(call):
    try:
        return {"report": [path.name for path in call().added]}
    except WenjuError as error:
        return {"error": type(error).__name__, "says": str(error)}

def tell(**facts):
    sys.stdout.write(json.dumps(facts))
"""


def run(script: str, settings: Settings, folder: Path, limit: int) -> dict[str, Any]:
    outcome = subprocess.run(
        [sys.executable, "-c", COMMON + script, str(settings.home), str(folder), str(limit)],
        cwd=ROOT, env=this_tree(), capture_output=True, text=True, check=False,
        timeout=100,
    )  # fmt: skip
    assert outcome.returncode == 0, outcome.stderr
    told: dict[str, Any] = json.loads(outcome.stdout)
    return told


def is_clear(told: dict[str, Any]) -> None:
    assert told["error"] == "StorageError"
    assert "\n" not in told["says"]
    assert "space" in told["says"]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Without a reader, which every process would load."""
    return settings.model_copy(update={"reader": "none"})


@pytest.fixture
def folder(write: Write) -> Path:
    """Some forty documents, about a megabyte in the database."""
    for i in range(40):
        write(f"docs/{i:02}.txt", "\n\n".join(f"{i}组{j}村有网格员{i * j}名，食堂{j}处。" for j in range(60)))
    return write("docs/grid.txt", GRID).parent


AT_ONCE = """
set_limit(limit)
tell(**attempt(lambda: open_base().add([folder])))
"""


@pytest.mark.parametrize(
    "limit",
    [0, 4_096, 30_000, 150_000, 400_000],
)
def test_what_was_stored_stays_and_the_next_run_completes(settings: Settings, folder: Path, limit: int) -> None:
    """The limits hit the laying out of the database, its log, the database itself, or the caches."""
    is_clear(run(AT_ONCE, settings, folder, limit))
    with closing(KnowledgeBase(settings, embedder=PaperEmbedder())) as base:
        kept = len(base.documents())
        report = base.add([folder])
        assert (len(report.added), report.unchanged, report.failures) == (41 - kept, kept, [])
        assert base.maintenance.integrity() is None
        assert base.ask(QUESTION).answer == GRID


REPORTED = """
base = open_base()
first = attempt(lambda: base.add([folder / "grid.txt"]))
set_limit(limit)
second = attempt(lambda: base.add([folder]))
answer = base.ask("左云县有多少网格员").answer
tell(first=first, second=second, answer=answer)
"""


def test_what_was_reported_as_indexed_answers_while_the_disk_is_full(settings: Settings, folder: Path) -> None:
    told = run(REPORTED, settings, folder, 120_000)
    assert told["first"] == {"report": ["grid.txt"]}
    is_clear(told["second"])
    assert told["answer"] == GRID
    with closing(KnowledgeBase(settings, embedder=PaperEmbedder())) as base:
        assert base.ask(QUESTION).answer == GRID
        base.add([folder])
        assert len(base.documents()) == 41


FREED = """
base = open_base()
first = attempt(lambda: base.add([folder / "grid.txt"]))
set_limit(limit)
full = attempt(lambda: base.add([folder]))
set_limit(None)
freed = attempt(lambda: base.add([folder]))
tell(full=full, freed=freed, documents=len(base.documents()), answer=base.ask("左云县有多少网格员").answer)
"""


@pytest.mark.parametrize("limit", [0, 120_000])
def test_a_long_running_process_goes_on_when_space_was_freed(settings: Settings, folder: Path, limit: int) -> None:
    """As `wenju index --watch` and a bot do: the same open index, once full, then not."""
    told = run(FREED, settings, folder, limit)
    is_clear(told["full"])
    assert "report" in told["freed"], told["freed"]
    assert told["documents"] == 41
    assert told["answer"] == GRID


REBUILT = """
base = open_base()
base.add([folder])
set_limit(limit)
full = attempt(lambda: base.rebuild())
set_limit(None)
tell(full=full, answer=base.ask("左云县有多少网格员").answer, documents=len(base.documents()))
"""


def test_a_rebuild_without_space_leaves_the_old_index(settings: Settings, folder: Path) -> None:
    told = run(REBUILT, settings, folder, 120_000)
    is_clear(told["full"])
    assert (told["answer"], told["documents"]) == (GRID, 41)
