"""Documents of a period, of who issued them and of a kind, listed from what each tells of itself."""

import datetime
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.wording import is_told, message_of
from config.settings import Settings
from retrieval.query.followup.thread import thread_of
from retrieval.query.library.issued import IssuedQuestion, issued_question
from retrieval.query.library.period import days_of
from retrieval.query.scope import Scope
from retrieval.service import KnowledgeBase
from retrieval.text.fold import fold
from retrieval.types import Answer
from tests.support.paper import PaperEmbedder

TODAY = datetime.date(2026, 9, 15)


@pytest.mark.parametrize(
    ("period", "days"),
    [
        ("2026年", ("2026-01-01", "2026-12-31")),
        ("去年", ("2025-01-01", "2025-12-31")),
        ("今年上半年", ("2026-01-01", "2026-06-30")),
        ("2024年度", ("2024-01-01", "2024-12-31")),
        ("2025年第三季度", ("2025-07-01", "2025-09-30")),
        ("2024年2月", ("2024-02-01", "2024-02-29")),
        ("前年十二月份", ("2024-12-01", "2024-12-31")),
        ("2024年以来", ("2024-01-01", "2026-09-15")),
        ("2023年至2025年", ("2023-01-01", "2025-12-31")),
        ("本月", ("2026-09-01", "2026-09-30")),
        ("上个月", ("2026-08-01", "2026-08-31")),
        ("7月份", ("2026-07-01", "2026-07-31")),
        ("下半年", ("2026-07-01", "2026-12-31")),
        ("近两年", ("2024-09-15", "2026-09-15")),
        ("最近6个月", ("2026-03-15", "2026-09-15")),
        ("过去一周", ("2026-09-08", "2026-09-15")),
        ("前天", ("2026-09-13", "2026-09-13")),
        ("上周", ("2026-09-07", "2026-09-13")),
        ("这个星期", ("2026-09-14", "2026-09-20")),
    ],
)
def test_the_days_of_a_period(period: str, days: tuple[str, str]) -> None:
    assert days_of(period, TODAY) == days


def test_the_month_before_january_is_of_the_year_before() -> None:
    assert days_of("上月", datetime.date(2026, 1, 31)) == ("2025-12-01", "2025-12-31")


YEAR = ("2026-01-01", "2026-12-31")


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("2026年发了哪些文件", IssuedQuestion(*YEAR)),
        ("今年有哪些通知？", IssuedQuestion(*YEAR, kind="通知")),
        ("今年都出台了哪些办法", IssuedQuestion(*YEAR, kind="办法")),
        ("2026年的文件有哪些", IssuedQuestion(*YEAR)),
        ("有没有2026年的文件", IssuedQuestion(*YEAR)),
        ("列出2026年印发的所有通知", IssuedQuestion(*YEAR, kind="通知")),
        ("2026年有多少份文件", IssuedQuestion(*YEAR, is_count=True)),
        ("一共收录了几份2026年的通知", IssuedQuestion(*YEAR, kind="通知", is_count=True)),
        ("县水务局发了哪些文件", IssuedQuestion(issuer="县水务局")),
        ("县水务局发过什么通知", IssuedQuestion(issuer="县水务局", kind="通知")),
        ("县水务局今年印发的文件有哪些", IssuedQuestion(*YEAR, issuer="县水务局")),
        ("2026年县政府办印发了哪些文件", IssuedQuestion(*YEAR, issuer="县政府办")),
        ("有哪些县水务局发布的公告", IssuedQuestion(issuer="县水务局", kind="公告")),
        ("去年新出台的办法有哪些", IssuedQuestion("2025-01-01", "2025-12-31", kind="办法")),
        ("前天县水务局发了什么公告", IssuedQuestion("2026-09-13", "2026-09-13", "县水务局", "公告")),
        ("3月份印发了几份通知", IssuedQuestion("2026-03-01", "2026-03-31", kind="通知", is_count=True)),
        ("上周新收录了哪些文件", IssuedQuestion("2026-09-07", "2026-09-13", is_added=True)),
    ],
)
def test_what_is_asked_of_them(question: str, meant: IssuedQuestion) -> None:
    assert issued_question(fold(question), TODAY) == meant


@pytest.mark.parametrize(
    "question",
    [
        *(
            "今年有哪些规定",
            "2026年发了多少补贴",
            "2026年发了哪些补贴",
            "县水务局有哪些部门",
            "县水务局的通知是谁写的",
        ),
        *("2026年的通知规定了什么", "2026年13月有哪些文件", "左云县最近有什么新文件", "今年的通知", "发了哪些文件"),
        *("2026年有哪些文件规定不准养狗", "谁发的通知有哪些", "办理低保的民政局有哪些通知", ""),
    ],
)
def test_what_only_looks_like_it(question: str) -> None:
    assert issued_question(fold(question), TODAY) is None


