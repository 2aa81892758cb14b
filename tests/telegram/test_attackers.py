"""People who want more than they may: other people's rights, documents, and memory; and the token."""

import asyncio
import re
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from pydantic import SecretStr
from telegram import Update

from bot.rate import Rate
from bot.telegram.application import TelegramBot
from config.settings import load_settings
from config.telegram import TelegramSettings
from retrieval.service import KnowledgeBase
from tests.support.paper import PaperEmbedder
from tests.telegram.conftest import ADMIN, GROUP, USER, StartBot
from tests.telegram.fake import TOKEN, FakeTelegram, Sent
from tests.telegram.people import Person
from tests.telegram.running import ROOT, RunningBot, free_port
from tests.telegram.test_troubles import QUESTION

OTHER_ADMIN, FRIEND = 8, 666
SOMEBODY = {"type": "hidden_user", "sender_user_name": "某人", "date": 1}
OTHER_BOT = {"id": 99, "is_bot": True, "first_name": "b", "username": "OtherBot"}
ANONYMOUS = 1087968824
"""The user in whose name Telegram delivers what anonymous administrators of a group write."""
TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@pytest.fixture(scope="module")
def shared(share_paper: StartBot) -> RunningBot:
    return share_paper()


# -- rights ------------------------------------------------------------------------------------------------------


def test_a_command_is_of_an_administrator_only_who_wrote_it(fake: FakeTelegram, start_paper: StartBot) -> None:
    """Each of these lets somebody in, if it is obeyed; at the end nobody was."""
    start_paper(TELEGRAM__ACCESS="allowlist")
    admin, friend = Person(fake, ADMIN), Person(fake, FRIEND)
    command = f"/allow {FRIEND}"
    assert "转发" in admin.reply_to(admin.send(text=command, forward_origin=SOMEBODY)).text
    assert "转发" in admin.reply_to(admin.send(text=command, via_bot=OTHER_BOT)).text
    assert "没有这个命令" in admin.ask(f"/allow@OtherBot {FRIEND}").text
    one_file = {"file_id": "x", "file_unique_id": "x", "width": 1, "height": 1}
    assert "只看文字" in admin.reply_to(admin.send(photo=[one_file], caption=command)).text
    harmless = admin.say("/help")
    admin.reply_to(harmless)
    admin.edit(harmless, command)
    assert "只有管理员" in friend.ask(command).text
    assert "只有管理员" in friend.ask("/allow", reply_to=admin.message(text=command)).text
    group = Person(fake, ADMIN, chat_id=GROUP)
    posing = Person(fake, ANONYMOUS, chat_id=GROUP)
    assert "只有管理员" in posing.reply_to(posing.send(text=command, sender_chat=group.chat)).text
    channel = {"id": -100777, "type": "channel", "title": "管理员"}
    assert "只有管理员" in posing.reply_to(posing.send(text=command, sender_chat=channel)).text
    group.send(text=command, forward_origin=SOMEBODY)
    carried = group.send_file("外来.txt", "外来县有船9艘。".encode(), caption="/add")
    group.reply_to(carried)
    forwarded = {"file_id": "f", "file_unique_id": "f", "file_name": "x.txt", "file_size": 9}
    silent = group.send(document=forwarded, caption="/add", forward_origin=SOMEBODY)
    assert "您的编号" in friend.ask(QUESTION).text
    assert not fake.replies(GROUP, silent)


