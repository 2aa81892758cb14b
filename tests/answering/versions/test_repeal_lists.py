"""Entries of lists and tables that end a paper, and lines that lead to them."""

import datetime
import time

import pytest

from retrieval.answering.versions.repeal_lists import as_sentence
from retrieval.answering.versions.repeals import ends
from retrieval.text.fold import fold

TODAY = datetime.date(2026, 9, 15)
TITLE = "柏川县供水价格管理办法"
OWN = f"{TITLE}\n柏政发〔2016〕3号\n第一条 水价由县政府定。\n2016年3月1日"
LEAD = "下列文件予以废止："
ENTRY = f"2.《{TITLE}》（柏政发〔2016〕3号）"
ROW = f"序号：2 | 文件名称：{TITLE} | 文号：柏政发〔2016〕3号"


def is_ended(entry: str, *above: str, title: str = TITLE) -> bool:
    listed = as_sentence(fold(entry), fold(title), [fold(line) for line in above])
    title = title.replace("《", "").replace("》", "")
    return listed is not None and ends(listed[0], fold(title), fold(OWN), "", TODAY)


@pytest.mark.parametrize(
    "entry",
    [
        ENTRY,
        f"（二）《{TITLE}》（柏政发（2016）3号）；",
        f"- 《{TITLE}》",
        f"《{TITLE}》（2016年3月1日印发）",
        f"2. 《柏川县人民政府关于印发〈{TITLE}〉的通知》（原柏政发〔2016〕3号，2016年3月1日印发）",
        f"2. 柏川县人民政府办公室关于印发《{TITLE}》的通知（柏政发〔2016〕3号）",
        f"序号：2 | 文件名称：《{TITLE}》 | 文号：柏政发〔2016〕3号 | 废止理由：与上位法不一致",
        ROW,
    ],
)
def test_an_entry_for_the_paper(entry: str) -> None:
    assert is_ended(entry, LEAD)


def test_a_title_that_holds_another() -> None:
    title = f"关于印发《{TITLE}》的通知"
    assert is_ended(f"2. 《柏川县人民政府关于印发〈{TITLE}〉的通知》（柏政发〔2016〕3号）", LEAD, title=title)


def test_a_paper_that_is_listed_without_what_issues_it_is_known_by_its_number() -> None:
    title = f"柏川县人民政府关于印发{TITLE}的通知"
    assert is_ended(ENTRY, LEAD, title=title)
    assert is_ended(ROW, LEAD, title=title)
    assert not is_ended(f"2.《{TITLE}》", LEAD, title=title)
    assert not is_ended(f"2.《{TITLE}》（柏政发〔2012〕7号）", LEAD, title=title)


@pytest.mark.parametrize(
    "entry",
    [
        f"2.《{TITLE}》（柏政发〔2012〕7号）",  # an older one of its title
        f"2.《{TITLE}》（2012年3月1日印发）",
        f"2.《{TITLE}（试行）》",
        f"2.《{TITLE}》第三条",
        f"2.《{TITLE}》（柏政发〔2016〕3号，第三条除外）",
        f"2.关于修改《{TITLE}》的决定（柏政发〔2016〕3号）",
        f"2.《柏川县供气价格管理办法》（按《{TITLE}》执行）",
        f"{ROW} | 备注：修改后继续有效",
        f"序号：2 | 文件名称：柏川县供气价格管理办法 | 依据：《{TITLE}》第三条",
    ],
)
def test_an_entry_for_something_else(entry: str) -> None:
    assert not is_ended(entry, LEAD)


@pytest.mark.parametrize(
    "lead",
    [
        LEAD,
        "根据国家有关规定，经研究，决定对下列行政规范性文件予以废止：",
        "经县政府同意，决定废止下列5件行政规范性文件。",
        "现将以下文件废止，目录如下：",
        "下列文件自2026年9月15日起废止：",
        "一、决定废止的文件（3件）",
        "废止的行政规范性文件目录（共3件）",
        "附件：废止和宣布失效的文件目录",
        "下列文件宣布失效：",
        "宣布失效的行政规范性文件目录（共3件）",
        "下列规范性文件，自公布之日起废止：",
        "一、下列12件文件，因已被新规定替代，予以废止：",
        "以下文件自本决定公布之日起停止执行，予以废止：",
        "下列文件不再执行，予以废止：",
        "现将废止的文件目录公布如下：",
        "予以废止的文件目录如下：",
    ],
)
@pytest.mark.parametrize("entry", [ENTRY, ROW])
def test_lines_that_end_what_is_listed(lead: str, entry: str) -> None:
    assert is_ended(entry, "柏川县人民政府文件", lead)


@pytest.mark.parametrize(
    "lead",
    [
        "下列文件不予废止：",
        "下列文件自2026年9月16日起废止：",
        "拟废止的文件目录",
        "建议废止下列文件：",
        "建议对下列文件，予以废止：",
        "未废止的文件目录",
        "废止和修改的文件目录",
        "下列文件继续有效：",
        "下列文件予以修改：",
        "废止下列文件的部分条款：",
        "下列文件废止后，按以下办法执行：",
        "下列已废止文件的替代文件：",
        "下列文件的部分条款予以废止：",
        "下列文件继续有效，其他文件废止：",
        "下列文件修改后，原文件废止：",
        "下列文件尚未失效：",
        "下列文件自2027年1月1日起失效：",
    ],
)
@pytest.mark.parametrize("entry", [ENTRY, ROW])
def test_lines_that_end_nothing(lead: str, entry: str) -> None:
    assert not is_ended(entry, LEAD, lead), "nor does a line further up"


def test_other_entries_stand_between() -> None:
    entries = (
        "1.《柏川县供气价格管理办法》（柏政发〔2017〕4号）",
        "关于加强供水的通知（柏政发〔2011〕4号）",
        "《关于印发《柏川县供热办法》的通知》（柏政发〔2013〕2号）",
    )
    assert is_ended(ENTRY, LEAD, *entries)
    assert not is_ended(ENTRY, LEAD, *entries, "以上文件的清理由县政府办公室负责。")
    assert not is_ended(ENTRY, LEAD, *entries, "二、《柏川县供热价格管理办法》继续有效。")
    assert is_ended(ROW, "废止的文件目录", "序号：1 | 文件名称：柏川县供气价格管理办法 | 文号：柏政发〔2017〕4号")
    assert not is_ended(ENTRY)


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [("废止", True), ("予以废止", True), ("宣布失效", True), ("修改", False), ("有效", False)],
)
def test_a_row_that_says_it_itself(outcome: str, expected: bool) -> None:
    assert is_ended(f"{ROW} | 清理结果：{outcome}", "清理结果如下：") is expected


def test_long_lines_are_looked_through_in_no_time() -> None:
    since = time.perf_counter()
    for line in ("(" * 20_000, f"1.{TITLE}" + "(1" * 20_000, "关于印发" * 10_000, "《甲》(2016" * 5_000):
        assert as_sentence(line, TITLE, [line] * 3) is None
    assert time.perf_counter() - since < 5
