"""What the doors remember; by hand, without a process."""

import json
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.memory.database import FILE, open_database
from bot.memory.feedback import exported
from bot.memory.memory import Memory, QuestionContext
from retrieval.errors import StorageError
from retrieval.reasons import ListedDocument, Reason
from retrieval.types import Answer, Citation, Quote

CITATION = Citation(
    1, "名.txt", "/名.txt", None, "d" * 16, "p" * 22, "题", None, None, None, None, ((0, 6),), "共有51名。", 0.7
)
ANSWER = Answer("有多少", "answered", 0.8, None, "51名", (Quote(1, 2, 5),), (CITATION,), {"total": 1.0}, 0.9)
ASKED = QuestionContext(1, 2, 3, "zh", None, None)


@pytest.fixture
def memory(database: sqlite3.Connection) -> Memory:
    return Memory(database)


def test_an_answer_is_kept_as_it_was(memory: Memory) -> None:
    number = memory.keep(ASKED, ANSWER)
    memory.sent(number, 1, 10)
    (shown,) = memory.shown_for(1, 3)
    assert shown == memory.shown(number)
    assert (shown.answer, shown.asked, shown.message_id) == (ANSWER, ASKED, 10)


@pytest.mark.parametrize(
    "reason",
    [
        Reason("only_related", "zh"),
        Reason("names_missing", "en", names=("Datong", "Zuoyun"), documents=2),
        Reason("documents_latest", "zh", documents=9, shown=1, listed=(ListedDocument("题", "2026-01-01"),)),
    ],
)
def test_a_reason_is_kept_as_it_was(reason: Reason, memory: Memory) -> None:
    answer = replace(ANSWER, status="related", reason=reason, answer=None, quotes=(), closest=Quote(1, 0, 2, "县"))
    shown = memory.shown(memory.keep(ASKED, answer))
    assert shown is not None and shown.answer == answer


def test_what_became_of_a_cited_rule_is_kept(memory: Memory) -> None:
    cited = replace(CITATION, became=Reason("repealed", "zh", title="供水条例"))
    answer = replace(ANSWER, citations=(cited,))
    shown = memory.shown(memory.keep(ASKED, answer))
    assert shown is not None and shown.answer == answer


@pytest.mark.parametrize(
    ("status", "message", "reason"),
    [
        ("not_found", "2份文档里都没有提到“云溪县”。", Reason("no_answer", "zh")),
        ("related", "The documents have related passages.", Reason("only_related", "en")),
        ("answered", None, None),
    ],
)
def test_an_answer_of_an_earlier_version_is_still_told(
    status: str, message: str | None, reason: Reason | None, memory: Memory, database: sqlite3.Connection
) -> None:
    """Those kept a sentence in the place of the reason."""
    number = memory.keep(ASKED, ANSWER)
    body = json.loads(database.execute("SELECT body FROM answers").fetchone()["body"])
    del body["reason"]
    earlier = json.dumps({**body, "status": status, "message": message})
    database.execute("UPDATE answers SET body = ?", (earlier,))
    shown = memory.shown(number)
    assert shown is not None
    assert (shown.answer.reason, shown.answer.citations) == (reason, (CITATION,))


def test_an_answer_of_an_older_version_is_still_read(memory: Memory, database: sqlite3.Connection) -> None:
    number = memory.keep(ASKED, ANSWER)
    (body,) = database.execute("SELECT body FROM answers").fetchone()
    older = json.loads(body)
    del older["citations"][0]["breaks"], older["figures"]
    database.execute("UPDATE answers SET body = ?", (json.dumps(older),))
    shown = memory.shown(number)
    assert shown is not None and shown.answer == ANSWER


def test_feedback_is_of_the_answer_that_was_shown(memory: Memory) -> None:
    number = memory.keep(ASKED, ANSWER)
    memory.judge(number, 8, "up", None)
    memory.judge(number, 9, "down", "outdated")
    memory.judge(number, 8, "down", None)
    assert [(verdict.rating, verdict.reason) for verdict in memory.verdicts()] == [
        ("down", "outdated"),
        ("down", None),
    ]
    memory.keep(ASKED, ANSWER, number)
    assert list(memory.verdicts()) == [], "an edited question has another answer"


