"""Texts, rates, members and what the bot remembers; by hand, without a process."""

import asyncio
import hashlib
import io
import json
import logging
import re
import sqlite3
import string
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from telegram import Message, Update
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TimedOut

from bot.catalogue import SHARED, TELEGRAM, catalogue
from bot.intake import safe_name, take_in, uploads_folder
from bot.rate import Rate
from bot.telegram.access import Members
from bot.telegram.addressing import concerns, replied_to
from bot.telegram.database import FILE, open_database
from bot.telegram.export import exported
from bot.telegram.inbox import Inbox, UpdateQueue
from bot.telegram.keyboards import pressed
from bot.telegram.library import confirm_removal
from bot.telegram.logs import Handler, JsonLines, Lines, Redaction, _is_news
from bot.telegram.markup import Markup
from bot.telegram.memory import Memory, QuestionContext
from bot.telegram.network import FloodError, PatientLimiter
from bot.telegram.phrases import LANGUAGES, language_of, phrases
from bot.telegram.runtime import Runtime
from config.settings import Settings
from config.telegram import TelegramSettings
from retrieval.errors import StorageError
from retrieval.reasons import ListedDocument, Reason
from retrieval.service import KnowledgeBase, Progress
from retrieval.types import Answer, Citation, Quote
from tests.conftest import PaperEmbedder

CITATION = Citation(
    1, "名.txt", "/名.txt", None, "d" * 16, "p" * 22, "题", None, None, None, None, ((0, 6),), "共有51名。", 0.7
)
ANSWER = Answer("有多少", "answered", 0.8, None, "51名", (Quote(1, 2, 5),), (CITATION,), {"total": 1.0}, 0.9)
ASKED = QuestionContext(1, 2, 3, "zh", None, None)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_database(tmp_path / "home")) as connection:
        yield connection


@pytest.fixture
def memory(database: sqlite3.Connection) -> Memory:
    return Memory(database)


# -- texts -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_says_the_same(language: str) -> None:
    chinese, other = phrases("zh").texts, phrases(language).texts
    assert chinese.keys() == other.keys()
    for key in chinese:
        assert _fields(chinese[key]) == _fields(other[key]), key
        assert chinese[key].strip() and other[key].strip(), key


def test_no_text_stands_in_both_catalogues() -> None:
    assert not catalogue("zh", SHARED).keys() & catalogue("zh", TELEGRAM).keys()


def _fields(text: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field}


def test_every_text_is_used() -> None:
    root = Path(__file__).parents[2]
    files = [*(root / "bot").rglob("*.py"), root / "retrieval" / "reasons.py"]
    source = "".join(path.read_text("utf-8") for path in files)
    prefixes = ("button_", "menu_", "reason_", "left_out_", "tally_")
    named = set(re.findall(r"[\"']([a-z_]+)[\"']", source))
    assert {key for key in phrases("zh").texts if not key.startswith(prefixes)} <= named


@pytest.mark.parametrize(
    ("code", "language"),
    [("zh", "zh"), ("zh-hans", "zh"), ("zh-TW", "zh"), ("en-GB", "en"), ("ru", "en"), (None, "zh"), ("", "zh")],
)
def test_the_language_of_a_user(code: str | None, language: str) -> None:
    assert language_of(code, "zh") == language


# -- rates and members -------------------------------------------------------------------------------------------


def test_a_rate_counts_the_last_minute() -> None:
    rate = Rate(2)
    assert [rate.wait(1, now) for now in (0.0, 10.0)] == [0.0, 0.0]
    assert rate.wait(1, 20.0) == 40.0, "the first is a minute old at 60"
    assert rate.wait(2, 20.0) == 0.0, "others are not concerned"
    assert rate.tell(1, 20.0) and not rate.tell(1, 30.0)
    assert rate.wait(1, 60.0) == 0.0 and rate.wait(1, 61.0) == 9.0
    assert rate.tell(1, 61.0), "it is another wait"


def test_members(database: sqlite3.Connection) -> None:
    members = Members(database, TelegramSettings(access="allowlist", admins=(7,), allowed=(5, -100)))
    asked = {(user, chat): members.may_ask(user, chat) for user, chat in [(7, 7), (5, 5), (6, 6), (6, -100), (7, -1)]}
    assert asked == {(7, 7): True, (5, 5): True, (6, 6): False, (6, -100): True, (7, -1): True}
    members.deny(5)
    members.allow(6)
    assert not members.may_ask(5, 5) and not members.may_ask(5, -100) and members.may_ask(6, 6)
    members.deny(7)
    assert members.may_ask(7, 7), "an administrator is not shut out from the chat"
    everybody = Members(database, TelegramSettings(access="open"))
    assert everybody.may_ask(99, 99) and not everybody.may_ask(5, 5)
    assert not everybody.join(99, members.new_code()), "codes are for where they are in use"


