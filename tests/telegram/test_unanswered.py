"""What the documents did not answer, as administrators see it."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli import run
from bot.memory.database import open_database
from bot.memory.memory import Memory, QuestionContext
from bot.memory.unanswered import unanswered
from retrieval.service import core_of
from retrieval.types import Answer, Status
from tests.telegram.conftest import GROUP, StartBot
from tests.telegram.fake import FakeTelegram
from tests.telegram.people import Person


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_database(tmp_path / "home")) as connection:
        yield connection


def keep(
    database: sqlite3.Connection, question: str, status: Status = "not_found", *, user: int = 1,
    understood: str | None = None, document: str | None = None, at: float | None = None,
) -> None:  # fmt: skip
    answer = Answer(question, status, 0.1, None, None, (), (), {"search": 1.0}, understood=understood)
    number = Memory(database).keep(QuestionContext(user, user, 1, "zh", None, document), answer)
    if at is not None:
        database.execute("UPDATE answers SET at = ? WHERE number = ?", (at, number))


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("左云县有多少网格员", "你好，请问左云县的网格员有多少？谢谢！"),
        ("左雲縣有多少網格員", "左云县有多少网格员"),
        ("Where is the ETC office?", "where is the etc office"),
    ],
)
def test_the_same_question_has_one_core(question: str, other: str) -> None:
    assert core_of(question) == core_of(other) != ""


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("左云县有多少网格员", "兴县有多少网格员"),
        ("2023年有多少", "2024年有多少"),
        ("多少", "什么"),
        ("低保", "低保户"),
    ],
)
def test_another_question_has_another(question: str, other: str) -> None:
    assert core_of(question) != core_of(other)


def test_those_that_ask_the_same_are_one_and_the_newest_comes_first(database: sqlite3.Connection) -> None:
    keep(database, "水价是多少", at=1_900_000_000)
    keep(database, "公交几点停", "related", user=2, at=1_900_000_100)
    keep(database, "请问水价是多少？", user=2, at=1_900_000_200)
    keep(database, "水价是多少", user=2, at=1_900_000_300)
    water, bus = unanswered(database, 10_000)
    assert (water.question, water.count, water.people) == ("水价是多少", 3, 2)
    assert water.forms == ("水价是多少", "请问水价是多少？")
    assert (water.first, water.last) == (1_900_000_000, 1_900_000_300)
    assert (bus.question, bus.status, bus.count) == ("公交几点停", "related", 1)


def test_what_was_answered_since_is_answered(database: sqlite3.Connection) -> None:
    keep(database, "水价是多少")
    keep(database, "你好，水价多少", "answered")
    assert unanswered(database, 90) == []
    keep(database, "水价多少")
    assert [(kept.question, kept.count) for kept in unanswered(database, 90)] == [("水价多少", 2)]


def test_a_follow_up_is_told_as_it_was_understood(database: sqlite3.Connection) -> None:
    keep(database, "那兴县呢", understood="兴县水价是多少")
    assert [kept.question for kept in unanswered(database, 90)] == ["兴县水价是多少"]


def test_what_is_not_stored_any_more_and_what_was_asked_in_one_document_are_not_told(
    database: sqlite3.Connection,
) -> None:
    keep(database, "很久以前问的", at=1.0)
    keep(database, "在一篇里问的", document="d" * 16)
    keep(database, "被删除的", user=9)
    Memory(database).forget(9)
    keep(database, "还在的")
    assert [kept.question for kept in unanswered(database, 90)] == ["还在的"]


def test_the_command_prints_them(
    database: sqlite3.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WENJU_HOME", str(tmp_path / "home"))
    assert run(["unanswered"]) == 0
    nothing = capsys.readouterr()
    assert nothing.out == "" and "left unanswered" in nothing.err
    keep(database, "水价\x1b[31m是多少", user=123456)
    assert run(["unanswered"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("    1  ") and "not_found" in shown and "\x1b" not in shown and "123456" not in shown
    assert run(["unanswered", "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert row["question"] == "水价\x1b[31m是多少" and row["count"] == row["people"] == 1 and row["forms"]
    assert row.keys() == {"question", "status", "count", "people", "first", "last", "forms"}


def test_administrators_see_them_in_the_chat(start_bot: StartBot, fake: FakeTelegram) -> None:
    start_bot()
    admin, person = Person(fake, 7), Person(fake, 42)
    assert admin.ask("/unanswered", seconds=60).text == "没有还没回答的问题。"
    for question in ("火星上的房租是多少", "请问，火星上的房租多少？"):
        assert person.ask(question, seconds=60).text.startswith("🚫")
    listed = admin.ask("/unanswered", seconds=60).text
    assert listed.startswith("还没有回答的问题：1 个，共问过 2 次：\n2× ") and "火星上的房租多少" in listed
    assert "火星" not in admin.within(GROUP).ask("/unanswered", seconds=60).text
    assert "只有管理员" in person.ask("/unanswered", seconds=60).text
    person.ask("/forget", seconds=60)
    assert admin.ask("/unanswered", seconds=60).text == "没有还没回答的问题。"
