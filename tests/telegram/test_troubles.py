"""What goes wrong in the world: lost lines, floods, another instance, unreadable updates, a full disk."""

import json
import re
import resource
import sqlite3
import time
from contextlib import closing

import httpx
import pytest

from tests.telegram.conftest import ADMIN, USER, StartBot
from tests.telegram.fake import TOKEN, FakeTelegram
from tests.telegram.people import Person
from tests.telegram.running import RunningBot, free_port

QUESTION = "左云县有多少网格员"


@pytest.fixture(scope="module")
def shared(share_paper: StartBot) -> RunningBot:
    return share_paper()


@pytest.fixture(scope="module")
def chosen(share_paper: StartBot) -> RunningBot:
    """A bot with settings that are not the usual ones."""
    port = str(free_port())
    return share_paper(TELEGRAM__LATE_MINUTES="120", TELEGRAM__LOG_QUESTIONS="true", TELEGRAM__METRICS_PORT=port)


def test_a_minute_after_the_setting_is_late(chosen: RunningBot) -> None:
    anna = Person(chosen.fake, 42)
    assert "51名" in anna.reply_to(anna.say(QUESTION, age=3600)).text


@pytest.mark.parametrize(
    ("kind", "times", "seconds"), [("429", 2, 1.0), ("502", 2, 0.0), ("drop", 2, 0.0), ("502", 6, 0.0)]
)
def test_what_could_not_be_sent_is_sent_again(
    telegram: FakeTelegram, person: Person, kind: str, times: int, seconds: float
) -> None:
    telegram.trouble("sendMessage", kind, times, seconds)
    number = person.say(QUESTION)
    assert "51名" in person.reply_to(number, 40).text
    assert len(telegram.replies(person.chat_id, number)) == 1


def test_a_message_that_telegram_refuses_goes_out_as_plain_text(shared: RunningBot, person: Person) -> None:
    shared.fake.trouble("sendMessage", "400")
    answer = person.ask(QUESTION)
    assert answer.plain and "51名" in answer.text and "<b>" not in answer.text
    assert "refused a message" in shared.log


@pytest.mark.parametrize(
    "broken",
    [
        {"message": {"message_id": "x", "date": "y"}},
        {"callback_query": {"nothing": 1}},
        {"message": 5},
        {"inline_query": None, "poll": {"id": []}},
    ],
)
def test_an_update_that_nobody_can_read_is_stepped_over(
    telegram: FakeTelegram, person: Person, broken: dict[str, object]
) -> None:
    polls = len(telegram.of("getUpdates"))
    telegram.updates.append({"update_id": telegram.number(), **broken})
    assert "51名" in person.ask(QUESTION).text
    telegram.wait(lambda: not telegram.updates)
    assert len(telegram.of("getUpdates")) < polls + 9, "it was not fetched again and again"


def test_another_instance_is_said_aloud(shared: RunningBot, person: Person) -> None:
    shared.fake.trouble("getUpdates", "409", times=2)
    person.ask("/new")
    shared.fake.wait(lambda: "Another process receives updates with this token (409)" in shared.log)
    assert "51名" in person.ask(QUESTION, seconds=40).text
    assert shared.log.count("(409)") == 1


@pytest.mark.parametrize("kind", ["401", "404"])
def test_a_token_that_is_unknown_for_a_moment_is_an_outage(shared: RunningBot, person: Person, kind: str) -> None:
    shared.fake.trouble("getUpdates", kind, times=2)
    person.ask("/new", seconds=30)
    assert "51名" in person.ask(QUESTION, seconds=30).text
    assert "does not know the token any more" in shared.log