def test_what_is_old_is_erased(memory: Memory, database: sqlite3.Connection) -> None:
    old, new = memory.keep(ASKED, ANSWER), memory.keep(ASKED, ANSWER)
    memory.judge(old, 8, "up", None)
    memory.go_on_from(1, 0, 2, "有多少\x1f林芳")
    database.execute("UPDATE answers SET at = ? WHERE number = ?", (time.time() - 91 * 86_400, old))
    memory.expire(90)
    assert memory.shown(old) is None and memory.shown(new) is not None
    assert list(memory.verdicts()) == [] and memory.before(1, 0, 2) == "有多少\x1f林芳"
    database.execute("UPDATE threads SET at = ?", (time.time() - 86_401,))
    assert memory.before(1, 0, 2) is None, "after a day nothing is gone on from"
    memory.go_on_from(1, 0, 2, "有多少")
    began = time.monotonic()
    memory.passage_sent(2, 5, 9, "d" * 16)
    memory.forget(2)
    assert memory.shown(new) is None and memory.before(1, 0, 2) is None
    assert memory.document_of(2, 5) is None, "nor what anybody was shown in the private chat"
    assert memory.was_forgotten(2, began) and not memory.was_forgotten(2, time.monotonic() + 1)


def test_an_export_names_the_evidence(memory: Memory) -> None:
    memory.judge(memory.keep(ASKED, ANSWER), 8, "up", None)
    (row,) = map(exported, memory.verdicts())
    assert (row["question"], row["answers"], row["doc"], row["evidence"]) == ("有多少", ["51名"], "名.txt", "51名")
    assert (row["feedback"]["confidence"], row["feedback"]["shown"][0]["score"]) == (0.8, 0.7)


def test_a_thread_that_was_kept_in_two_lines_still_names_whom_it_named(tmp_path: Path) -> None:
    with closing(open_database(tmp_path)) as database:
        Memory(database).go_on_from(1, 0, 2, "县长是谁\n林芳")
        for column in ("name", "outcome"):  # which a later version brought
            database.execute(f"ALTER TABLE uploads DROP COLUMN {column}")
        database.execute("ALTER TABLE passages DROP COLUMN passage")
        for table in ("suggestions", "answers_added"):
            database.execute(f"DROP TABLE {table}")
        database.execute("PRAGMA user_version = 3")
    with closing(open_database(tmp_path)) as database:
        assert Memory(database).before(1, 0, 2) == "县长是谁\x1f林芳"


def test_a_newer_or_damaged_database_is_left_alone(tmp_path: Path) -> None:
    open_database(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / FILE)) as database:
        database.execute("PRAGMA user_version = 99")
    with pytest.raises(StorageError, match="newer version"):
        open_database(tmp_path)
    damaged = tmp_path / "damaged" / FILE
    damaged.parent.mkdir()
    damaged.write_bytes(b"this is no database" * 100)
    with pytest.raises(StorageError, match="moved away"):
        open_database(damaged.parent)
    assert damaged.read_bytes().startswith(b"this is no database")


def test_the_memory_is_for_its_owner_alone(tmp_path: Path) -> None:
    open_database(tmp_path).close()
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0


def test_a_supergroup_counts_its_messages_anew(memory: Memory) -> None:
    number = memory.keep(QuestionContext(-5, 2, 40, "zh", None, None), ANSWER)
    memory.sent(number, -5, 41)
    memory.passage_sent(-5, 41, 2, "d" * 16)
    memory.go_on_from(-5, 0, 2, "有多少")
    memory.move_chat(-5, -1005)
    assert memory.before(-1005, 0, 2) == "有多少"
    assert memory.shown_for(-1005, 40) == [] and memory.document_of(-1005, 41) is None
    other = memory.keep(QuestionContext(-6, 2, 40, "zh", None, None), ANSWER)
    memory.sent(other, -1006, 7)
    assert memory.shown_for(-1006, 40) == [], "an answer on its way keeps its buttons and forgets which message asked"
