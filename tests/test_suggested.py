"""Questions to begin with that are made of what plain notices label: by form, and only such as they answer."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.labelled import _of_report, labelled_questions
from bot.line import WaitingLine
from bot.near import near_questions
from bot.suggested import SuggestionsOf
from config.settings import Settings
from retrieval.embedding.base import Embedder
from retrieval.reading.base import Reader
from retrieval.service import KnowledgeBase, language_of

Write = Callable[[str, str | bytes], Path]
NOTICES = {
    "供热.md": """---
date: 2025-11-03
---

# 东湖片区暂停供热的通告

因阀门检修，暂停供热。

- 停热时间：11月8日6时至20时
- 停热范围：东湖路、望湖里
- 咨询电话：0351-7712345
""",
    "老年卡.txt": """松林区老年乘车卡办理须知

一、办理条件
年满六十五周岁。
二、工本费用
每张15元。
发布时间：2025-10-01
来源：松林区政府网
""",
    "馆.csv": "单位,地址,联系电话\n区档案馆,松涛路3号,0351-7700111\n合计,2处,0351-7700112\n",
    "会.txt": "松林区召开秋季防火会议\n\n10月9日，松林区召开秋季防火会议，部署巡山工作。\n",
    "pool.md": "# Lakeside Swimming Pool\n\nOpening hours: daily, 8:00 to 20:00\n\nAddress: 4 Shore Road\n",
}


@pytest.fixture
def town(settings: Settings, real_embedder: Embedder, real_reader: Reader, write: Write) -> Iterator[KnowledgeBase]:
    with closing(KnowledgeBase(settings, embedder=real_embedder, reader=real_reader)) as base:
        base.add([write(name, text) for name, text in NOTICES.items()])
        yield base


def made(base: KnowledgeBase, name: str) -> dict[str, str]:
    record = base.find(name)
    found = labelled_questions(record, base.passages_of(record.document_id) * 2)
    return {put.question: put.told for put in found}


def test_they_are_made_of_lines_headings_rows_and_reports(town: KnowledgeBase) -> None:
    heat = "《东湖片区暂停供热的通告》里的"
    assert made(town, "供热.md") == {
        f"{heat}停热时间是什么？": "11月8日6时至20时",
        f"{heat}停热范围是什么？": "东湖路、望湖里",
        f"{heat}咨询电话是多少？": "0351-7712345",
    }
    card = "《松林区老年乘车卡办理须知》里的"
    told = {f"{card}办理条件有哪些？": "年满六十五周岁。", f"{card}工本费用是多少？": "每张15元。"}
    assert made(town, "老年卡.txt") == told, "and neither of when it was put out, nor where it comes from"
    rows = {"区档案馆的地址是什么？": "松涛路3号", "区档案馆的联系电话是多少？": "0351-7700111"}
    assert made(town, "馆.csv") == rows, "and a total is no office"
    assert made(town, "会.txt") == {"松林区什么时候召开秋季防火会议？": "10月9日"}
    pool = "“Lakeside Swimming Pool”: what"
    assert {*made(town, "pool.md")} == {f"{pool} are the opening hours?", f"{pool} is the address?"}


@pytest.mark.parametrize(
    ("title", "is_report"), [("松林区开展通知送达活动", True), ("松林区开展巡山活动通知", False)]
)
def test_a_paper_is_no_report_and_a_report_may_name_one(title: str, is_report: bool) -> None:
    assert bool([*_of_report(title, "10月9日，松林区开展了活动。")]) is is_report


def test_those_are_offered_that_their_own_document_answers(town: KnowledgeBase) -> None:
    line = WaitingLine(4, 1, 60)
    suggested = SuggestionsOf(line)
    assert suggested.now(town, "zh") == ()
    line._unhurried.shutdown()  # it has looked when that ends
    chinese, english = suggested.now(town, "zh"), suggested.now(town, "en")
    line.close()
    assert len(chinese) == len(english) == 3
    assert language_of(english[0]) == "en" and {*map(language_of, chinese)} == {"zh"}
    every = {question: name for name in NOTICES for question in made(town, name)}
    assert len({every[question] for question in chinese}) == 3, "each of another document"
    assert every[chinese[0]] == "供热.md", "the newest first"
    for question in {*chinese, *english}:
        answer = town.ask(question)
        assert answer.status == "answered" and answer.citations[0].document == every[question]
        assert made(town, every[question])[question] in (answer.answer or "")


def test_they_are_near_to_what_is_not_answered(town: KnowledgeBase) -> None:
    missed = town.ask("东湖片区暂停供热期间有多少人值班")
    assert missed.answer is None
    assert {*near_questions(town, missed, seconds=600)} & {*made(town, "供热.md")}