# -- memory ------------------------------------------------------------------------------------------------------


def test_an_answer_is_kept_as_it_was(memory: Memory) -> None:
    number = memory.keep(ASKED, ANSWER)
    memory.sent(number, 1, 10)
    shown = memory.shown_for(1, 3)
    assert shown is not None and shown == memory.shown(number)
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
    answer = replace(ANSWER, status="related", reason=reason, answer=None, quotes=())
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
    assert [(one.rating, one.reason) for one in memory.verdicts()] == [("down", "outdated"), ("down", None)]
    memory.keep(ASKED, ANSWER, number)
    assert list(memory.verdicts()) == [], "an edited question has another answer"


def test_what_is_old_is_erased(memory: Memory, database: sqlite3.Connection) -> None:
    old, new = memory.keep(ASKED, ANSWER), memory.keep(ASKED, ANSWER)
    memory.judge(old, 8, "up", None)
    memory.go_on_from(1, 2, "有多少")
    database.execute("UPDATE answers SET at = ? WHERE number = ?", (time.time() - 91 * 86_400, old))
    memory.expire(90)
    assert memory.shown(old) is None and memory.shown(new) is not None
    assert list(memory.verdicts()) == [] and memory.before(1, 2) == "有多少"
    began = time.monotonic()
    memory.passage_sent(2, 5, 9, "d" * 16)
    memory.forget(2)
    assert memory.shown(new) is None and memory.before(1, 2) is None
    assert memory.document_of(2, 5) is None, "nor what anybody was shown in the private chat"
    assert memory.was_forgotten(2, began) and not memory.was_forgotten(2, time.monotonic() + 1)


def test_an_export_names_the_evidence(memory: Memory) -> None:
    memory.judge(memory.keep(ASKED, ANSWER), 8, "up", None)
    (row,) = map(exported, memory.verdicts())
    assert (row["question"], row["answers"], row["doc"], row["evidence"]) == ("有多少", ["51名"], "名.txt", "51名")
    assert (row["feedback"]["confidence"], row["feedback"]["shown"][0]["score"]) == (0.8, 0.7)


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
    memory.go_on_from(-5, 2, "有多少")
    memory.move_chat(-5, -1005)
    assert memory.before(-1005, 2) == "有多少"
    assert memory.shown_for(-1005, 40) is None and memory.document_of(-1005, 41) is None
    other = memory.keep(QuestionContext(-6, 2, 40, "zh", None, None), ANSWER)
    memory.sent(other, -1006, 7)
    assert memory.shown_for(-1006, 40) is None, (
        "an answer on its way keeps its buttons and forgets which message asked"
    )


# -- inbox -------------------------------------------------------------------------------------------------------


def _update(number: int, text: str = "问") -> Update:
    content = {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}, "text": text}
    content["from"] = {"id": 5, "is_bot": False, "first_name": "人"}
    update = Update.de_json({"update_id": number, "message": content}, None)
    assert update is not None
    return update


def test_the_inbox_keeps_what_was_not_struck_out(database: sqlite3.Connection) -> None:
    inbox = Inbox(database)
    assert inbox.take(_update(2)) and inbox.take(_update(1)) and not inbox.take(_update(2))
    inbox.acknowledge(1)
    ((number, body),) = inbox.waiting()
    assert number == 2 and '"update_id": 2' in body
    assert [inbox.begin(2), inbox.begin(2)] == [1, 2]
    inbox.resign(2)
    assert inbox.begin(2) == 2, "a stop is not counted"
    assert not inbox.take(_update(1)), "what was acknowledged is still known"


def test_a_disk_that_is_full_does_not_stop_answers(database: sqlite3.Connection) -> None:
    async def put() -> list[object]:
        queue = UpdateQueue(Inbox(database), lambda _: True, lambda: None)
        database.execute("PRAGMA query_only = ON")  # every write fails, as on a full disk
        await queue.put(_update(1))
        return [queue.get_nowait()]

    assert len(asyncio.run(put())) == 1


# -- sending -----------------------------------------------------------------------------------------------------


def _tries(error: Exception) -> int:
    """How often a message is sent, when each time this error comes of it."""
    tries = 0

    async def call() -> object:
        nonlocal tries
        tries += 1
        raise error

    async def send() -> None:
        with pytest.raises(type(error) if not isinstance(error, RetryAfter) else FloodError):
            await PatientLimiter(30).process_request(call, (), {}, "sendMessage", {"chat_id": 1}, None)

    asyncio.run(send())
    return tries


