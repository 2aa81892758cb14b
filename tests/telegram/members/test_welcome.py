"""The first contact: what a newcomer is told, and the questions that are offered to tap."""

import json
import re
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from bot.suggested import questions_of
from retrieval.types import Context, DocumentRecord, Passage, Sentence, StoredPassage
from tests.telegram.conftest import ADMIN, OTHER, USER, StartBot
from tests.telegram.fake import FakeTelegram
from tests.telegram.people import Person
from tests.telegram.running import RunningBot
from tests.web.conftest import opened

QUESTION = "左云县有多少网格员"


@pytest.fixture(scope="module")
def shared(share_paper: StartBot) -> RunningBot:
    return share_paper()


def test_start_tells_what_is_in_here(person: Person, admin: Person) -> None:
    told = person.ask("/start").text
    assert "您好" in told and "4 篇文档" in told and "例如" not in told and "管理员" not in told
    titles = [line for line in told.split("\n") if "最新的是《" in line]
    assert len(titles) == 1
    name = f"通知{person.id}.md"
    text = f"---\ntitle: 第{person.id}号通知\ndate: 2031-01-02\n---\n\n本号通知只有一句话{person.id}。\n"
    assert "已收录" in admin.reply_to(admin.send_file(name, text.encode())).text
    again = admin.ask("/start").text
    assert f"5 篇文档，最新的是《第{person.id}号通知》（2031-01-02）" in again and "把文件发给我" in again
    admin.press(admin.ask(f"/remove {name}"), "移除")


def test_start_names_topics_of_what_the_asker_sees(fake: FakeTelegram, start_paper: StartBot, tmp_path: Path) -> None:
    folder = tmp_path / "staff"
    bot = start_paper(ACCESS__COLLECTIONS=json.dumps({str(folder): [f"user:{USER}"]}))
    folder.mkdir()
    for place in ("白水县", "青禾县", "兴县"):
        for topic in ("图书馆搬迁通知", "公交线路"):
            (folder / f"{place}{topic}.txt").write_text(f"{place}{topic}\n\n{place}{topic}，每天开门。\n", "utf-8")
    with closing(opened(bot.home)) as base:
        base.add([folder])
    told = Person(fake, USER).ask("/start").text
    assert "10 篇文档" in told and "常见的主题：公交线路、图书馆。" in told
    assert "Topics of several of them: 公交线路, 图书馆." in Person(fake, USER, "en").ask("/start").text
    assert "主题" not in Person(fake, OTHER).ask("/start").text


def test_start_names_few_documents_by_their_titles(fake: FakeTelegram, start_paper: StartBot) -> None:
    bot = start_paper()
    with closing(opened(bot.home)) as base:
        titles = {record.title or record.name for record in base.documents()}
    told = Person(fake, USER).ask("/start").text
    assert "4 篇文档" in told and all(title[:10] in told for title in titles)
    assert "另外还有：" in told and "The others: " in Person(fake, USER, "en").ask("/start").text


def test_in_a_group_it_says_how_to_ask_there(telegram: FakeTelegram, group: int) -> None:
    told = Person(telegram, 8901, chat_id=group).ask("/start").text
    assert "/ask" in told and "@WenjuTestBot" in told and "4 篇文档" in told and "请直接提问" not in told


def test_help_names_a_place_of_the_documents_and_none_where_they_have_none(
    person: Person, telegram: FakeTelegram, bot: RunningBot
) -> None:
    told = person.ask("/help").text
    (place,) = re.findall("“那(.+?)呢？”", told)
    assert place in {"左云县", "平山县"} and f"“那{place}呢？”" in Person(telegram, 8902, "en").ask("/help").text
    without = Person(bot.fake, USER).ask("/help").text
    assert "接着问：“什么时候？”会承接您上一个问题；/new" in without and "呢？" not in without
    assert "Going on: “when?” continues" in Person(bot.fake, OTHER, "en").ask("/help").text


