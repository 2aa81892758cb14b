"""Whether papers are in force, from when, and whether they were changed: told by the sentence that decides."""

import datetime
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from bot.wording import message_of
from config.settings import Settings
from retrieval.query.followup.thread import thread_of
from retrieval.query.scope import Scope
from retrieval.service import KnowledgeBase
from retrieval.types import Answer
from tests.support.paper import PaperEmbedder

TODAY = datetime.date(2026, 9, 15)
OLD, NEW, PARKING, GRANTS = (
    "柏川县供水管理暂行办法",
    "柏川县供水管理办法",
    "柏川县停车管理办法",
    "柏川县高龄津贴发放办法",
)
ADS, LOANS = "柏川县户外广告设置管理办法", "柏川县小额信贷补偿办法"
PAPERS = {
    "old": f"# {OLD}\n\n柏政发〔2018〕15号\n\n第八条 水费每立方米二元。\n\n第九条 本办法自2018年10月1日起施行。\n",
    "new": f"# {NEW}\n\n柏政发〔2025〕6号\n\n第九条 本办法自2025年7月1日起施行，有效期五年。"
    f"2018年印发的《{OLD}》同时废止。",
    "parking": f"# {PARKING}\n\n柏政发〔2026〕11号\n\n第三条 每小时二元。\n\n第九条 本办法自2027年1月1日起施行。",
    "grants": f"# {GRANTS}\n\n柏政办发〔2023〕12号\n\n第四条 每人每月50元。\n\n第九条 本办法自印发之日起施行。\n\n"
    "柏川县人民政府办公室\n\n2023年4月10日\n",
    "change": f"# 关于修改《{GRANTS}》的决定\n\n将第四条中的“50元”修改为“60元”。\n\n本决定自2026年1月1日起施行。",
    "ads": f"# 柏川县人民政府关于印发{ADS}的通知\n\n柏政发〔2011〕7号\n\n第九条 本办法自2011年9月1日起施行。",
    "loans": f"# {LOANS}\n\n柏政发〔2017〕4号\n\n第九条 本办法自2017年3月1日起施行，有效期至2020年12月31日。",
    "list": "# 关于公布文件清理结果的通知\n\n## 一、下列文件自本通知印发之日起废止：\n\n"
    f"1.《柏川县集市管理规定》（柏政发〔2010〕3号）\n\n2.《{ADS}》（柏政发〔2011〕7号）\n\n"
    f"## 二、下列文件继续有效：\n\n1.《{GRANTS}》（柏政办发〔2023〕12号）\n",
    "draft": "# 柏川县民政局关于《柏川县殡葬管理办法（征求意见稿）》公开征求意见的公告\n\n拟于2027年1月1日起施行。",
}
Base = Callable[..., KnowledgeBase]


@pytest.fixture
def base_of(settings: Settings, paper: PaperEmbedder, tmp_path: Path) -> Iterator[Base]:
    with ExitStack() as opened:

        def make(**more: str) -> KnowledgeBase:
            folder = tmp_path / "documents"
            folder.mkdir()
            for name, text in (PAPERS | more).items():
                (folder / f"{name}.md").write_text(text, "utf-8")
            search = settings.search.model_copy(update={"today": TODAY})
            own = settings.model_copy(update={"reader": "none", "search": search})
            base = opened.enter_context(closing(KnowledgeBase(own, embedder=paper)))
            base.add([folder])
            return base

        yield make


@pytest.fixture
def papers(base_of: Base) -> KnowledgeBase:
    return base_of()


def quotes(answer: Answer) -> list[str]:
    cited = {citation.number: citation.text for citation in answer.citations}
    return [cited[quote.citation][quote.start : quote.end] for quote in answer.quotes]


@pytest.mark.parametrize("question", [f"《{OLD}》还有效吗", f"{OLD}废止了吗", "柏政发〔2018〕15号是不是作废了"])
def test_what_ended_it_decides(papers: KnowledgeBase, question: str) -> None:
    answer = papers.ask(question)
    assert (answer.status, quotes(answer)) == ("answered", [f"2018年印发的《{OLD}》同时废止。"])
    assert message_of(answer) == f"《{OLD}》已由“{NEW}”废止。"
    assert [citation.document for citation in answer.citations] == ["new.md"]