def test_what_may_have_arrived_is_not_sent_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.telegram.network._PAUSES", (0.0, 0.0, 0.0))
    late, unsent = TimedOut(), TimedOut()
    late.__cause__, unsent.__cause__ = httpx.ReadTimeout("late"), httpx.ConnectTimeout("no line")
    assert _tries(late) == 1
    assert _tries(unsent) == _tries(NetworkError("502")) == 4
    assert _tries(BadRequest("no")) == 1
    assert _tries(RetryAfter(3600)) == 1, "nobody waits an hour within a handler"


# -- who is spoken to --------------------------------------------------------------------------------------------


def _message(**content: object) -> Message:
    known: dict[str, object] = {"message_id": 9, "date": 1, "chat": {"id": -5, "type": "supergroup", "title": "群"}}
    known["from"] = {"id": 5, "is_bot": False, "first_name": "人"}
    message = Message.de_json({**known, **content}, None)
    assert message is not None
    return message


def test_in_a_topic_nobody_replies_to_its_beginning() -> None:
    beginning = {"message_id": 3, "date": 1, "chat": {"id": -5, "type": "supergroup", "title": "群"}}
    created = {**beginning, "forum_topic_created": {"name": "题", "icon_color": 1}}
    topic = {"message_thread_id": 3, "is_topic_message": True}
    assert replied_to(_message(reply_to_message=created, **topic)) is None
    assert replied_to(_message(reply_to_message=beginning, **topic)) is None
    assert replied_to(_message(reply_to_message={**beginning, "message_id": 4}, **topic)) is not None


class _Bot:
    id, username = 123, "WenjuTestBot"


@pytest.mark.parametrize(
    ("content", "ours"),
    [
        ({"text": "/ask 网格员"}, True),
        ({"text": "/ask@wenjutestbot 网格员"}, True),
        ({"text": "/ask@OtherBot 网格员"}, False),
        ({"text": "@WenjuTestBot 网格员"}, True),
        ({"text": "x@WenjuTestBot.example"}, False),
        ({"text": "网格员"}, False),
        ({"caption": "/add", "document": {"file_id": "x", "file_unique_id": "x"}}, True),
        ({"caption": "/ask 网格员", "document": {"file_id": "x", "file_unique_id": "x"}}, False),
        ({"text": "/ask 网格员", "via_bot": {"id": 123, "is_bot": True, "first_name": "问据"}}, False),
        ({"text": "网格员", "chat": {"id": 5, "type": "private"}}, True),
    ],
)
def test_what_concerns_the_bot(content: dict[str, object], ours: bool) -> None:
    update = Update(1, message=_message(**content))
    assert concerns(update, _Bot()) is ours  # type: ignore[arg-type]


# -- small parts -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [None, "", "v1", "v1:m", "v2:m:1", "v1:m:1;", "x" * 64, "v1:M:1"])
def test_data_of_nobody(data: str | None) -> None:
    assert pressed(data) is None


def test_secrets_are_taken_out_of_text() -> None:
    redact = Redaction(TelegramSettings(token="1:short", webhook_secret="s3cret"))  # type: ignore[arg-type]
    text = "https://api/bot1:short/x s3cret 987654321:AAFabcdefghijklmnopqrstuvwxyz012345"
    assert redact(text) == "https://api/bot[secret]/x [secret] [token]"
    assert redact("https://api/bot987654321%3aAAFabcdefghijklmnopqrstuvwxyz012345/x") == "https://api/bot[token]/x"
    redact = Redaction(TelegramSettings(token="1:long-enough"))  # type: ignore[arg-type]
    assert redact("1%3Along-enough 1:\nlong-enough") == "1%3A[secret] 1:\n[secret]"


@pytest.mark.parametrize("form", [Lines, JsonLines])
def test_nobody_forges_a_line_of_the_log(form: type[Lines] | type[JsonLines]) -> None:
    formatter = form(Redaction(TelegramSettings(token="1:long-enough")))  # type: ignore[arg-type]
    evil = "x\n12:00:00 ERROR forged\r\x1b[2J\x9b5m\u202e\u2028 1:long-enough"
    try:
        try:
            raise ValueError(evil)
        except ValueError as error:
            raise KeyError(evil) from error
    except KeyError as error:
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "%s", (evil,), (KeyError, error, error.__traceback__))
    record.question = evil
    line = formatter.format(record)
    assert "long-enough" not in line and not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e]", line)
    assert not re.search("^12:00:00 ERROR forged", line, re.MULTILINE)
    if form is JsonLines:
        assert "\n" not in line and json.loads(line)["question"].startswith("x\n12:00:00")


def test_what_cannot_be_formatted_is_not_printed_raw(capsys: pytest.CaptureFixture[str]) -> None:
    handler = Handler()
    handler.setFormatter(Lines(Redaction(TelegramSettings())))
    handler.handle(logging.LogRecord("x", logging.ERROR, "f", 1, "%d", ("1:long-enough",), None))
    assert capsys.readouterr().err == "A line of x could not be written to the log\n"