def test_nothing_is_offered_that_was_not_liked_or_is_one_persons_own(
    fake: FakeTelegram, start_paper: StartBot
) -> None:
    start_paper()
    anna, bela, admin = Person(fake, USER), Person(fake, 43), Person(fake, ADMIN)
    newcomer = Person(fake, 44)
    assert not newcomer.ask("/start").labels()
    anna.press(anna.ask(QUESTION), "👍")
    assert "网格员" not in str(newcomer.ask("/start").labels()), "what one person asked stays theirs"
    bela.press(bela.ask(QUESTION), "👍")
    admin.press(admin.ask("平山县有多少网格员"), "👍")
    anna.ask("长者食堂有多少志愿者")
    begun = newcomer.ask("/start")
    assert begun.labels()[:2] == [QUESTION, "平山县有多少网格员"] and "食堂" not in str(begun.labels())
    bela.press(bela.ask("平山县有多少网格员"), "👎")
    assert newcomer.ask("/start").labels()[0] == QUESTION
    assert "平山" not in str(newcomer.received()[-1].labels())
    anna.ask("/forget")
    assert "网格员" not in str(newcomer.ask("/start").labels())
    assert "失效" in (newcomer.press(begun, QUESTION) or ""), "nor answered any more"


def test_a_question_that_is_tapped_is_answered(fake: FakeTelegram, start_paper: StartBot) -> None:
    start_paper()
    admin, newcomer = Person(fake, ADMIN), Person(fake, USER)
    admin.press(admin.ask(QUESTION), "👍")
    begun = newcomer.ask("/start")
    assert newcomer.press(begun, QUESTION) is None
    answer = newcomer.received()[-1]
    assert "51名" in answer.text.split("\n")[0] and f"问：{QUESTION}" in answer.text
    assert answer.reply_to == begun.message_id and "👍" in answer.labels()
    assert "平山县" in newcomer.ask("平山县呢").text.split("\n")[0], "and may be gone on from"


def test_what_is_removed_is_not_offered(fake: FakeTelegram, start_paper: StartBot) -> None:
    start_paper()
    admin = Person(fake, ADMIN)
    text = "白水县供销社便民通知\n\n白水县现有供销社47家，其中乡镇28家。\n"
    assert "已收录" in admin.reply_to(admin.send_file("白水.txt", text.encode()), 60).text
    admin.press(admin.ask("白水县有多少家供销社"), "👍")
    assert admin.ask("/start").labels()[0] == "白水县有多少家供销社"
    admin.press(admin.ask("/remove 白水.txt"), "移除")
    assert "白水" not in str(admin.ask("/start").labels())


def test_questions_that_a_document_puts_itself_are_offered_when_they_are_found(
    fake: FakeTelegram, start_bot: StartBot
) -> None:
    bot = start_bot()
    kept = fake.wait(lambda: bot.suggested(), 60)
    anna = Person(fake, USER)
    begun = anna.ask("/start")
    assert sorted(begun.labels()) == sorted(kept), "the first who comes is offered them"
    assert len(begun.labels()) <= 3 and all(label.endswith(("？", "?")) for label in begun.labels())
    for label in begun.labels():
        anna.press(begun, label)
        answer = anna.received()[-1]
        assert answer.body.of("b") and not answer.text.startswith(("🔎", "🚫")), label


def test_they_are_known_at_the_next_start_and_found_anew_after_each_change(
    fake: FakeTelegram, start_paper: StartBot
) -> None:
    bot, admin = start_paper(), Person(fake, ADMIN)
    assert not admin.ask("/start").labels()
    question = "问：白水县供销社几点开门？"
    text = f"白水县供销社便民通知\n\n{question}\n白水县供销社春耕期间每天7点开门。\n"
    sent = admin.reply_to(admin.send_file("白水.txt", text.encode()), 60)
    assert "已收录" in sent.text
    fake.wait(lambda: bot.suggested() == [question.removeprefix("问：")], 20)
    bot.kill()
    start_paper()
    assert Person(fake, USER).ask("/start").labels() == bot.suggested()
    admin.press(admin.ask("/remove 白水.txt"), "移除")
    assert not Person(fake, OTHER).ask("/start").labels()
    fake.wait(lambda: bot.suggested() == [], 20)


def test_only_questions_that_name_what_they_are_about() -> None:
    texts = [
        "问：谁可以到长者食堂吃饭？",
        "问：几点开饭？",
        "一、怎样办理长者食堂的卡？",
        "他问：“长者食堂在哪里？”他说。",
    ]
    record = DocumentRecord("d" * 16, Path("/x/指南.txt"), "岚谷县长者食堂指南", None, None, 1, 1, "", "")
    edges = [sum(map(len, texts[:n])) for n in range(len(texts) + 1)]
    sentences = tuple(Sentence((span,)) for span in pairwise(edges))
    passage = Passage("p" * 22, 0, 0, len(texts), ((0, edges[-1]),), None, None, Context("题"))
    stored = StoredPassage(passage, record, "".join(texts), sentences)
    assert list(questions_of(record, [stored, stored])) == ["谁可以到长者食堂吃饭？", "怎样办理长者食堂的卡？"]
