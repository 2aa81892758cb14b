"""Answers that are added to what was not answered, by pointing to a passage: the file, and `wenju unanswered`."""

import json
import resource
import shutil
import signal
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from bot.added_answers import FILE, FollowUpError, HiddenSourceError, add_answer
from bot.cli import run
from bot.intake import uploads_folder
from bot.memory.database import open_database
from bot.memory.unanswered import UnansweredQuestion, answer_added, unanswered
from config.settings import load_settings
from retrieval.errors import BusyError, DocumentError, NotFoundError, StorageError
from retrieval.service import KnowledgeBase
from retrieval.types import StoredPassage
from tests.memory.test_unanswered import keep
from tests.support.paper import PaperEmbedder
from tests.web.conftest import DOCUMENTS, GRID, make_home

ASKED = "公交几点停"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """With `bot.db` in it, as `database` has it."""
    return make_home(tmp_path)


@pytest.fixture
def database(home: Path, database: sqlite3.Connection) -> sqlite3.Connection:
    assert (home / "bot.db").exists()
    return database


@pytest.fixture
def base(home: Path) -> Iterator[KnowledgeBase]:
    with closing(opened(home)) as base:
        yield base


def opened(home: Path, **settings: Any) -> KnowledgeBase:
    chosen = load_settings(home=home, **settings).model_copy(update={"reader": "none"})
    return KnowledgeBase(chosen, embedder=PaperEmbedder())


def asked_for(question: str = ASKED, written: str | None = None) -> UnansweredQuestion:
    return UnansweredQuestion(1, question, written or question, "not_found", 1, 1, 1.0, 1.0, (question,))


def passage_in(base: KnowledgeBase, name: str = "长者食堂.txt") -> StoredPassage:
    return base.passages_of(name)[0]


def pairs(base: KnowledgeBase) -> list[dict[str, str]]:
    return [json.loads(line) for line in (uploads_folder(base) / FILE).read_text("utf-8").splitlines()]