def test_a_list_of_what_is_ended_decides_with_what_leads_to_it(papers: KnowledgeBase) -> None:
    answer = papers.ask(f"《{ADS}》还有效吗")
    assert answer.reason is not None and answer.reason.code == "document_repealed"
    assert quotes(answer) == ["一、下列文件自本通知印发之日起废止：", f"2.《{ADS}》（柏政发〔2011〕7号）"]


def test_what_leads_to_a_long_list_may_stand_in_another_passage(base_of: Base) -> None:
    others = "".join(
        f"{number}.《柏川县第{number}号办法》（柏政发〔2009〕{number}号）\n\n" for number in range(1, 61)
    )
    listed = f"# 关于文件清理结果的通告\n\n下列文件宣布失效：\n\n{others}61.《{PARKING}》（柏政发〔2026〕11号）\n"
    answer = base_of(listed=listed).ask(f"《{PARKING}》还有效吗")
    assert quotes(answer) == ["下列文件宣布失效：", f"61.《{PARKING}》（柏政发〔2026〕11号）"]
    assert len(answer.citations) == 2
    assert message_of(answer) == f"《{PARKING}》已由“关于文件清理结果的通告”宣布失效。"


@pytest.mark.parametrize(
    ("title", "above", "code"),
    [
        ("关于文件清理结果的公告", "宣布失效的文件目录", "document_lapsed"),
        ("关于文件清理结果的公告", "废止的文件目录（共1件）", "document_repealed"),
        ("关于文件清理结果的公告", "继续有效的文件目录", "not_repealed"),
        ("关于文件清理结果的公告（征求意见稿）", "废止的文件目录（共1件）", "not_repealed"),
    ],
)
def test_a_row_of_a_table_decides_by_what_stands_above_it(base_of: Base, title: str, above: str, code: str) -> None:
    rows = f"| 序号 | 文件名称 | 文号 |\n| --- | --- | --- |\n| 1 | {GRANTS} | 柏政办发〔2023〕12号 |\n"
    answer = base_of(rows=f"# {title}\n\n## {above}\n\n{rows}").ask(f"《{GRANTS}》还有效吗")
    assert answer.reason is not None and answer.reason.code == code


def test_a_paper_of_which_an_article_is_ended_goes_on(base_of: Base) -> None:
    part = f"# 关于养老服务的通知\n\n《{GRANTS}》第三条同时废止。\n"
    assert base_of(part=part).ask(f"《{GRANTS}》还有效吗").status == "related"


def test_a_list_of_what_goes_on_ends_nothing(papers: KnowledgeBase) -> None:
    answer = papers.ask(f"《{GRANTS}》还有效吗")
    assert (answer.status, answer.quotes, answer.confidence) == ("related", (), 0.0)
    assert message_of(answer) == f"收录的文件里没有找到写明《{GRANTS}》已经废止或失效的句子。"
    assert [citation.document for citation in answer.citations] == ["grants.md"]


def test_the_number_in_a_list_tells_which_paper_is_ended(base_of: Base) -> None:
    other = f"# 柏川县人民政府关于印发{ADS}的通知\n\n柏政发〔2019〕9号\n\n第九条 本办法自2019年9月1日起施行。\n"
    assert quotes(base_of(again=other).ask("柏政发〔2019〕9号还有效吗")) == []


def test_it_may_only_be_said_to_be_in_force_no_longer(base_of: Base) -> None:
    later = f"# 关于文件清理的决定\n\n《{PARKING}》（柏政发〔2026〕11号）宣布失效。\n"
    answer = base_of(later=later).ask(f"《{PARKING}》还有效吗")
    assert quotes(answer) == [f"《{PARKING}》（柏政发〔2026〕11号）宣布失效。"]
    assert message_of(answer) == f"《{PARKING}》已由“关于文件清理的决定”宣布失效。"