def test_a_removal_is_of_what_was_shown_and_once(fake: FakeTelegram, start_paper: StartBot) -> None:
    bot = start_paper(TELEGRAM__ADMINS=f"{ADMIN},{OTHER_ADMIN}")
    admin, other, stranger = Person(fake, ADMIN), Person(fake, OTHER_ADMIN), Person(fake, USER)

    def send(count: int) -> None:
        text = f"清河县网格办通知\n\n清河县共有网格员{count}名，全部实名登记。\n"
        assert "《清河.txt》" in admin.reply_to(admin.send_file("清河.txt", text.encode()), 60).text

    send(321)
    asked = admin.ask("/remove 清河.txt")
    data, before = asked.button("移除")["callback_data"], asked
    forged = Sent(USER, asked.message_id, asked.body, asked.buttons, None, 0.0)
    assert "管理员" in (stranger.press_data(forged, data) or ""), "with the number of another's question"
    forged = Sent(OTHER_ADMIN, asked.message_id, asked.body, asked.buttons, None, 0.0)
    assert other.press_data(forged, data) is not None, "nor does another administrator confirm it"
    send(654)
    assert admin.press(before, "移除") is None and "移除或更新" in before.text
    assert "654名" in stranger.ask("清河县有多少网格员").text, "another version has come: nobody was asked about that"
    again = admin.ask("/remove 清河.txt")
    kept = Sent(ADMIN, again.message_id, again.body, again.buttons, None, 0.0)
    admin.press(again, "移除")
    assert "已移除" in again.text
    assert "重新提问" in (admin.press(kept, "移除") or ""), "a second time"
    send(987)
    assert "重新提问" in (admin.press(kept, "移除") or ""), "nor when the document is there again"
    late = admin.ask("/remove 清河.txt")
    with closing(sqlite3.connect(bot.home / "bot.db")) as database, database:
        database.execute("UPDATE removals SET at = at - 90000")
    assert "重新提问" in (admin.press(late, "移除") or ""), "nor after a day"
    assert "987名" in stranger.ask("清河县有多少网格员").text


@pytest.mark.parametrize("number", ["-1", "0", "9" * 15, "9" * 40, "١", "１", "²", "1e3", "0x1", " 1", "+1"])
def test_a_number_that_was_made_up(person: Person, number: str) -> None:
    """Even where a program puts such a button below a message of the bot."""
    shown = person.ask("你好")
    for kind in ("m", "c", "a", "r", "y", "n"):
        data = f"v1:{kind}:{number}" + {"c": ":1", "r": ":up"}.get(kind, "")
        forged = [[{"text": "x", "callback_data": data}]]
        notice = person.press_data(Sent(person.id, shown.message_id, shown.body, forged, None, 0.0), data)
        assert notice is not None and "重新提问" in notice, data


# -- what comes from outside -------------------------------------------------------------------------------------

NASTY = '<b>&amp;"\'</b></blockquote>\u202e\u2066\u200b\u2028\x1b]0;x\x07\x9b31m<a href="tg://user?id=1">'


@pytest.mark.parametrize("url", ["javascript:alert(1)", "tg://resolve?domain=x", 'https://x.example/"><b>'])
def test_a_document_forges_nothing(telegram: FakeTelegram, admin: Person, url: str) -> None:
    county = {"j": "甲水县", "t": "乙水县", "h": "丙水县"}[url[0]]
    text = (
        f"---\ntitle: '{county}{NASTY.replace(chr(39), '')}'\nurl: '{url}'\n---\n\n".replace("\x1b", "")
        .replace("\x07", "")
        .replace("\x9b", "")
        + f"{county}有渡船{NASTY}47艘{NASTY}，每天开。\n\n" * 2
    )
    sent = admin.send_file(f"{county}\u202e<i>txt.md", text.encode())
    assert "已收录" in admin.reply_to(sent, 60).text
    person = Person(telegram, 9000 + ord(county[0]))
    question = f"{county}有多少渡船{NASTY}"
    answer = person.ask(question)
    assert "47艘" in answer.text
    person.press(answer, "上下文 1")
    person.press(answer, "👎")
    pages = [*person.received(), *admin.received(), admin.ask("/feedback"), person.ask("/sources")]
    for page in pages:
        assert not page.plain and not set(TURNS) & set(page.text), page.text
        for link in page.body.links():
            assert link.startswith(("https://t.me/WenjuTestBot?start=", "https://"))
    inline = person.type_inline(question)
    assert inline and all(not set(TURNS) & set(result["title"] + result["formatted"].text) for result in inline)
    written = str([page.buttons for page in pages]) + str(inline)
    assert "javascript:" not in written and "'url': 'tg:" not in written
    assert not [complaint for complaint in telegram.complaints if not complaint.startswith("getFile")]


