"""A rule that was quoted is marked where a later paper changes or ends it."""

import datetime
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.render.json import answer_object
from bot.render.terminal import render_answer
from bot.web.completions import written
from bot.wording import message_of, worded
from config.settings import Settings
from retrieval.service import KnowledgeBase
from retrieval.types import Answer
from tests.reading.make import PaperReader
from tests.support.paper import PaperEmbedder

Asking = Callable[..., Answer]
TODAY = datetime.date(2026, 9, 15)
TITLE = "柏川县公积金贷款办法"
RULE = f"""# {TITLE}

第二条 职工连续缴存公积金180天以上的，可以申请贷款。

第三条 申请贷款应当提交身份证，180天内有效。
"""
CHANGE = f"""# 关于修改《{TITLE}》的决定

将第二条中的“180天”修改为“270天”。

本决定自2026年6月1日起施行。
"""
QUESTION = "公积金连续缴存多少天可以申请贷款"
CHANGED = "将第二条中的“180天”修改为“270天”。"


@pytest.fixture
def asking(tmp_path: Path, settings: Settings, paper: PaperEmbedder) -> Asking:
    """Asks with a reader to whom only the rule answers."""

    def ask(question: str, *texts: str, today: datetime.date = TODAY, citations: int = 5) -> Answer:
        (tmp_path / "documents").mkdir(exist_ok=True)
        for number, text in enumerate(texts):
            (tmp_path / "documents" / f"{number}.md").write_text(text, "utf-8")
        search = settings.search.model_copy(update={"today": today})
        own = settings.model_copy(update={"reader": "none", "search": search})
        reader = PaperReader({"可以申请贷款": 9.0}, otherwise=-6.0)
        with closing(KnowledgeBase(own, embedder=paper, reader=reader)) as base:
            base.add([tmp_path / "documents"])
            return base.ask(question, citations=citations)

    return ask


def quoted(answer: Answer) -> list[str]:
    return [answer.citations[quote.citation - 1].text[quote.start : quote.end] for quote in answer.quotes]


def test_what_changes_the_rule_is_quoted_behind_it(asking: Asking) -> None:
    answer = asking(QUESTION, RULE, CHANGE)
    assert quoted(answer) == ["第二条 职工连续缴存公积金180天以上的，可以申请贷款。", CHANGED]
    assert answer.answer == "\n".join(quoted(answer))
    assert message_of(answer) == f"引用的规定后来由《关于修改《{TITLE}》的决定》作了修改。"


def test_no_more_is_cited_than_is_wanted(asking: Asking) -> None:
    others = [
        f"# 柏川县公积金贷款问答{number}\n\n公积金连续缴存多少天可以申请贷款，要问中心。\n" for number in range(3)
    ]
    for citations in (1, 2):
        answer = asking(QUESTION, RULE, CHANGE, *others, citations=citations)
        assert len(answer.citations) == citations
        assert len(quoted(answer)) == citations
        assert message_of(answer) == f"引用的规定后来由《关于修改《{TITLE}》的决定》作了修改。"


@pytest.mark.parametrize("verb", ["修改为", "调整为", "改为", "修订为", "，修改为"])
def test_the_ways_in_which_a_change_is_written(asking: Asking, verb: str) -> None:
    changed = CHANGED.replace("修改为", verb)
    assert quoted(asking(QUESTION, RULE, CHANGE.replace(CHANGED, changed)))[1:] == [changed]


@pytest.mark.parametrize(
    ("question", "change", "today"),
    [
        (QUESTION, CHANGE, datetime.date(2026, 5, 31)),  # not yet in force
        (QUESTION, CHANGE.replace("“180天”", "“90天”"), TODAY),  # other words
        (QUESTION, CHANGE.replace("第二条", "第三条"), TODAY),  # the same words of another article
        (QUESTION, CHANGE.replace(TITLE, "柏川县公租房办法"), TODAY),  # another rule
        (f"修改前{QUESTION}", CHANGE, TODAY),
    ],
)
def test_what_does_not_change_the_rule(asking: Asking, question: str, change: str, today: datetime.date) -> None:
    answer = asking(question, RULE, change, today=today)
    assert quoted(answer) == ["第二条 职工连续缴存公积金180天以上的，可以申请贷款。"]
    assert message_of(answer) is None