@contextmanager
def full_disk() -> Iterator[None]:
    """A limit on the size of files makes writes fail as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


def test_the_pair_is_cited_like_any_other_and_says_where_it_comes_from(base: KnowledgeBase) -> None:
    added = add_answer(base, asked_for("长者食堂几点开饭"), passage_in(base))
    assert added.answer == "云溪县长者食堂每天中午十一点半开饭。志愿者有12名。", "without its heading"
    assert pairs(base) == [{"question": added.question, "answer": added.answer, "来源": "云溪县长者食堂"}]
    answer = base.ask("长者食堂几点开饭")
    cited = answer.citations[answer.quotes[0].citation - 1]
    assert (answer.status, cited.document) == ("answered", FILE)
    assert "来源：云溪县长者食堂" in cited.text and "十一点半" in (answer.answer or "")


def test_what_is_marked_is_the_answer(base: KnowledgeBase) -> None:
    passage = passage_in(base, "左云县网格员队伍.md")
    start = passage.text.index(GRID)
    assert add_answer(base, asked_for(), passage, [(start, start + len(GRID))]).answer == GRID
    made_up = add_answer(base, asked_for(), passage, [(0, 10_000)])
    assert "58个网格" in made_up.answer and len(pairs(base)) == 1


def test_the_same_question_again_replaces_its_answer_and_leaves_the_others(base: KnowledgeBase) -> None:
    add_answer(base, asked_for(), passage_in(base))
    add_answer(base, asked_for("谁来巡查"), passage_in(base, "左云县网格员队伍.md"))
    add_answer(base, asked_for(f"请问{ASKED}？"), passage_in(base, "平山县通知.txt"))
    add_answer(base, asked_for(f"请问{ASKED}？"), passage_in(base, "平山县通知.txt"))
    assert [(pair["question"], pair["来源"]) for pair in pairs(base)] == [
        (f"请问{ASKED}？", "平山县网格员通知"), ("谁来巡查", "左云县网格员队伍"),
    ]  # fmt: skip


def test_the_file_may_be_edited_and_the_document_removed(base: KnowledgeBase) -> None:
    add_answer(base, asked_for(), passage_in(base))
    path = uploads_folder(base) / FILE
    path.write_bytes('\ufeff{"question": "自己写的", "answer": "自己答的。"}\r\n'.encode())
    assert base.add([path]).changed == [path]
    base.remove(FILE)
    add_answer(base, asked_for(), passage_in(base))
    assert [pair["question"] for pair in pairs(base)] == ["自己写的", ASKED]
    path.write_text("不是 JSON\n", "utf-8")
    with pytest.raises(DocumentError, match="line 1 is no JSON object"):
        add_answer(base, asked_for(), passage_in(base))
    assert path.read_text("utf-8") == "不是 JSON\n", "what somebody wrote is not lost"


def test_a_full_disk_leaves_what_was_there(base: KnowledgeBase) -> None:
    add_answer(base, asked_for(), passage_in(base))
    before = (uploads_folder(base) / FILE).read_bytes()
    with full_disk(), pytest.raises(StorageError, match="cannot be written"):
        add_answer(base, asked_for("谁来巡查"), passage_in(base))
    assert (uploads_folder(base) / FILE).read_bytes() == before
    add_answer(base, asked_for("谁来巡查"), passage_in(base))
    assert len(pairs(base)) == 2


def test_what_a_killed_process_moved_aside_is_gone_on_from(base: KnowledgeBase) -> None:
    add_answer(base, asked_for(), passage_in(base))
    path = uploads_folder(base) / FILE
    path.rename(path.with_name(f".before-{FILE}"))
    add_answer(base, asked_for("谁来巡查"), passage_in(base))
    assert [pair["question"] for pair in pairs(base)] == [ASKED, "谁来巡查"]
    assert [left.name for left in path.parent.iterdir()] == [FILE]


def test_several_at_once_lose_none(home: Path) -> None:
    """As several processes do, for each has its own knowledge base and its own handle on the lock."""
    questions = ["公交几点停", "谁来巡查", "水价多少", "车站在哪里"]

    def add(question: str) -> None:
        with closing(opened(home)) as base:
            add_answer(base, asked_for(question), passage_in(base))

    threads = [threading.Thread(target=add, args=(question,)) for question in questions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with closing(opened(home)) as base:
        assert {pair["question"] for pair in pairs(base)} == set(questions)
        assert base.text(FILE).text.count("来源：") == len(questions)


def test_who_waits_too_long_for_another_is_told(home: Path, base: KnowledgeBase) -> None:
    hasty, waiting = opened(home, index={"wait_seconds": 0.1}), pytest.raises(BusyError, match="adding an answer")
    with closing(hasty), FileLock(home / "answers.lock"), waiting:
        add_answer(hasty, asked_for(), passage_in(base))
    assert not (uploads_folder(base) / FILE).exists()


def test_what_not_everybody_sees_is_not_told_to_everybody(home: Path, base: KnowledgeBase) -> None:
    hidden = home.with_name("documents") / "长者食堂.txt"
    with closing(opened(home, access={"collections": {str(hidden): ["user:5"]}})) as some:
        with pytest.raises(HiddenSourceError, match="not everybody sees"):
            add_answer(some, asked_for(), passage_in(some))
        with pytest.raises(FollowUpError, match="goes on from another question"):
            add_answer(some, asked_for("兴县公交几点停", "那兴县呢"), passage_in(some, "平山县通知.txt"))
        assert not (uploads_folder(some) / FILE).exists()
        assert add_answer(some, asked_for(ASKED, f"{ASKED}？"), passage_in(some, "平山县通知.txt"))
    with closing(opened(home, access={"collections": {str(home.parent): ["user:5"]}})) as all_hidden:
        assert add_answer(all_hidden, asked_for(), passage_in(all_hidden)), "who sees the one sees the other"
    assert add_answer(base, asked_for("兴县公交几点停", "那兴县呢"), passage_in(base)).question == "兴县公交几点停"


def test_it_is_off_the_list_until_it_is_asked_again_in_vain(database: sqlite3.Connection) -> None:
    keep(database, ASKED)
    keep(database, "谁来巡查")
    walks, bus = unanswered(database, 90)
    answer_added(database, bus)
    assert unanswered(database, 90) == [walks]
    keep(database, f"请问{ASKED}")
    assert [(group.question, group.number) for group in unanswered(database, 90)] == [
        (f"请问{ASKED}", bus.number), ("谁来巡查", walks.number),
    ], "under the number that it had"  # fmt: skip


def test_the_command_adds_it(
    indexed_samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = shutil.copytree(indexed_samples, tmp_path / "samples")
    with closing(open_database(home)) as database:
        monkeypatch.setenv("WENJU_HOME", str(home))
        _add_by_command(home, database, capsys)


def _add_by_command(home: Path, database: sqlite3.Connection, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(KnowledgeBase(load_settings(home=home))) as known:
        passage_id = passage_in(known, "左云县网格员队伍.md").passage.passage_id
    keep(database, ASKED)
    (number,) = (group.number for group in unanswered(database, 90))
    assert run(["unanswered", "--answer", str(number + 1), passage_id]) == 2
    assert f"no #{number + 1} among" in capsys.readouterr().err
    assert run(["unanswered", "--answer", str(number), "-" * 22]) == 2
    assert "no passage" in capsys.readouterr().err.lower()
    assert unanswered(database, 90) and not (home / "uploads").exists()
    assert run(["unanswered"]) == 0
    assert f"#{number}  " in capsys.readouterr().out
    assert run(["unanswered", "--answer", str(number), passage_id]) == 0
    assert capsys.readouterr().out.startswith(f"Added to {FILE}: {ASKED} → ")
    assert unanswered(database, 90) == []


def test_a_passage_that_is_gone_is_not_found(base: KnowledgeBase) -> None:
    passage_id = passage_in(base).passage.passage_id
    base.remove("长者食堂.txt")
    assert len(base.documents()) == len(DOCUMENTS) - 1
    with pytest.raises(NotFoundError):
        base.passage(passage_id)