def test_another_process_that_holds_the_memory_keeps_nobody_from_an_answer(
    shared: RunningBot, person: Person
) -> None:
    person.ask(QUESTION)
    with closing(sqlite3.connect(shared.home / "bot.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "36名" in person.ask("平山县有多少网格员", seconds=10).text
    assert person.ask(QUESTION).labels()


@pytest.fixture(scope="module")
def limited(share_paper: StartBot) -> FakeTelegram:
    """Telegram with a bot that takes three questions a minute from a person, and two from a group."""
    return share_paper(TELEGRAM__USER_RATE="3", TELEGRAM__CHAT_RATE="2").fake


def test_limits_answer_politely_and_once(limited: FakeTelegram) -> None:
    anna, bela = Person(limited, 42), Person(limited, 43)
    for _ in range(8):
        anna.say(QUESTION)
    assert "51名" in bela.ask(QUESTION).text
    limited.wait(lambda: len(anna.received()) == 4)
    told = [message.text for message in anna.received() if "问得太快" in message.text]
    assert len(told) == 1 and 50 <= int(re.findall(r"\d+", told[0])[0]) <= 60


def test_a_group_has_a_limit_of_its_own(limited: FakeTelegram) -> None:
    group = [Person(limited, 50 + n, chat_id=-1001) for n in range(4)]
    for member in group[:2]:
        assert "51名" in member.ask(f"/ask {QUESTION}").text
    assert "这个群问得太快" in group[2].ask(f"/ask {QUESTION}").text


def test_commands_have_a_limit_too(limited: FakeTelegram) -> None:
    anna = Person(limited, 44)
    for _ in range(22):
        anna.say("/sources")
    assert "51名" in Person(limited, 45).ask(QUESTION).text
    limited.wait(lambda: len(anna.received()) == 19)
    assert "太快" in anna.received()[-1].text, "six times as many as questions"


def test_a_question_that_takes_too_long_is_said_to(fake: FakeTelegram, start_paper: StartBot) -> None:
    start_paper(TELEGRAM__HANDLER_SECONDS="0.004")
    assert "花的时间太长" in Person(fake, 42).ask(QUESTION).text


def test_the_menu_of_an_administrator(telegram: FakeTelegram) -> None:
    telegram.wait(lambda: f"chat{ADMIN}:" in telegram.menus)
    assert {"add", "remove", "stats", "feedback", "allow", "deny", "ask"} <= {
        command["command"] for command in telegram.menus[f"chat{ADMIN}:zh"]
    }


def test_a_full_line_says_so(fake: FakeTelegram, start_paper: StartBot) -> None:
    start_paper(TELEGRAM__QUEUE="1", TELEGRAM__WORKERS="1")
    people = [Person(fake, 300 + n) for n in range(40)]
    asked = [(person, person.say(QUESTION)) for person in people]
    texts = [person.reply_to(number, 30).text for person, number in asked]
    busy = [text for text in texts if "提问的人太多" in text]
    assert busy and len(busy) < 40 and all("51名" in text for text in texts if text not in busy)


def test_nothing_secret_and_no_question_is_logged(fake: FakeTelegram, start_paper: StartBot) -> None:
    bot, anna = start_paper(), Person(fake, USER)
    for kind in ("502", "drop", "409"):
        fake.trouble("getUpdates", kind)
        fake.trouble("sendMessage", kind if kind != "409" else "429")
        anna.ask(QUESTION, seconds=40)
    fake.blocked.add(USER)
    anna.say("平山县有多少网格员")
    fake.wait(lambda: "was blocked" in bot.log)
    bot.terminate()
    assert TOKEN not in bot.log and TOKEN.split(":")[1] not in bot.log
    assert "网格员" not in bot.log
    lines = [json.loads(line) for line in bot.log.splitlines()]
    assert {"time", "level", "logger", "message"} <= set.intersection(*(set(line) for line in lines))
    assert any(line.get("status") == "answered" for line in lines)


def test_questions_are_logged_where_a_setting_says_so(chosen: RunningBot) -> None:
    asked = "平山县有多少网格员"
    Person(chosen.fake, 46).ask(asked)
    chosen.fake.wait(lambda: f'"question": "{asked}"' in chosen.log)


def test_a_full_disk_keeps_nobody_from_an_answer(fake: FakeTelegram, start_paper: StartBot) -> None:
    """A limit on the size of files makes writes fail as a full disk does, for the bot alone."""
    bot, anna = start_paper(), Person(fake, USER)
    assert anna.ask(QUESTION).labels()
    grown = bot.home.joinpath("bot.db-wal").stat().st_size
    resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, (grown, resource.RLIM_INFINITY))
    full = anna.ask("平山县有多少网格员")
    assert "36名" in full.text and full.labels() == []
    resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert anna.ask(QUESTION).labels()
    assert "Is the disk full?" in bot.log


# -- webhook and figures -----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("loopback")
def test_a_webhook_takes_what_has_the_secret(fake: FakeTelegram, start_paper: StartBot) -> None:
    port = free_port()
    bot = start_paper(
        wait=False, TELEGRAM__WEBHOOK_URL="https://bot.example.org/hook/x", TELEGRAM__WEBHOOK_PORT=str(port),
        TELEGRAM__WEBHOOK_SECRET="s3cret",
    )  # fmt: skip
    fake.wait(lambda: fake.webhook, 60)
    assert fake.webhook["url"] == "https://bot.example.org/hook/x" and fake.webhook["secret_token"] == "s3cret"
    anna = Person(fake, USER)

    def post(secret: str | None, content: bytes | None = None) -> int:
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        told = content or json.dumps(fake.updates[-1]).encode()
        headers["Content-Type"] = "application/json"
        return httpx.post(f"http://127.0.0.1:{port}/hook/x", content=told, headers=headers).status_code

    number = anna.say(QUESTION)
    assert post(None) == 403 and post("wrong") == 403
    for unreadable in (b'{"update_id": 1, "message": {"text": 5}}', b'{"message": {}}', b"[1]", b"null", b"\xff{"):
        assert post("s3cret", unreadable) == 200, "refused, it would come again for ever"
    assert post("wrong", b"[1]") == 403
    assert post("s3cret") == 200 and post("s3cret") == 200
    assert "51名" in anna.reply_to(number).text
    time.sleep(0.3)
    assert len(anna.received()) == 1, "what Telegram delivers twice is answered once"
    assert bot.terminate()[0] == 0


@pytest.mark.usefixtures("loopback")
def test_figures_for_prometheus_on_loopback(chosen: RunningBot) -> None:
    def figures() -> dict[str, float]:
        told = httpx.get(f"http://127.0.0.1:{chosen.settings['TELEGRAM__METRICS_PORT']}/metrics").text
        assert TOKEN not in told
        lines = (line.rsplit(" ", 1) for line in told.splitlines() if not line.startswith("#"))
        return {name: float(value) for name, value in lines}

    before, anna = figures(), Person(chosen.fake, 47)
    anna.ask(QUESTION)
    anna.ask("大同县有多少网格员")
    after = figures()
    counted = (
        "wenju_answer_seconds_count",
        *(f'wenju_answers_total{{status="{told}"}}' for told in ("answered", "not_found")),
    )
    assert [after[name] - before.get(name, 0) for name in counted] == [2, 1, 1] and after["wenju_waiting"] == 0