@pytest.mark.parametrize(
    "end",
    [
        f"《{TITLE}》同时废止。",
        f"本办法自2026年6月1日起施行，2018年印发的《{TITLE}》同时废止。",
        f"《{TITLE}》（柏政发〔2018〕3号）自本办法施行之日起废止。",
    ],
)
def test_what_ends_the_rule_is_quoted_behind_it(asking: Asking, end: str) -> None:
    rule = RULE.replace("第二条", "柏政发〔2018〕3号\n\n第二条")
    answer = asking(QUESTION, rule, f"# 柏川县住房保障条例\n\n公积金另行规定。\n\n{end}\n")
    assert quoted(answer)[1:] == [end]
    assert message_of(answer) == "引用的规定已由《柏川县住房保障条例》废止。"


def test_of_several_articles_that_are_quoted_the_right_one_is_changed(asking: Asking) -> None:
    change = CHANGE.replace("第二条", "第三条")
    answer = asking(QUESTION, RULE.replace("180天内有效", "180天内有效，可以申请贷款"), change)
    assert quoted(answer)[1:] == ["将第三条中的“180天”修改为“270天”。"]


@pytest.mark.parametrize(
    ("own", "end"),
    [
        ("柏政发〔2025〕7号", f"原《{TITLE}》（柏政发〔2018〕3号）同时废止。"),
        (f"第九条 2018年的《{TITLE}》同时废止。", f"2018年的《{TITLE}》同时废止。"),
    ],
)
def test_what_ends_an_older_rule_of_the_same_title_does_not_end_the_new_one(
    asking: Asking, own: str, end: str
) -> None:
    answer = asking(QUESTION, f"{RULE}\n{own}\n", f"# 公积金新办法解读\n\n公积金贷款有新办法。{end}\n")
    assert len(answer.quotes) == 1 and message_of(answer) is None


def test_what_ends_another_rule_does_not(asking: Asking) -> None:
    answer = asking(QUESTION, RULE, "# 柏川县住房保障条例\n\n公积金贷款另行规定。《柏川县公租房办法》同时废止。\n")
    assert len(answer.quotes) == 1


@pytest.mark.parametrize(
    "changed",
    [
        "将第二条修改为：“职工连续缴存公积金270天以上的，可以申请贷款。”",
        "将第二条第一款修改为：“职工连续缴存公积金270天以上的，可以申请贷款。”",
        "删去第二条。",
    ],
)
def test_what_rewords_or_deletes_the_whole_article_is_quoted_behind_it(asking: Asking, changed: str) -> None:
    answer = asking(QUESTION, RULE, CHANGE.replace(CHANGED, changed))
    assert quoted(answer)[1:] == [changed]
    other = changed.replace("第二条", "第三条")
    assert quoted(asking(QUESTION, RULE, CHANGE.replace(CHANGED, other)))[1:] == []


LIST = f"""# 柏川县人民政府关于废止部分文件的决定

根据国家有关规定，经研究，决定对下列文件予以废止：

1. 《柏川县供水价格管理办法》（柏政发〔2016〕3号）
2. 《{TITLE}》（柏政发〔2018〕3号）

有关公积金贷款的其他规定继续执行。
"""
NUMBERED = RULE.replace("第二条", "柏政发〔2018〕3号\n\n第二条")
ROWS = """# 柏川县公积金文件清理结果

## 废止的文件目录（共2件）

| 序号 | 文件名称 | 文号 |
| --- | --- | --- |
| 1 | 柏川县供水价格管理办法 | 柏政发〔2016〕3号 |
| 2 | {title} | {file} |

## 继续有效的文件目录

| 序号 | 文件名称 | 文号 |
| --- | --- | --- |
| 1 | {kept} | 柏政发〔2018〕3号 |
"""