PRICE, STOP, RULES = "柏川县水务局关于调整水价的通知", "柏川县水务局关于东关停水的公告", "柏川县供水管理办法"
INSURED, PLAN = "柏川县医保局 柏川县财政局关于做好参保工作的通知", "柏川县教育局关于印发2025年招生方案的通知"


@pytest.fixture
def papers(settings: Settings, paper: PaperEmbedder, tmp_path: Path) -> Iterator[KnowledgeBase]:
    texts = {
        "a.md": f"# {PRICE}\n\n柏水发〔2026〕8号\n\n自下月起每立方米三元。\n\n柏川县水务局\n\n2026年3月9日\n",
        "b.txt": f"{STOP}\n\n停水一天。\n\n柏川县水务局\n2025年6月5日\n",
        "c.md": f"# {RULES}\n\n第一条 为了供水，制定本办法。\n\n柏川县人民政府\n\n2026年5月28日\n",
        "d.md": f"# {INSURED}\n\n按时缴费。\n\n2025年9月16日\n",
        "e.md": f"---\ndate: 2025-05-18\n---\n# {PLAN}\n\n按时报名，2026年5月28日前办完。\n",
        "f.md": "# 柏川县水务局2026年工作总结\n\n完成管网12处。\n",
    }
    (tmp_path / "documents").mkdir()
    for name, text in texts.items():
        (tmp_path / "documents" / name).write_text(text, "utf-8")
    search = settings.search.model_copy(update={"today": TODAY})
    own = settings.model_copy(update={"reader": "none", "search": search})
    with closing(KnowledgeBase(own, embedder=paper)) as base:
        base.add([tmp_path / "documents"])
        yield base


def titles(answer: Answer) -> list[str]:
    """What is quoted, and that nothing was searched."""
    assert not answer.was_searched
    cited = {citation.number: citation.text for citation in answer.citations}
    return [cited[quote.citation][quote.start : quote.end] for quote in answer.quotes]


@pytest.mark.parametrize(
    ("question", "quoted", "message"),
    [
        ("2026年发了哪些文件", [RULES, PRICE], "日期在2026-01-01到2026-12-31的文件有2份。"),
        ("今年有哪些通知", [PRICE], "日期在2026-01-01到2026-12-31、标题是“通知”的文件有1份。"),
        ("县水务局发了哪些文件", [PRICE, STOP], "写明由“县水务局”发布的文件有2份。"),
        ("水务局去年发过什么公告", [STOP], None),
        ("县政府发了哪些文件", [RULES], "写明由“县政府”发布的文件有1份。"),
        ("县财政局发了哪些通知", [INSURED], None),
        ("去年印发了哪些方案", [PLAN], None),
        ("你好，请问2026年5月发了哪些文件？谢谢", [RULES], None),
    ],
)
def test_they_are_listed_the_newest_first(
    papers: KnowledgeBase, question: str, quoted: list[str], message: str | None
) -> None:
    answer = papers.ask(question)
    assert (answer.status, titles(answer)) == ("answered", quoted)
    assert message in (None, message_of(answer))


def test_what_came_into_the_library_in_a_period(papers: KnowledgeBase) -> None:
    added = max(record.indexed_at for record in papers.documents())[:10]
    since, until = days_of(f"{added[:4]}年{int(added[5:7])}月", TODAY)
    answer = papers.ask(f"{added[:4]}年{int(added[5:7])}月新增了哪些文件")
    assert (message_of(answer) or "").startswith(f"{since}到{until}收录的文件有6份，先列5份：《")
    assert message_of(papers.ask("2019年新增了哪些文件")) == "2019-01-01到2019-12-31收录的文件有0份。"


@pytest.mark.parametrize(
    ("question", "quoted", "message"),
    [
        ("调整水价的通知有哪些", [PRICE], "标题是“通知”的文件里，标题提到“调整水价”的文件有1份。"),
        ("有哪些停水的公告", [STOP], "标题是“公告”的文件里，标题提到“停水”的文件有1份。"),
        ("供水管理的文件有哪些", [RULES], "标题提到“供水管理”的文件有1份。"),
        ("调整水价的文件是谁发的", ["柏川县水务局"], f"《{PRICE}》由“柏川县水务局”发布。"),
    ],
)
def test_they_may_be_about_something(papers: KnowledgeBase, question: str, quoted: list[str], message: str) -> None:
    answer = papers.ask(question)
    assert (titles(answer), message_of(answer)) == (quoted, message)


def test_how_many_of_a_kind_are_about_something_is_told(papers: KnowledgeBase) -> None:
    answer = papers.ask("参保的通知有几份")
    told = f"标题是“通知”的文件里，标题提到“参保”的文件有1份：《{INSURED}》。"
    assert (answer.answer, is_told(answer), message_of(answer)) == (None, True, told)
    assert papers.ask("停水的通知有几份").was_searched, "the documents may tell more of what is no notice"


