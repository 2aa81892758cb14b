"""What the documents did not answer, as administrators see it in the chat."""

import json
import re
import resource
from pathlib import Path

from tests.telegram.conftest import GROUP, StartBot
from tests.telegram.fake import FakeTelegram
from tests.telegram.people import Person
from tests.web.conftest import GRID, QUESTION


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


def test_an_answer_is_added_by_pointing_to_a_passage(start_paper: StartBot, fake: FakeTelegram) -> None:
    bot = start_paper()
    admin, person = Person(fake, 7), Person(fake, 42)
    assert person.ask("大同县水价是多少").text.startswith("🚫")
    number = _number(admin)
    for unclear in ("/answer", f"/answer {number}", "/answer 火星"):
        assert "回复我给出答案段落的消息" in admin.ask(unclear).text
    answer = admin.ask(QUESTION)
    assert f"没有 #{number + 1}" in admin.ask(f"/answer {number + 1}", reply_to=answer).text
    assert "移除或更新" in admin.ask(f"/answer {number} {'x' * 22}").text
    assert "只有管理员" in person.ask(f"/answer {number}", reply_to=answer).text
    in_group = admin.within(GROUP)
    assert "私聊" in in_group.ask(f"/answer {number}", reply_to=in_group.ask(f"/ask {QUESTION}")).text

    added = admin.ask(f"/answer {number}", reply_to=answer).text
    assert added == f"已经补上，写在 answers.jsonl 里：\n问：大同县水价是多少\n答：{GRID}\n来源：左云县网格员队伍"
    assert admin.ask("/unanswered").text == "没有还没回答的问题。"
    cited = person.ask("大同县水价是多少")
    assert GRID in cited.text and "answers" in cited.text
    assert "来源：左云县网格员队伍" in (bot.home / "uploads" / "answers.jsonl").read_text("utf-8").replace(
        '": "', "："
    )


def test_a_passage_is_pointed_to_by_its_message_or_by_a_link(start_paper: StartBot, fake: FakeTelegram) -> None:
    bot = start_paper()
    admin, person = Person(fake, 7), Person(fake, 42)
    answer = admin.ask(QUESTION)
    link = next(link for link in answer.body.links() if "?start=p_" in link)
    marked = admin.ask(f"/start {link.partition('?start=')[2]}")
    whole = admin.ask(f"/start {link.partition('?start=')[2].rpartition('_')[0]}")
    for question in ("大同县水价是多少", "云溪县公交几点停", "兴县有多少网格员"):
        person.ask(question)
    assert f"答：{GRID}\n" in admin.ask(f"/answer #{_number(admin)}", reply_to=marked).text
    assert (
        f"答：左云县把全县52个小区编成58个网格。{GRID}" in admin.ask(f"/answer {_number(admin)}", reply_to=whole).text
    )
    assert f"答：{GRID}\n" in admin.ask(f"/answer {_number(admin)} {link}").text
    lines = (bot.home / "uploads" / "answers.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == 3 and admin.ask("/unanswered").text == "没有还没回答的问题。"


def test_it_comes_from_what_the_administrator_sees_and_everybody_may_see(
    start_paper: StartBot, fake: FakeTelegram, paper_home: Path
) -> None:
    hidden = str(paper_home.with_name("documents") / "左云县网格员队伍.md")
    bot = start_paper(ACCESS__COLLECTIONS=json.dumps({hidden: ["user:42"]}))
    admin, insider = Person(fake, 7), Person(fake, 42)
    link = next(link for link in insider.ask(QUESTION).body.links() if "?start=p_" in link)
    insider.ask("大同县水价是多少")
    number = _number(admin)
    assert "移除或更新" in admin.ask(f"/answer {number} {link}").text
    bot.terminate()
    start_paper(ACCESS__COLLECTIONS=json.dumps({hidden: ["user:42", "user:7"]}))
    assert "不是人人能看" in admin.ask(f"/answer {number} {link}").text
    assert not (bot.home / "uploads").exists() and _number(admin) == number


def test_a_full_disk_adds_nothing_and_says_so(start_paper: StartBot, fake: FakeTelegram) -> None:
    """A limit on the size of files makes writes fail as a full disk does, for the bot alone."""
    bot = start_paper()
    admin = Person(fake, 7)
    admin.ask("大同县水价是多少")
    answer, number = admin.ask(QUESTION), _number(admin)  # what a chat is told is remembered before its next message
    resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, (20, resource.RLIM_INFINITY))
    told = admin.ask(f"/answer {number}", reply_to=answer).text
    resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert "没有补上" in told and "cannot be written" in told
    assert _number(admin) == number
    assert "已经补上" in admin.ask(f"/answer {number}", reply_to=answer).text


def _number(admin: Person) -> int:
    """Of the question that was asked last."""
    match = re.search(r"#(\d+) ", admin.ask("/unanswered").text)
    assert match is not None
    return int(match[1])
