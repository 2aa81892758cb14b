"""What became of a rule: of several papers, of several changes, and of a paper that the question names."""

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.wording import message_of
from config.settings import Settings
from retrieval.query.scope import Scope
from retrieval.service import KnowledgeBase, Visibility
from retrieval.types import Answer
from tests.reading.make import PaperReader
from tests.support.paper import PaperEmbedder

Base = Callable[..., KnowledgeBase]
TODAY = datetime.date(2026, 9, 15)
WATER, GAS = "柏川县供水价格管理办法", "柏川县供气价格管理办法"


def rule(title: str, article: str) -> str:
    return f"# {title}\n\n第二条 本办法适用于全县。\n\n第三条 {article}\n"


@pytest.fixture
def base(tmp_path: Path, settings: Settings, paper: PaperEmbedder) -> Iterator[Base]:
    """Makes a base of texts by name of file; its reader finds the answer in the sentence with 应当."""
    opened: list[KnowledgeBase] = []

    def make(**texts: str) -> KnowledgeBase:
        for name, text in texts.items():
            path = tmp_path / "documents" / name / "paper.md"
            path.parent.mkdir(parents=True)
            path.write_text(text, "utf-8")
        search = settings.search.model_copy(update={"today": TODAY})
        own = settings.model_copy(update={"reader": "none", "search": search})
        opened.append(KnowledgeBase(own, embedder=paper, reader=PaperReader({"应当": 9.0}, otherwise=-6.0)))
        opened[-1].add([tmp_path / "documents"])
        return opened[-1]

    yield make
    for each_base in opened:
        each_base.close()


def told(answer: Answer) -> tuple[list[str], str | None]:
    """The quotes behind the first, and what is said of them."""
    quotes = [answer.citations[quote.citation - 1].text[quote.start : quote.end] for quote in answer.quotes]
    return quotes[1:], message_of(answer)


FEES = "申请减免的应当在30日内提出。"
SEVERAL = f"""# 关于修改和废止部分文件的决定

一、对《{WATER}》作出修改

第三条中“30日”修改为“15日”。

二、《{GAS}》继续有效。
"""


@pytest.mark.parametrize(("title", "is_changed"), [(WATER, True), (GAS, False)])
def test_of_several_papers_a_decision_changes_the_one_above(base: Base, title: str, is_changed: bool) -> None:
    knowledge = base(rule=rule(title, FEES), decision=SEVERAL)
    for question in ("申请减免应当在多少日内提出", f"《{title}》申请减免应当在多少日内提出"):
        quotes, message = told(knowledge.ask(question))
        assert quotes == (["第三条中“30日”修改为“15日”。"] if is_changed else [])
        assert message == ("引用的规定后来由《关于修改和废止部分文件的决定》作了修改。" if is_changed else None)


def test_the_paper_is_named_in_another_passage_of_the_article(base: Base) -> None:
    rest = "\n\n".join(f"第{number}条中的错字改正，其余各款和各项的内容都不变。" for number in range(10, 40))
    changes = (
        f"# 关于修改部分文件的决定\n\n一、对《{WATER}》作出修改\n\n{rest}\n\n申请减免第三条中“30日”修改为“15日”。\n"
    )
    knowledge = base(rule=rule(WATER, FEES), decision=f"{changes}\n二、《{GAS}》继续有效。\n")
    for question in ("申请减免应当在多少日内提出", f"《{WATER}》申请减免应当在多少日内提出"):
        assert told(knowledge.ask(question))[0] == ["申请减免第三条中“30日”修改为“15日”。"]


def decision(year: int, old: str, new: str) -> str:
    return (
        f"# {year}年关于修改《{WATER}》的决定\n\n安装费第三条中“{old}”修改为“{new}”。\n\n"
        f"本决定自{year}年1月1日起施行。\n"
    )


@pytest.mark.parametrize(("older", "newer"), [("a", "b"), ("b", "a")])
def test_of_changes_that_follow_each_other_the_last_is_told(base: Base, older: str, newer: str) -> None:
    texts = {older: decision(2024, "60元", "80元"), newer: decision(2026, "80元", "40元")}
    answer = base(rule=rule(WATER, "安装费应当为60元。"), **texts).ask("安装费应当为多少元")
    assert told(answer) == (
        ["安装费第三条中“80元”修改为“40元”。"],
        f"引用的规定后来由《2026年关于修改《{WATER}》的决定》作了修改。",
    )


def test_a_change_that_is_not_yet_in_force_ends_the_chain(base: Base) -> None:
    texts = {"a": decision(2024, "60元", "80元"), "b": decision(2027, "80元", "40元")}
    answer = base(rule=rule(WATER, "安装费应当为60元。"), **texts).ask("安装费应当为多少元")
    assert told(answer)[0] == ["安装费第三条中“60元”修改为“80元”。"]


ENDED = f"# 柏川县公用事业条例\n\n第九条 《{WATER}》同时废止。\n"
NAMED = f"《{WATER}》安装费应当为多少元"


@pytest.mark.parametrize("later", [ENDED, decision(2024, "60元", "80元")])
def test_who_names_the_paper_is_told_what_became_of_it(base: Base, later: str) -> None:
    knowledge = base(rule=rule(WATER, "安装费应当为60元。"), later=later)
    answer = knowledge.ask(NAMED)
    assert len(answer.quotes) == 2
    assert answer.reason is not None and answer.reason.code == ("repealed" if later == ENDED else "amended")


def test_who_does_not_see_the_later_paper_is_not_told_of_it(base: Base, tmp_path: Path) -> None:
    knowledge = base(rule=rule(WATER, "安装费应当为60元。"), later=ENDED)
    hidden = Visibility(hidden=frozenset({tmp_path / "documents" / "later"}))
    assert told(knowledge.seen_by(hidden).ask(NAMED)) == ([], None)


@pytest.mark.parametrize("question", [NAMED, "安装费应当为多少元"])
def test_who_narrows_the_question_is_answered_from_there_alone(base: Base, tmp_path: Path, question: str) -> None:
    knowledge = base(rule=rule(WATER, "安装费应当为60元。"), later=ENDED)
    scope = Scope(folders=(tmp_path / "documents" / "rule",))
    assert told(knowledge.ask(question, scope=scope)) == ([], None)
