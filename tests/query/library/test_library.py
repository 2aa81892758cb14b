"""Questions about the library itself are answered from the index; what only looks like one is looked up."""

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.render.terminal import render_answer
from bot.wording import is_told, message_of
from retrieval.errors import NotFoundError
from retrieval.query.library.paper import Paper
from retrieval.query.library.questions import LibraryQuestion, library_question
from retrieval.query.scope import Scope
from retrieval.service import KnowledgeBase
from retrieval.types import Answer

TODAY = datetime.date(2026, 9, 15)
Write = Callable[[str, str | bytes], Path]


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("知识库里有哪些文件", LibraryQuestion("titles")),
        ("知识库有哪些文件？", LibraryQuestion("titles")),
        ("你们现在都有哪些文档", LibraryQuestion("titles")),
        ("都有什么资料", LibraryQuestion("titles")),
        ("列出所有文件", LibraryQuestion("titles")),
        ("知識庫裡有哪些文件", LibraryQuestion("titles")),
        ("收录了多少份文件", LibraryQuestion("count")),
        ("你有多少份文档", LibraryQuestion("count")),
        ("一共收录了多少份", LibraryQuestion("count")),
        ("最新的一份文件是什么", LibraryQuestion("newest")),
        ("秸秆禁烧的文件文号是多少", LibraryQuestion("number", "秸秆禁烧")),
        ("库里的文件一共有几份", LibraryQuestion("count")),
        ("你们都收录了什么", LibraryQuestion("contents")),
        ("知识库里有什么内容", LibraryQuestion("contents")),
        ("最近新增了什么", LibraryQuestion("latest")),
        ("殡葬的文件有哪些", LibraryQuestion("titles", "殡葬")),
        ("殡葬文件是哪个部门发的", LibraryQuestion("issuer", "殡葬")),
        ("最近新收录的文件有哪些", LibraryQuestion("latest")),
        ("有没有关于水价的文件", LibraryQuestion("titles", "水价")),
        ("你这里有关于低保的资料吗", LibraryQuestion("titles", "低保")),
        ("你们这有关于低保的资料吗", LibraryQuestion("titles", "低保")),
        ("关于养老的文件有哪些", LibraryQuestion("titles", "养老")),
        ("你们有水价的文件吗", LibraryQuestion("titles", "水价")),
        ("有多少关于水价的文件", LibraryQuestion("count", "水价")),
        ("《水价办法》是哪年的", LibraryQuestion("date", paper=Paper(0, 0, title="水价办法"))),
        ("《水价办法》是什么时候印发的？", LibraryQuestion("date", paper=Paper(0, 0, title="水价办法"))),
        ("what documents do you have?", LibraryQuestion("titles")),
        ("How many documents are there?", LibraryQuestion("count")),
        ("Do you have any documents about water prices?", LibraryQuestion("titles", "water prices")),
        ("Which documents were recently added", LibraryQuestion("latest")),
    ],
)
def test_what_is_asked_of_the_library(question: str, meant: LibraryQuestion) -> None:
    assert library_question(question, TODAY) == meant


@pytest.mark.parametrize(
    "question",
    [
        *("村里有哪些文件规定不准养狗", "图书馆有哪些资料", "档案馆有多少份文件", "图书馆收录了多少份文献"),
        *("有多少网格员", "左云县有没有关于水价的文件", "办居住证需要哪些资料", "有哪些材料", "有多少通知"),
        *(
            "最近新增了多少网格员",
            "最近更新了哪些规定",
            "左云县最近有什么新文件",
            "文件有哪些要求",
            "有没有关于水价的规定",
        ),
        *(
            "《水价办法》规定了什么",
            "《水价办法》什么时候施行",
            "这里有什么好吃的",
            "你们村有多少人",
            "有什么",
            "知识库是什么",
        ),
        *(
            "知识库建设投入了多少资金",
            "仓库里有多少吨粮食",
            "有没有关于谁的文件规定",
            "How many documents must be submitted?",
        ),
        *(
            "申请低保的文件有哪些",
            "有哪些要交的文件",
            "最新的文件有哪些",
            "今年殡葬的文件有哪些",
            "有没有关于上个月停水的通知",
            "县里印发的文件有哪些",
            "哪些人的文件有几份",
        ),
        *("What documents do I need?", "", "\ud800", "有没有关于" + "水" * 900 + "的文件"),
    ],
)
def test_what_only_looks_like_it(question: str) -> None:
    assert library_question(question, TODAY) is None


WATER, STREET, LAMPS = "县城居民用水价格的通知", "东街为何封闭施工", "路灯维护"


@pytest.fixture
def three(base: KnowledgeBase, write: Write) -> Iterator[KnowledgeBase]:
    write("a.md", f"---\ndate: 2026-01-01\n---\n# {WATER}\n\n自2026年1月1日起，第一阶梯2.80元。\n")
    write("b.txt", f"{STREET}\n\n东街供热管网塌陷，全封闭施工。\n")
    base.add(
        [write("路灯-2025.md", f"---\ndate: 2025-05-06\ntitle: {LAMPS}\n---\n路灯由城管局维护，水费另计。\n").parent]
    )
    yield base


def titles(answer: Answer) -> list[str]:
    """What is quoted, each from its passage."""
    cited = {citation.number: citation.text for citation in answer.citations}
    return [cited[quote.citation][quote.start : quote.end] for quote in answer.quotes]


