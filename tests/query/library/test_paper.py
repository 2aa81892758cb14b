"""Papers that questions name, by title or number: asked alone, and asked about."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.wording import message_of
from retrieval.query.library.paper import FileNumber, Paper, file_number, is_of_kind, named_paper, within_paper
from retrieval.query.scope import Scope
from retrieval.service import KnowledgeBase
from retrieval.text.fold import fold

WATER = "柏川县水务局关于调整水价的通知"
RULES = "柏川县高龄津贴发放办法"
WATER_TEXT = f"""# {WATER}

柏水发〔2025〕18号

各乡镇人民政府：

水价调整为每立方米三元。

柏川县水务局
2025年11月20日
"""
RULES_TEXT = f"""# {RULES}

柏政办发〔2023〕12号

柏川县人民政府办公室 2023年4月10日印发

水价补贴每月十元，见柏水发〔2025〕18号。

## 便民服务中心

在县城。
"""

PACT = "柏川县节约用水公约"
PACT_TEXT = f"""# {PACT}

{"各家各户都要关好水龙头，不浪费水。" * 30}

## 便民服务中心

{"中心的水表每天有人抄。" * 30}

柏川县水务局
2024年5月6日
"""


@pytest.fixture
def papers(base: KnowledgeBase, tmp_path: Path) -> Iterator[KnowledgeBase]:
    (tmp_path / "w.md").write_text(WATER_TEXT, "utf-8")
    (tmp_path / "g.md").write_text(RULES_TEXT, "utf-8")
    (tmp_path / "p.md").write_text("# 县城公园\n\n水价在公园不收。\n", "utf-8")
    (tmp_path / "j.md").write_text(PACT_TEXT, "utf-8")
    base.add([tmp_path])
    yield base


@pytest.mark.parametrize(
    ("question", "paper", "asked"),
    [
        ("《水价办法》什么时候施行", Paper(0, 6, title="水价办法"), "本办法什么时候施行"),
        ("《水价办法》第七条说了什么", Paper(0, 6, title="水价办法"), "本办法第七条说了什么"),
        ("《水价办法》里水费多少", Paper(0, 6, title="水价办法"), "水费多少"),
        ("根据《水价办法》，水费多少", Paper(2, 8, title="水价办法"), "水费多少"),
        ("柏水发〔2025〕18号规定的水费是多少", Paper(0, 12, file=FileNumber("柏水发", "2025", "18")), "水费是多少"),
        ("按柏水发[2025]018号水费多少", Paper(1, 14, file=FileNumber("按柏水发", "2025", "18")), "水费多少"),
        ("和政发〔2024〕3号里水费多少", Paper(0, 11, file=FileNumber("和政发", "2024", "3")), "水费多少"),
        ("根据和政发〔2024〕3号水费多少", Paper(2, 13, file=FileNumber("根据和政发", "2024", "3")), "水费多少"),
        ("水费和柏水发〔2025〕18号", Paper(3, 15, file=FileNumber("水费和柏水发", "2025", "18")), "水费和本办法"),
        ("水费和〔2025〕18号", Paper(3, 12, file=FileNumber("", "2025", "18")), "水费和本办法"),
    ],
)
def test_the_question_as_it_is_asked_of_the_paper_alone(question: str, paper: Paper, asked: str) -> None:
    assert named_paper(question) == paper
    assert within_paper(question, paper, "水价办法") == asked


@pytest.mark.parametrize(
    ("asked", "line", "is_borne"),
    [
        *((f"{words}柏民发", "柏民发〔2023〕12号", True) for words in ("", "请给我", "关于", "县政府", "随便什么词")),
        ("和政发", "和政发〔2023〕12号", True),
        ("水费和政发", "和政发〔2023〕12号", True),
        ("柏民发", "文号：柏民发 〔2023〕 12 号", True),
        ("柏民发", "柏川县民政局文件 柏民发〔2023〕012号", True),
        ("柏民发", "民发〔2023〕12号", True),
        ("", "柏民发〔2023〕12号", True),
        ("关于", "柏民发〔2023〕12号", True),
        ("白民发", "柏民发〔2023〕12号", False),
        ("民发", "柏民发〔2023〕12号", False),
        ("请给我民发", "柏民发〔2023〕12号", False),
        ("柏民发", "〔2023〕12号", False),
        ("柏民发", "柏民发〔2023〕112号", False),
        ("柏民发", "根据柏民发〔2023〕12号的规定", False),
    ],
)
def test_the_paper_tells_where_the_name_of_who_issued_it_begins(asked: str, line: str, is_borne: bool) -> None:
    file = file_number(f"{asked}〔2023〕12号")
    assert file.is_borne_by(fold(f"标题\n{line}\n正文")) == is_borne


def test_many_blanks_take_no_time() -> None:
    began = time.process_time()
    assert named_paper("柏水发" + " " * 20_000) is None
    assert time.process_time() - began < 1


@pytest.mark.parametrize("question", ["《甲》和《乙》哪个早", "水费多少", "《》", "13号楼", "第〔2025〕号"])
def test_no_paper_or_several(question: str) -> None:
    assert named_paper(question) is None


@pytest.mark.parametrize(
    ("question", "document"),
    [
        (f"《{WATER}》里水价是多少", "w.md"),
        (f"《{RULES}》里水价补贴是多少", "g.md"),
        ("《高龄津贴发放办法》里水价补贴是多少", "g.md"),
        ("柏水发〔2025〕18号规定水价是多少", "w.md"),
        ("柏政办发(2023)12号里水价是多少", "g.md"),
        ("县政府柏政办发〔2023〕12号里水价是多少", "g.md"),
    ],
)
def test_a_paper_narrows_the_question_to_itself(papers: KnowledgeBase, question: str, document: str) -> None:
    answer = papers.ask(question)
    assert {citation.document for citation in answer.citations} == {document}
    assert answer.question == question


def test_a_certificate_narrows_nothing(papers: KnowledgeBase, tmp_path: Path) -> None:
    (tmp_path / "z.md").write_text("# 居住证办理指南\n\n柏川县便民服务中心\n\n居住证怎么办，看水价。\n", "utf-8")
    papers.add([tmp_path / "z.md"])
    assert len({citation.document for citation in papers.ask("《居住证》水价是多少").citations}) > 1
    assert papers.ask("《居住证》是谁发的").was_searched, "who issued the guide issues no certificate"
    assert {citation.document for citation in papers.ask("《居住证办理指南》怎么办").citations} == {"z.md"}


@pytest.mark.parametrize("title", ["高龄津贴办法(试行)", "高龄津贴办法（2023年修订）", "民法典", "预算法"])
def test_titles_that_are_of_a_kind_of_paper(title: str) -> None:
    assert is_of_kind(fold(title))


@pytest.mark.parametrize("title", ["居住证", "食品经营许可证", "户口簿", "录取通知书", "办法总比困难多"])
def test_titles_that_are_of_none(title: str) -> None:
    assert not is_of_kind(fold(title))


def test_a_paper_that_is_not_there_narrows_nothing(papers: KnowledgeBase) -> None:
    for question in ("《红楼梦》里水价是多少", "柏水发〔2025〕19号里水价是多少", "青水发〔2025〕18号里水价是多少"):
        assert len({citation.document for citation in papers.ask(question).citations}) != 1
    within = papers.ask(f"《{WATER}》里水价是多少", scope=Scope(documents=("p.md",)))
    assert {citation.document for citation in within.citations} <= {"p.md"}, "who chose the documents is obeyed"


@pytest.mark.parametrize(
    ("question", "quoted", "message"),
    [
        (f"《{RULES}》是谁发的", "柏川县人民政府办公室", f"《{RULES}》由“柏川县人民政府办公室”发布。"),
        (f"《{WATER}》是哪个部门印发的？", "柏川县水务局", f"《{WATER}》由“柏川县水务局”发布。"),
        ("谁印发了《水价的通知》", "柏川县水务局", f"《{WATER}》由“柏川县水务局”发布。"),
        ("柏水发〔2025〕18号的发文单位是谁", "柏川县水务局", f"《{WATER}》由“柏川县水务局”发布。"),
        (f"《{RULES}》的文号是什么", "柏政办发〔2023〕12号", f"《{RULES}》的文号是“柏政办发〔2023〕12号”。"),
        (f"《{RULES}》是哪年的", "2023年4月10日", f"《{RULES}》的日期是2023-04-10。"),
        ("柏政办发〔2023〕12号是哪年的", "2023年4月10日", f"《{RULES}》的日期是2023-04-10。"),
        ("关于调整水价的通知是谁发的", "柏川县水务局", f"《{WATER}》由“柏川县水务局”发布。"),
    ],
)
def test_what_a_paper_tells_of_itself(papers: KnowledgeBase, question: str, quoted: str, message: str) -> None:
    answer = papers.ask(question)
    assert (answer.status, answer.answer, message_of(answer)) == ("answered", quoted, message)


def test_the_day_may_stand_in_a_line_of_its_own(papers: KnowledgeBase, tmp_path: Path) -> None:
    (tmp_path / "d.md").write_text("# 县城节水办法\n\n节约用水。\n\n柏川县水务局\n\n2024年5月6日\n", "utf-8")
    papers.add([tmp_path / "d.md"])
    assert message_of(papers.ask("《县城节水办法》是哪年的")) == "《县城节水办法》的日期是2024-05-06。"


def test_a_long_paper_is_signed_at_its_end_and_a_later_heading_issued_nothing(papers: KnowledgeBase) -> None:
    assert papers.ask(f"《{PACT}》是谁发的").answer == "柏川县水务局"
    (pact,) = [record for record in papers.documents() if record.title == PACT]
    assert pact.passages > 1


@pytest.mark.parametrize(
    ("title", "issuer"),
    [
        ("转发县水务局关于调整水费的通知", None),
        ("关于转发县水务局水费意见的通知", None),
        ("柏川县人民政府办公室转发县水务局关于水费的意见", "柏川县人民政府办公室"),
        ("柏川县人民政府批转县水务局关于水费的意见", "柏川县人民政府"),
    ],
)
def test_who_hands_a_paper_on_issued_it(
    papers: KnowledgeBase, tmp_path: Path, title: str, issuer: str | None
) -> None:
    (tmp_path / "h.md").write_text(f"# {title}\n\n水费照旧。\n", "utf-8")
    papers.add([tmp_path / "h.md"])
    answer = papers.ask(f"《{title}》是谁发的")
    assert (None if answer.was_searched else answer.answer) == issuer


def test_what_a_paper_does_not_tell_is_asked_like_any_question(papers: KnowledgeBase) -> None:
    assert papers.ask("《县城公园》是谁发的").was_searched
    assert papers.ask("《红楼梦》是谁写的").was_searched
    assert message_of(papers.ask("《县城公园》是哪年的")) == "《县城公园》没有注明日期。"


@pytest.mark.parametrize(
    ("end", "quoted", "message"),
    [
        ("", "柏政发〔2025〕8号", "没有注明日期，按文号“柏政发〔2025〕8号”是2025年的。"),
        ("本办法自2026年3月1日起施行。", "柏政发〔2025〕8号", "没有注明日期，按文号“柏政发〔2025〕8号”是2025年的。"),
        ("自2026年3月1日起施行。\n\n柏川县人民政府\n\n2025年2月6日", "2025年2月6日", "的日期是2025-02-06。"),
        ("自2026年3月1日起施行。\n\n柏川县人民政府办公室 2025年2月7日印发", "2025年2月7日", "的日期是2025-02-07。"),
        ("自2026年3月1日起施行。\n\n2025年2月7日印发", "2025年2月7日", "的日期是2025-02-07。"),
    ],
)
@pytest.mark.parametrize("named", ["《柏川县停车管理办法》", "柏政发〔2025〕8号"])
def test_the_number_tells_the_year_where_nobody_signed_and_the_day_of_effect_does_not(
    papers: KnowledgeBase, tmp_path: Path, named: str, end: str, quoted: str, message: str
) -> None:
    head = "柏川县停车管理办法\n\n柏政发〔2025〕8号\n\n第一条 为了规范停车，制定本办法。\n\n"
    (tmp_path / "t.txt").write_text(f"{head}第二条 停车收费。\n\n{end}\n", "utf-8")
    papers.add([tmp_path / "t.txt"])
    answer = papers.ask(f"{named}是哪年的")
    assert (answer.status, answer.answer) == ("answered", quoted)
    assert message_of(answer) == f"《柏川县停车管理办法》{message}"


@pytest.fixture
def named_freely(papers: KnowledgeBase, tmp_path: Path) -> KnowledgeBase:
    """With papers that people call otherwise than their titles do."""
    texts = {
        "n1.txt": "柏川县人才引进拟聘用人员公示\n\n公示时间：2026年9月1日至9月7日。\n\n柏川县人社局\n2026年8月31日\n",
        "n2.txt": "关于西街停电的通知\n\n定于2026年7月9日停电。\n\n柏川县供电公司\n2026年7月6日\n",
        "n3.txt": "关于北关停电的通知\n\n定于2026年6月2日停电。\n\n柏川县供电公司\n2026年5月30日\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, "utf-8")
    papers.add([tmp_path / name for name in texts])
    return papers


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("拟聘用公示是哪天发的", "2026年8月31日"),
        ("公示是什么时候发布的", "2026年8月31日"),
        ("西街停电通知是哪天印发的", "2026年7月6日"),
        ("人才引进公示是谁发的", "柏川县人社局"),
    ],
)
def test_a_paper_that_is_named_freely_tells_its_own_day(
    named_freely: KnowledgeBase, question: str, told: str
) -> None:
    answer = named_freely.ask(question)
    assert (answer.was_searched, answer.answer) == (False, told)


def test_of_several_papers_each_is_told_with_its_day(named_freely: KnowledgeBase) -> None:
    answer = named_freely.ask("停电通知是什么时候发的")
    told = (
        "标题提到“停电通知”的文件有2份：《关于西街停电的通知》（2026-07-06）、《关于北关停电的通知》（2026-05-30）。"
    )
    assert (answer.status, message_of(answer)) == ("related", told)


@pytest.mark.parametrize(
    "question", ["公示时间是什么时候", "停电通知是什么时候", "录取通知什么时候发", "电费通知是哪天发的"]
)
def test_what_only_looks_like_it_is_asked_of_the_documents(named_freely: KnowledgeBase, question: str) -> None:
    assert named_freely.ask(question).was_searched