def test_a_count_is_told_with_their_days(papers: KnowledgeBase) -> None:
    answer = papers.ask("2026年有多少份文件")
    told = f"日期在2026-01-01到2026-12-31的文件有2份：《{RULES}》（2026-05-28）、《{PRICE}》（2026-03-09）。"
    assert (answer.status, message_of(answer)) == ("related", told)


def test_a_part_of_the_list_is_no_answer(papers: KnowledgeBase) -> None:
    answer = papers.ask("2026年发了哪些文件", citations=1)
    told = f"日期在2026-01-01到2026-12-31的文件有2份，先列1份：《{RULES}》（2026-05-28）。"
    assert (answer.status, message_of(answer)) == ("related", told)


def test_a_year_of_none_and_a_body_that_issued_nothing(papers: KnowledgeBase) -> None:
    none = papers.ask("2019年发了哪些文件")
    assert (none.status, none.was_searched) == ("not_found", False)
    assert message_of(none) == "日期在2019-01-01到2019-12-31的文件有0份。"
    for question, told in (
        ("县林业局发了哪些文件", "写明由“县林业局”发布"),
        ("县水务局2019年发了哪些文件", "日期在2019-01-01到2019-12-31、写明由“县水务局”发布"),
        ("2019年有哪些通知", "日期在2019-01-01到2019-12-31、标题是“通知”"),
        ("县育局发了哪些文件", "写明由“县育局”发布"),
    ):
        searched = papers.ask(question)
        assert searched.was_searched, "the documents may tell more"
        assert searched.answer is not None or message_of(searched) == f"收录的文件里没有{told}的。"


def test_another_year_of_the_same_list_is_asked_for(papers: KnowledgeBase) -> None:
    thread = thread_of(papers.ask("今年有哪些通知"))
    assert titles(papers.ask("去年呢", after=thread)) == [INSURED, PLAN]


def test_all_who_sign_a_paper_issued_it(papers: KnowledgeBase, tmp_path: Path) -> None:
    text = "关于联合检查的通知\n\n柏联发〔2026〕1号\n\n开展检查。\n\n柏川县教育局\n柏川县民政局\n2026年4月1日\n"
    (tmp_path / "h.txt").write_text(text, "utf-8")
    papers.add([tmp_path / "h.txt"])
    answer = papers.ask("《关于联合检查的通知》是哪几个单位联合印发的")
    assert titles(answer) == ["柏川县教育局", "柏川县民政局"]
    assert message_of(answer) == "《关于联合检查的通知》由“柏川县教育局”、“柏川县民政局”发布。"


def test_of_two_bodies_that_go_by_the_name_it_is_not_known_which_is_meant(
    papers: KnowledgeBase, tmp_path: Path
) -> None:
    (tmp_path / "documents" / "g.md").write_text("# 兴县水务局关于停水的通知\n\n停水。\n", "utf-8")
    papers.add([tmp_path / "documents" / "g.md"])
    answer = papers.ask("水务局发了哪些文件")
    assert answer.status == "related" and "有3份" in (message_of(answer) or "")
    assert titles(papers.ask("柏川县水务局发了哪些文件")) == [PRICE, STOP]


def test_who_narrows_the_question_is_answered_from_there_alone(papers: KnowledgeBase) -> None:
    scope = Scope(documents=("a.md", "b.txt"))
    assert titles(papers.ask("2026年发了哪些文件", scope=scope)) == [PRICE]


@pytest.mark.parametrize(
    ("issuer", "named", "is_found"),
    [
        ("中共柏川县委宣传部", "宣传部", True),
        ("中共柏川县委宣传部", "县委宣传部", True),
        ("中共柏川县委宣传部", "组织部", False),
        ("柏川县住房和城乡建设局", "住建局", True),
        ("柏川县住房和城乡建设局", "县住建局", True),
        ("柏川县住房和城乡建设局", "市住建局", False),
        ("柏川县教育科技局", "科技局", False),
    ],
)
def test_a_body_goes_by_its_short_name(
    papers: KnowledgeBase, tmp_path: Path, issuer: str, named: str, *, is_found: bool
) -> None:
    title = f"{issuer}关于读书月的通知"
    (tmp_path / "s.txt").write_text(f"{title}\n\n多读书。\n\n{issuer}\n2026年4月1日\n", "utf-8")
    papers.add([tmp_path / "s.txt"])
    answer = papers.ask(f"{named}发过哪些通知")
    assert (not answer.was_searched and titles(answer) == [title]) == is_found


def test_who_goes_by_the_very_name_is_meant(papers: KnowledgeBase, tmp_path: Path) -> None:
    for name, issuer in (("s", "柏川县教育局"), ("t", "柏川县教育科技局")):
        text = f"{issuer}关于读书月的公告\n\n多读书。\n\n{issuer}\n2026年4月1日\n"
        (tmp_path / f"{name}.txt").write_text(text, "utf-8")
    papers.add([tmp_path / "s.txt", tmp_path / "t.txt"])
    assert titles(papers.ask("教育局发过哪些公告")) == ["柏川县教育局关于读书月的公告"]