def test_titles_are_quoted_from_their_documents(three: KnowledgeBase) -> None:
    answer = three.ask("知识库里有哪些文件", scope=Scope.of(None, None, ["a.md", "b.txt"]))
    assert (answer.status, message_of(answer)) == ("answered", "收录了2份文件。")
    assert titles(answer) == [WATER, STREET]
    assert answer.answer == f"{WATER}\n{STREET}"
    assert [citation.document for citation in answer.citations] == ["a.md", "b.txt"]
    assert all(three.passage(citation.passage_id).passage.ordinal == 0 for citation in answer.citations)
    assert not answer.was_searched
    shown = render_answer(answer, marks=True).plain
    assert shown.startswith(f"收录了2份文件。\n{WATER}  [1]\n{STREET}  [2]\n")


def test_a_title_that_stands_in_no_passage_is_told_and_not_quoted(three: KnowledgeBase) -> None:
    answer = three.ask("你好，请问知识库里有哪些文件？谢谢")
    assert (answer.status, answer.answer, answer.quotes) == ("related", None, ())
    assert message_of(answer) == f"收录了3份文件：《{WATER}》、《{STREET}》、《{LAMPS}》。"
    assert [citation.document for citation in answer.citations] == ["a.md", "b.txt", "路灯-2025.md"]


@pytest.mark.parametrize(
    ("question", "message", "documents"),
    [
        (
            "你有多少份文档",
            f"收录了3份文件：《{WATER}》、《{STREET}》、《{LAMPS}》。",
            ["a.md", "b.txt", "路灯-2025.md"],
        ),
        ("有多少关于用水的文件", f"标题提到“用水”的文件有1份：《{WATER}》。", ["a.md"]),
        ("有没有关于管网的文件", f"标题里都没有“管网”，正文提到它的文件有1份：《{STREET}》。", ["b.txt"]),
        ("有没有关于殡葬的文件", "3份文档里都没有提到“殡葬”。", []),
        (
            "How many documents are there?",
            f"The library has 3 documents: “{WATER}”, “{STREET}”, “{LAMPS}”.",
            ["a.md", "b.txt", "路灯-2025.md"],
        ),
    ],
)
def test_what_no_document_states_is_told_with_the_documents(
    three: KnowledgeBase, question: str, message: str, documents: list[str]
) -> None:
    answer = three.ask(question)
    assert (answer.status, answer.answer) == ("related" if documents else "not_found", None)
    assert message_of(answer) == message
    assert [citation.document for citation in answer.citations] == documents


def test_a_topic_in_a_title_is_quoted(three: KnowledgeBase) -> None:
    answer = three.ask("有没有关于封闭施工的文件")
    assert (answer.status, titles(answer)) == ("answered", [STREET])
    assert message_of(answer) == "标题提到“封闭施工”的文件有1份。"


def test_a_part_of_a_list_is_no_answer(three: KnowledgeBase) -> None:
    answer = three.ask("知识库里有哪些文件", citations=1)
    assert (answer.status, message_of(answer)) == ("related", f"收录了3份文件，先列1份：《{WATER}》。")


def test_more_than_are_shown_are_counted(three: KnowledgeBase) -> None:
    answer = three.ask("一共有多少份文档", citations=2)
    assert message_of(answer) == f"收录了3份文件，先列2份：《{WATER}》、《{STREET}》。"
    assert len(answer.citations) == 2


def test_what_was_added_last_is_told_with_its_day(three: KnowledgeBase) -> None:
    answer = three.ask("最近新增了什么")
    day = max(record.indexed_at for record in three.documents())[:10]
    assert (message_of(answer) or "").startswith("最近收录的文件：《")
    assert (message_of(answer) or "").count(f"（{day}）") == 3


def test_a_date_is_quoted_where_it_stands(three: KnowledgeBase) -> None:
    water = three.ask(f"《{WATER}》是哪年的")
    assert (water.status, water.answer) == ("answered", "2026年1月1日")
    assert message_of(water) == f"《{WATER}》的日期是2026-01-01。"
    lamps = three.ask(f"《{LAMPS}》是什么时候发布的")
    assert (lamps.status, lamps.answer, message_of(lamps)) == ("related", None, f"《{LAMPS}》的日期是2025-05-06。")
    assert message_of(three.ask("《路灯-2025》是哪年的")) == message_of(lamps), "by the name of its file"
    street = three.ask(f"《{STREET}》是哪年的")
    assert (street.status, message_of(street)) == ("related", f"《{STREET}》没有注明日期。")
    assert three.ask("《红楼梦》是哪年的").was_searched, "no such document: a question like any other"


def test_the_newest_is_told_in_a_sentence(three: KnowledgeBase) -> None:
    assert message_of(three.ask("最新的文件是哪个")) == f"《{WATER}》的日期是2026-01-01。"


def test_what_is_told_exactly_is_told_without_passages(three: KnowledgeBase) -> None:
    held = three.ask("你有多少份文档")
    assert is_told(held)
    assert render_answer(held, marks=True).plain == f"{message_of(held)}\n"
    unknown = three.ask("有没有关于殡葬的文件")
    undated = three.ask(f"《{STREET}》是哪年的")
    assert not is_told(unknown) and not is_told(undated)


def test_a_question_narrowed_to_documents_is_answered_from_these(three: KnowledgeBase) -> None:
    answer = three.ask("有多少份文件", scope=Scope.of("2026", None))
    assert message_of(answer) == f"收录了1份文件：《{WATER}》。"
    with pytest.raises(NotFoundError):
        three.ask("有多少份文件", scope=Scope.of(None, None, ["x.md"]))
    none = three.ask("有多少份文件", scope=Scope.of("2027", None))
    assert (none.status, none.citations) == ("not_found", ())
    assert (message_of(none) or "").startswith("None of the 3 documents has a date since 2027-01-01")