@pytest.mark.parametrize("nothing", [None, False, (None, None, None)])
def test_a_record_without_an_error_is_shown_however_that_is_said(nothing: Any) -> None:
    record = logging.LogRecord("asyncio", logging.ERROR, "f", 1, "a line", (), nothing)
    assert _is_news(record)
    unknown = InvalidToken("x")
    assert not _is_news(logging.LogRecord("x", logging.ERROR, "f", 1, "", (), (InvalidToken, unknown, None)))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("state", ["closed", "disk full"])
def test_a_log_that_cannot_be_written_is_no_error_of_who_logs(state: str) -> None:
    with io.TextIOWrapper(io.FileIO("/dev/full", "w"), "utf-8", write_through=True) as stream:
        if state == "closed":
            stream.close()
        with pytest.raises((OSError, ValueError)):
            stream.write("a line\n")
        handler = Handler(stream)
        for _ in range(3):
            handler.handle(logging.LogRecord("x", logging.ERROR, "f", 1, "a line", (), None))


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("通知.pdf", "通知.pdf"),
        ("../../a.txt", "a.txt"),
        ("C:\\x\\a.txt", "a.txt"),
        (".hidden.txt", "hidden.txt"),
        ("", "document"),
        ("..", "document"),
        ("a\x00b.txt", "a_b.txt"),
        ("x" * 300 + ".txt", "x" * 196 + ".txt"),
    ],
)
def test_safe_names(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@pytest.mark.parametrize("name", ["通知.zip", "信.MBOX"])
def test_what_holds_several_documents_is_not_taken_in(base: KnowledgeBase, name: str) -> None:
    received = take_in(base, name, b"PK")
    assert (received.outcome, received.kind) == ("not_added", "type")
    assert not uploads_folder(base).exists()


def test_a_version_that_was_left_behind_by_a_crash_is_put_back(base: KnowledgeBase) -> None:
    folder = uploads_folder(base)
    assert take_in(base, "通知.txt", "网格员51名。".encode()).outcome == "added"
    (folder / ".before-通知.txt").write_bytes((folder / "通知.txt").read_bytes())
    (folder / "通知.txt").write_bytes(b"half a ")
    assert take_in(base, "通知.txt", b"\x00\x01").outcome == "not_added_kept"
    assert (folder / "通知.txt").read_text("utf-8") == "网格员51名。"
    assert [path.name for path in folder.iterdir()] == ["通知.txt"]
    (folder / "通知.txt").write_bytes(b"half a ")
    assert take_in(base, "通知.txt", "网格员51名。".encode()).outcome == "unchanged"
    assert (folder / "通知.txt").read_text("utf-8") == "网格员51名。"


def test_a_removal_leaves_a_version_that_came_while_it_waited(
    base: KnowledgeBase, settings: Settings, paper: PaperEmbedder, database: sqlite3.Connection
) -> None:
    """An administrator confirms that the old one goes, while a new one of another's is being indexed."""
    path = uploads_folder(base) / "通知.txt"
    take_in(base, path.name, "网格员51名。".encode())
    (old,) = base.documents()
    chosen = TelegramSettings(admins=(7,))
    runtime = Runtime(chosen, base, Memory(database), Members(database, chosen))
    number = runtime.memory.propose_removal(7, old.document_id, old.sha256)
    path.write_text("网格员52名。", "utf-8")
    indexing, go_on = threading.Event(), threading.Event()

    def hold(_: Progress) -> None:
        indexing.set()
        assert go_on.wait(20)

    other = KnowledgeBase(settings, embedder=paper)
    adding = threading.Thread(target=other.add, args=([path],), kwargs={"progress": hold})
    adding.start()
    assert indexing.wait(20)

    async def confirm() -> object:
        asyncio.get_running_loop().call_later(0.5, go_on.set)
        return await confirm_removal(runtime, 7, number, True, phrases("zh"))

    outcome = asyncio.run(confirm())
    adding.join(20)
    assert isinstance(outcome, Markup) and "更新" in outcome.plain
    assert [record.sha256 for record in base.documents()] == [hashlib.sha256(path.read_bytes()).hexdigest()]
    assert runtime.memory.proposed_removal(number) is None
    runtime.close()
    other.close()


def test_a_file_that_cannot_be_written_leaves_the_version_before(base: KnowledgeBase) -> None:
    folder = uploads_folder(base)
    take_in(base, "通知.txt", "网格员51名。".encode())
    (folder / ".incoming-通知.txt").mkdir()  # so that writing there fails
    with pytest.raises(StorageError, match="cannot be written"):
        take_in(base, "通知.txt", "网格员52名。".encode())
    assert (folder / "通知.txt").read_text("utf-8") == "网格员51名。"