@pytest.mark.parametrize(
    ("title", "quoted"),
    [
        (LOANS, "第九条 本办法自2017年3月1日起施行，有效期至2020年12月31日。"),
        (NEW, "第九条 本办法自2025年7月1日起施行，有效期五年。"),
        (PARKING, "第九条 本办法自2027年1月1日起施行。"),
    ],
)
def test_the_paper_says_itself_how_long_it_lasts_or_that_it_has_not_begun(
    papers: KnowledgeBase, title: str, quoted: str
) -> None:
    answer = papers.ask(f"《{title}》还有效吗")
    assert (answer.status, quotes(answer)) == ("answered", [quoted])
    assert message_of(answer) == f"收录的文件里没有找到写明《{title}》已经废止或失效的句子。"


def test_what_is_not_decided_or_not_yet_in_force_ends_nothing(base_of: Base) -> None:
    plan = f"# 关于供水的请示\n\n建议《{GRANTS}》同时废止。\n"
    later = f"# 柏川县敬老办法\n\n本办法自2027年1月1日起施行，《{GRANTS}》同时废止。\n"
    assert base_of(plan=plan, later=later).ask(f"《{GRANTS}》还有效吗").status == "related"


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        (f"《{PARKING}》什么时候施行", ["第九条 本办法自2027年1月1日起施行。"]),
        (f"{PARKING}施行了吗", ["第九条 本办法自2027年1月1日起施行。"]),
        (f"《{GRANTS}》从哪天起生效", ["第九条 本办法自印发之日起施行。", "2023年4月10日"]),
        (
            f"《{OLD}》什么时候施行",
            ["第九条 本办法自2018年10月1日起施行。", f"2018年印发的《{OLD}》同时废止。"],
        ),
    ],
)
def test_from_when_it_is_in_force(papers: KnowledgeBase, question: str, quoted: list[str]) -> None:
    answer = papers.ask(question)
    assert (answer.status, answer.was_searched, quotes(answer)) == ("answered", False, quoted)


@pytest.mark.parametrize(
    "text",
    [
        "三、有效期五年。",
        "本办法所称居住证有效期五年。",
        "自2027年1月1日起施行新的收费标准。",
        "《柏川县旧办法》自2027年1月1日起施行。",
    ],
)
def test_what_is_said_of_something_else_is_not_said_of_the_paper(base_of: Base, text: str) -> None:
    knowledge = base_of(card=f"# 柏川县居住证管理办法\n\n第一条 为了方便群众，制定本办法。\n\n{text}\n")
    assert knowledge.ask("《柏川县居住证管理办法》还有效吗").status == "related"
    assert knowledge.ask("《柏川县居住证管理办法》什么时候施行").was_searched


def test_of_two_sentences_it_is_not_known_which_begins_the_paper(base_of: Base) -> None:
    twice = "# 柏川县节水办法\n\n本办法自2026年1月1日起施行。\n\n本办法自2026年6月1日起施行。\n"
    assert base_of(twice=twice).ask("《柏川县节水办法》什么时候施行").was_searched


def test_whether_it_was_changed(papers: KnowledgeBase) -> None:
    answer = papers.ask(f"《{GRANTS}》修改过吗")
    assert (answer.status, quotes(answer)) == ("answered", ["将第四条中的“50元”修改为“60元”。"])
    assert message_of(answer) == f"《{GRANTS}》后来由“关于修改《{GRANTS}》的决定”作了修改。"
    assert papers.ask(f"《{NEW}》修改过吗").was_searched, "nothing says so, which decides nothing"


def test_of_a_paper_that_nothing_ended_it_is_told_that_it_was_changed(papers: KnowledgeBase) -> None:
    (cited,) = papers.ask(f"《{GRANTS}》还有效吗").citations
    assert cited.became is not None
    assert (cited.became.code, cited.became.title) == ("amended", f"关于修改《{GRANTS}》的决定")
    assert papers.ask(f"《{LOANS}》还有效吗").citations[0].became is None