@pytest.mark.parametrize("text", ["网格员\ud800有多少", "\x00网格员\udfff", "e" + "\u0301\u0323" * 400, "兙瓩" * 300])
def test_a_question_that_no_program_of_telegrams_would_send(person: Person, text: str) -> None:
    assert "出错" not in person.ask(text).text


# -- floods ------------------------------------------------------------------------------------------------------


def test_nobody_is_remembered_for_longer_than_two_minutes() -> None:
    rate = Rate(2)
    for user in range(10_000):
        for _ in range(3):
            if rate.wait(user, user * 0.1) > 0:
                rate.tell(user, user * 0.1)
    assert len(rate._taken) <= 1201 and len(rate._told) <= 1201


@pytest.mark.usefixtures("loopback")
def test_a_flood_of_many_leaves_nothing_in_memory(fake: FakeTelegram, tmp_path: Path) -> None:
    """Everything that the real handlers keep for each person or chat, after many of them."""
    telegram = TelegramSettings(
        token=SecretStr(TOKEN), base_url=fake.environment["WENJU_TELEGRAM__BASE_URL"], send_rate=10_000
    )
    base = KnowledgeBase(load_settings(home=tmp_path / "home", telegram=telegram), embedder=PaperEmbedder())
    (tmp_path / "a.txt").write_text("左云县有网格员51名。", "utf-8")
    base.add([tmp_path / "a.txt"])
    bot = TelegramBot(telegram, base)
    app, turns, runtime = bot._app, bot._processor, bot._runtime

    async def flood() -> None:
        await app.initialize()
        runtime.bot = app.bot.username
        for number in range(30):
            anna = Person(fake, 30_000 + number)
            for text in (QUESTION, "/help", "/forget", "/new", "e\u0301" * number):
                anna.say(text)
            asking = {"id": "1", "from": anna.user, "query": QUESTION, "offset": ""}
            for _ in range(3):
                fake.notices[str(fake.deliver("inline_query", {**asking, "id": str(fake.number())}))] = None
        updates = [Update.de_json(update, app.bot) for update in fake.updates]
        await asyncio.gather(
            *(turns.process_update(update, app.process_update(update)) for update in updates if bot._concerns(update))
        )
        await app.shutdown()

    asyncio.run(flood())
    assert len(fake.sent) >= 120
    left = (runtime.inline, turns._lanes, turns._waiting, turns._failures)
    assert not any(left), left
    assert not app.chat_data and not app.user_data and not turns._running
    runtime.memory._forgotten = {user: at - 100_000 for user, at in runtime.memory._forgotten.items()}
    runtime.tidy()
    assert runtime.memory._forgotten == {}
    bot._database.close()
    base.close()


def test_commands_of_many_in_a_group_hold_up_nobody(fake: FakeTelegram, start_paper: StartBot) -> None:
    start_paper(TELEGRAM__CHAT_RATE="3")
    members = [Person(fake, 70 + number, chat_id=GROUP) for number in range(8)]
    for member in members:
        member.say("/help")
    assert "51名" in Person(fake, 90).ask(QUESTION).text
    fake.wait(lambda: len(members[0].received()) == 4)
    time.sleep(0.3)
    assert len(members[0].received()) == 4 and "太快" in members[0].received()[-1].text


# -- the token ---------------------------------------------------------------------------------------------------

_HALF = TOKEN.split(":")[1]


def token_in(data: bytes) -> bool:
    """Whether the token stands there in any form: whole or its secret half, percent-encoded, broken over lines."""
    together = re.sub(rb"\s|\\n|\\u003a|\"\s*\"", b"", data)
    forms = (TOKEN, quote(TOKEN, safe=""), _HALF, _HALF[:20])
    return any(form.encode() in text for form in forms for text in (data, together))