def test_what_ends_the_rule_in_a_list_is_quoted_with_the_line_above_the_list(asking: Asking) -> None:
    answer = asking(QUESTION, NUMBERED, LIST)
    assert quoted(answer)[1:] == [
        "根据国家有关规定，经研究，决定对下列文件予以废止："
        f"1. 《柏川县供水价格管理办法》（柏政发〔2016〕3号）2. 《{TITLE}》（柏政发〔2018〕3号）"
    ]
    assert message_of(answer) == "引用的规定已由《柏川县人民政府关于废止部分文件的决定》废止。"


@pytest.mark.parametrize(
    ("title", "file", "kept", "is_ended"),
    [
        (f"《{TITLE}》", "柏政发〔2018〕3号", "柏川县供气办法", True),
        (TITLE, "柏政发〔2018〕3号", "柏川县供气办法", True),
        (f"《{TITLE}》", "柏政发〔2012〕7号", "柏川县供气办法", False),  # an older one
        ("柏川县供气办法", "柏政发〔2018〕4号", f"《{TITLE}》", False),
    ],
)
def test_rows_that_end_the_rule(asking: Asking, title: str, file: str, kept: str, is_ended: bool) -> None:
    answer = asking(QUESTION, NUMBERED, ROWS.format(title=title, file=file, kept=kept))
    assert message_of(answer) == ("引用的规定已由《柏川县公积金文件清理结果》废止。" if is_ended else None)
    assert len(answer.quotes) == (2 if is_ended else 1)
    assert [citation.became is not None for citation in answer.citations if citation.title == TITLE] == [is_ended]


@pytest.mark.parametrize(
    ("later", "message"),
    [
        (CHANGE, f"引用的规定后来由《关于修改《{TITLE}》的决定》作了修改。"),
        (LIST, "引用的规定已由《柏川县人民政府关于废止部分文件的决定》废止。"),
        (LIST.replace("予以废止", "宣布失效"), "引用的规定已由《柏川县人民政府关于废止部分文件的决定》宣布失效。"),
        (CHANGE.replace("第二条", "第三条"), None),
    ],
)
def test_a_citation_that_is_only_related_tells_what_became_of_its_rule(
    asking: Asking, later: str, message: str | None
) -> None:
    rule = NUMBERED.replace("180天内有效", "身份证有效")
    answer = asking("公积金连续缴存贷款打什么电话", rule, later)
    assert answer.status == "related"
    assert message_of(answer) == "文档里有相关的段落，但没有直接回答这个问题。"
    told = {citation.title: citation.became for citation in answer.citations}
    became = told.pop(TITLE)
    assert (worded(became) if became else None) == message
    assert set(told.values()) == {None}
    if message is not None:
        assert render_answer(answer, marks=True).plain.count(message) == 1
        assert written(answer).count(message) == 1
        (cited,) = (cited for cited in answer_object(answer)["citations"] if "became" in cited)
        assert cited["became"]["message"] == message and cited["title"] == TITLE


def test_a_draft_changes_nothing(asking: Asking) -> None:
    drafts = (text.replace("的决定\n", "的决定（征求意见稿）\n", 1) for text in (CHANGE, LIST))
    answer = asking(QUESTION, NUMBERED, *drafts)
    assert len(answer.quotes) == 1
    assert {citation.became for citation in answer.citations} == {None}


def test_each_clause_of_the_quote_that_was_changed_is_told(asking: Asking) -> None:
    rule = f"# {TITLE}\n\n第二条 可以申请贷款，缴存180天的贷50万元，缴存360天的贷80万元。\n"
    first, second = ("将第二条“50万元”修改为“60万元”。", "将第二条“80万元”修改为“90万元”。")
    change = f"# 关于修改《{TITLE}》的决定\n\n{first}\n\n{second}\n\n本决定自2026年6月1日起施行。\n"
    assert quoted(asking("公积金可以申请贷款吗", rule, change))[1:] == [first, second]