@pytest.mark.parametrize("question", ["《柏川县殡葬管理办法》还有效吗", "《供水办法》还有效吗", "《红楼梦》还有效吗"])
def test_a_draft_and_a_paper_that_is_not_there_have_no_force(papers: KnowledgeBase, question: str) -> None:
    assert papers.ask(question).was_searched


def test_who_narrows_the_question_is_not_told_what_stands_elsewhere(papers: KnowledgeBase) -> None:
    answer = papers.ask(f"《{OLD}》还有效吗", scope=Scope(documents=("old.md",)))
    assert answer.was_searched and {citation.document for citation in answer.citations} <= {"old.md"}


def test_follow_ups_go_on_from_the_paper(papers: KnowledgeBase) -> None:
    first = papers.ask(f"{OLD}还有效吗")
    second = papers.ask("这个办法是谁发的", after=thread_of(first))
    assert second.understood == f"《{OLD}》是谁发的"
    third = papers.ask("那什么时候施行的", after=thread_of(first))
    assert quotes(third)[0] == "第九条 本办法自2018年10月1日起施行。"
    assert quotes(papers.ask("还有效吗", after=thread_of(third))) == quotes(first)


def test_where_no_paper_is_known_which_one_is_asked(papers: KnowledgeBase) -> None:
    for after in (None, "有哪些文件"):
        answer = papers.ask("这个办法废止了吗", after=after)
        assert (answer.status, message_of(answer)) == ("not_found", "说的是哪一份文件？请写出它的标题或文号。")


UNHELD = "柏川县集市管理规定"


@pytest.mark.parametrize("question", [f"《{UNHELD}》还有效吗", "集市管理规定废止了吗", "柏政发〔2010〕3号还有效吗"])
def test_a_paper_that_is_no_document_may_be_known_to_be_ended(papers: KnowledgeBase, question: str) -> None:
    answer = papers.ask(question)
    assert message_of(answer) == f"《{UNHELD}》已由“关于公布文件清理结果的通知”废止。"
    assert quotes(answer) == ["一、下列文件自本通知印发之日起废止：", f"1.《{UNHELD}》（柏政发〔2010〕3号）"]


def test_of_two_papers_that_go_by_a_title_none_is_said_to_be_ended(base_of: Base) -> None:
    more = "# 关于废止文件的决定\n\n《甲镇集市管理规定》（甲政发〔2011〕2号）同时废止。\n"
    assert base_of(more=more).ask("集市管理规定还有效吗").was_searched


def test_what_is_ended_with_the_notice_has_its_day_beside_it(base_of: Base) -> None:
    text = (
        "# 关于废止一批文件的通知\n\n经清理，决定废止下列文件，自本通知印发之日起不再执行：\n\n"
        "1.柏川县犬类管理暂行办法（柏政办发〔2016〕30号）\n\n2.柏川县散煤治理办法（柏政办发〔2018〕7号）\n\n"
        "柏川县人民政府\n\n2026年3月20日\n"
    )
    answer = base_of(ended=text).ask("犬类管理暂行办法是什么时候废止的")
    assert quotes(answer)[1:] == ["1.柏川县犬类管理暂行办法（柏政办发〔2016〕30号）", "2026年3月20日"]


def test_a_paper_in_force_that_was_changed_says_so_too(base_of: Base) -> None:
    change = f"# 关于修改《{NEW}》的决定\n\n将第九条中的“五年”修改为“三年”。\n"
    answer = base_of(changed=change).ask(f"《{NEW}》还有效吗")
    assert answer.reason is not None and answer.reason.code == "not_repealed"
    assert quotes(answer)[1:] == ["将第九条中的“五年”修改为“三年”。"]


def test_who_signs_may_stand_behind_the_last_entry(base_of: Base) -> None:
    text = "# 关于废止文件的通知\n\n下列文件予以废止：\n\n1.散煤治理办法（柏政办发〔2018〕7号）柏川县人民政府\n"
    answer = base_of(ended=text).ask("柏政办发〔2018〕7号还执行吗")
    assert message_of(answer) == "《散煤治理办法》已由“关于废止文件的通知”废止。"