def test_the_search_would_find_it() -> None:
    assert token_in(f"x/bot{TOKEN}/getMe".encode()) and token_in(quote(TOKEN).encode())
    assert token_in(f"{TOKEN[:25]}\n  {TOKEN[25:]}".encode()) and not token_in(b"123456789:")


@pytest.mark.usefixtures("loopback")
def test_the_token_is_nowhere(share_paper: StartBot) -> None:
    """With failures of each kind, all that comes out of it is searched: log, figures, messages, files. Two bots, for
    each form of the log, are waited for together."""
    unreachable = {"TELEGRAM__BASE_FILE_URL": "http://127.0.0.1:bot"}  # an error that quotes the whole address
    bots = [
        share_paper(TELEGRAM__METRICS_PORT=str(free_port()), TELEGRAM__LOG_FORMAT=form, **unreachable)
        for form in ("json", "text")
    ]
    for kind in ("502", "drop", "409", "401", "404", "garbage"):
        for bot in bots:
            bot.fake.trouble("getUpdates", kind)
            bot.fake.trouble("sendMessage", {"409": "429", "401": "401"}.get(kind, kind))
        asking = [Person(bot.fake, USER) for bot in bots]
        for anna, number in [(anna, anna.say(QUESTION)) for anna in asking]:
            anna.reply_to(number, 60)
    for bot in bots:
        bot.fake.updates.append({"update_id": bot.fake.number(), "message": {"text": TOKEN[:9]}})
        Person(bot.fake, ADMIN).send_file("a.txt", b"text")
    for bot in bots:
        _has_no_token(bot)


def _has_no_token(bot: RunningBot) -> None:
    """Nor when a handler has a bug; it is killed then."""
    fake = bot.fake
    fake.wait(lambda: "Invalid port" in bot.log, 40)
    with closing(sqlite3.connect(bot.home / "bot.db")) as database, database:
        database.execute("ALTER TABLE answers RENAME TO gone")
    assert "出错" in Person(fake, USER).ask(QUESTION).text, "a bug in a handler"
    figures = httpx.get(f"http://127.0.0.1:{bot.settings['TELEGRAM__METRICS_PORT']}/metrics").content
    assert b"OperationalError" in figures
    bot.kill()
    assert "Traceback" in bot.log
    said = "".join(
        [*(message.text + str(message.buttons) for message in fake.sent), *map(str, fake.notices.values())]
    )
    for what in (bot.log.encode(), figures, said.encode(), str(fake.menus).encode()):
        assert not token_in(what)
    assert not [path for path in bot.home.rglob("*") if path.is_file() and token_in(path.read_bytes())]


@pytest.mark.parametrize(
    ("arguments", "settings"),
    [
        (("--debug", "bot", "--check"), {"BASE_URL": "http://127.0.0.1:bot"}),
        (("--debug", "bot", "--check"), {"BASE_URL": "http://127.0.0.1:9/bot"}),
        (("--debug", "bot"), {"TOKEN": f"{TOKEN} "}),
        (("--debug", "bot"), {"ADMINS": TOKEN}),
        (("--debug", "bot"), {"BASE_URL": TOKEN}),
    ],
    ids=["check", "check without a line", "space", "as administrators", "as address"],
)
def test_the_token_is_in_no_error_at_the_start(
    home: Path, arguments: tuple[str, ...], settings: dict[str, str]
) -> None:
    chosen = {f"TELEGRAM__{name}": value for name, value in settings.items()}
    bot = RunningBot(FakeTelegram(), home, {"TELEGRAM__BASE_URL": "http://127.0.0.1:9/bot", **chosen})
    command = [sys.executable, "-m", "bot.cli", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=bot.environment(), capture_output=True, check=False, timeout=120)
    said = done.stdout + done.stderr
    assert done.returncode == 2
    assert said and not token_in(said)
