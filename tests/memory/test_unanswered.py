"""What the documents did not answer, as `wenju unanswered` tells it."""

import json
import sqlite3
from pathlib import Path

import pytest

from bot.cli import run
from bot.memory.memory import Memory, QuestionContext
from bot.memory.unanswered import unanswered
from retrieval.types import Answer, Citation, Quote, Status


def keep(
    database: sqlite3.Connection, question: str, status: Status = "not_found", *, user: int = 1,
    understood: str | None = None, document: str | None = None, at: float | None = None,
) -> None:  # fmt: skip
    answer = Answer(question, status, 0.1, None, None, (), (), {"search": 1.0}, understood=understood)
    number = Memory(database).keep(QuestionContext(user, user, 1, "zh", None, document), answer)
    if at is not None:
        database.execute("UPDATE answers SET at = ? WHERE number = ?", (at, number))


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


def test_it_is_told_by_where_the_answer_came_closest_and_what_is_hidden_is_as_if_never_asked(
    database: sqlite3.Connection,
) -> None:
    cited = tuple(
        Citation(number, "名", "/名", None, document, "p", "题", None, None, None, None, ((0, 2),), "甲。", 0.5)
        for number, document in ((1, "a"), (2, "b"))
    )
    asked = QuestionContext(1, 1, 1, "zh", None, None)
    related = Answer("水价多少", "related", 0.1, None, None, (), cited, {}, closest=Quote(2, 0, 2))
    Memory(database).keep(asked, related)
    Memory(database).keep(asked, Answer("公交几点停", "related", 0.1, None, None, (), cited, {}))
    keep(database, "没有的")
    Memory(database).keep(asked, Answer("没有的", "answered", 0.9, None, "x", (Quote(2, 0, 2),), cited, {}))

    def told(*shown: str | None) -> list[tuple[str, int]]:
        return [(kept.question, kept.count) for kept in unanswered(database, 90, lambda closest: closest in shown)]

    assert told("b") == [("水价多少", 1)] and told("a") == [("公交几点停", 1)]
    assert told(None) == [("没有的", 1)], "who does not see the answer still lacks it"
    assert told("a", "b", None) == [("公交几点停", 1), ("水价多少", 1)]


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
    assert row.keys() == {"number", "question", "status", "count", "people", "first", "last", "forms"}
