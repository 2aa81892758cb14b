"""Numbers of files, plates, permits, telephones and articles are met whole or not at all."""

import pytest

from retrieval.answering.checks.objections import CODE
from retrieval.text.numbered import numbered_things
from tests.answering.make import objection, passage

FILE = "晋政发〔2024〕13号文件补贴多少元"
PLATE = "晋B12345的车主是谁"
ARTICLE = "条例第十条规定罚款多少元"
FLAW = "CVE-2024-3094影响哪个版本"
DATE = "2024-01-01"

# -- numbers of files ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "number",
    [
        "〔2024〕13号",
        "[2024]13号",
        "（2024）13号",
        "［2024］13号",
        "〔2024〕 13 号",
        "〔2024〕第13号",
        "〔2024〕013号",
    ],
)
def test_the_number_of_a_file_is_met_however_it_is_written(number: str) -> None:
    assert objection(FILE, passage(f"晋政发{number}规定补贴500元。")) is None
    assert objection(f"晋政发{number}文件补贴多少元", passage("晋政发〔2024〕13号规定补贴500元。")) is None


@pytest.mark.parametrize("number", ["〔2024〕12号", "〔2024〕113号", "〔2024〕131号", "〔2024〕3号", "〔2023〕13号"])
def test_the_number_of_a_file_is_not_another(number: str) -> None:
    assert objection(FILE, passage(f"晋政发{number}规定补贴500元。", date=DATE)) == CODE
    assert objection(FILE, passage("补贴500元。", title=f"晋政发{number}", date=DATE)) == CODE
    assert objection(FILE, passage("补贴500元。", date=DATE), rest=f"晋政发{number}") == CODE


def test_the_number_of_a_file_may_stand_beside_the_sentence() -> None:
    assert objection(FILE, passage("补贴500元。", title="晋政发〔2024〕13号")) is None
    assert objection(FILE, passage("补贴500元。", file="晋政发〔2024〕13号.txt")) is None
    assert objection(FILE, passage("补贴500元。", date=DATE), rest="晋政发〔2024〕13号") is None


def test_the_number_of_a_notice_is_met_whole() -> None:
    for asked in ("13号公告免收什么费用", "第13号公告免收什么费用"):
        assert objection(asked, passage("第13号公告宣布免收停车费一年。")) is None
        assert objection(asked, passage("13号公告宣布免收停车费一年。")) is None
        assert objection(asked, passage("113号公告宣布免收停车费一年。")) == CODE
        assert objection(asked, passage("第12号公告宣布免收停车费一年。")) == CODE


# -- plates, permits, telephones -----------------------------------------------------------------------------------

ALIKE = [
    ("{}的车主是谁", "{}的车主是王明。", "晋B12345", ["晋B12346", "晋A12345", "晋B123456", "冀B12345", "晋B1234F"]),
    ("许可证{}是谁的", "许可证{}由王明经营。", "JY21402260001234", ["JY21402260001235", "JY2140226000123"]),
    ("许可证号{}是谁的", "许可证号{}由王明经营。", "140226000123", ["140226000124", "1402260001235"]),
    ("{}影响哪个版本", "{}影响5.6.0版本。", "CVE-2024-3094", ["CVE-2024-3095", "CVE-2024-30945", "CVE-2023-3094"]),
    ("{}是谁的电话", "{}是王明的。", "13812345678", ["13812345679"]),
    ("{}是谁的电话", "{}是王明的。", "0351-1234567", ["0351-1234568", "0352-1234567"]),
    ("{}是谁的热线", "{}是王明的。", "12345", ["12346", "123456", "0351-1234567"]),
]
CASES = [(question, sentence, code, other) for question, sentence, code, others in ALIKE for other in others]


@pytest.mark.parametrize(("question", "sentence", "code", "other"), CASES)
def test_a_code_is_met_whole(question: str, sentence: str, code: str, other: str) -> None:
    asked = question.format(code)
    assert objection(asked, passage(sentence.format(code))) is None
    assert objection(asked, passage(sentence.format(other), date=DATE)) == CODE


@pytest.mark.parametrize(
    ("question", "code", "other", "tells"),
    [
        (PLATE, "晋B12345", "晋B12346", "车主是王明。"),
        (PLATE, "晋B12345", "晋B1234F", "车主是王明。"),
        (FLAW, "CVE-2024-3094", "CVE-2024-3095", "影响5.6.0版本。"),
        ("许可证JY21402260001234是谁的", "JY21402260001234", "JY21402260001235", "由王明经营。"),
        ("0351-1234567是谁的电话", "0351-1234567", "0351-1234568", "王明的。"),
    ],
)
def test_in_a_list_the_code_that_was_named_last_is_meant(question: str, code: str, other: str, tells: str) -> None:
    assert objection(question, passage(f"{code}如下。", f"{other}，{tells}")) == CODE
    assert objection(question, passage(f"{code}如下。", f"{other}如下。", tells)) == CODE
    assert objection(question, passage(f"{other}如下。", f"{code}如下。", tells)) is None
    assert objection(question, passage(f"{other}如下。", f"{code}，{tells}")) is None


def test_a_code_may_stand_beside_the_sentence() -> None:
    assert objection(PLATE, passage("车主是王明。", title="晋B12345")) is None
    assert objection(FLAW, passage("该漏洞影响5.6.0版本。"), rest="CVE-2024-3094通报") is None
    assert objection(FLAW, passage("该漏洞影响5.6.0版本。"), rest="CVE-2024-3095通报") == CODE


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("晋B·12345的车主是谁", "晋B12345的车主是王明。"),
        ("晋B12345的车主是谁", "晋B·12345的车主是王明。"),
        ("晋B 12345的车主是谁", "晋b12345的车主是王明。"),
        ("cve-2024-3094影响哪个版本", "CVE-2024-3094影响5.6.0版本。"),
        ("13812345678是谁的电话", "138 1234 5678是王明的。"),
        ("138-1234-5678是谁的电话", "13812345678是王明的。"),
    ],
)
def test_a_code_is_met_however_it_is_spaced(asked: str, told: str) -> None:
    assert objection(asked, passage(told)) is None


def test_a_year_or_a_sum_is_no_code() -> None:
    assert objection("2024年补贴多少元", passage("补贴500元。", date=DATE)) is None
    assert objection("谁捐了5000元", passage("王明捐了五千元。")) is None


# -- articles ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["第十条", "第10条", "第 十 条"])
def test_an_article_is_met_in_digits_and_in_characters(number: str) -> None:
    assert objection(ARTICLE, passage(f"{number} 罚款500元。")) is None
    assert objection(f"条例{number}规定罚款多少元", passage("第十条 罚款500元。")) is None
    assert objection(f"条例{number}规定罚款多少元", passage("第10条 罚款500元。")) is None


@pytest.mark.parametrize("number", ["第三十条", "第十一条", "第二十条", "第一条", "第一百条", "第30条", "第110条"])
def test_an_article_is_not_another(number: str) -> None:
    assert objection(ARTICLE, passage(f"{number} 罚款500元。")) == CODE
    assert objection(ARTICLE, passage("罚款500元。", section=f"{number} 罚则")) == CODE
    assert objection(ARTICLE, passage("第十条 不得倒垃圾。", f"{number} 罚款500元。")) == CODE
    assert objection(ARTICLE, passage("第十条 不得倒垃圾。", f"{number} 不得停车。", "违者罚款500元。")) == CODE


@pytest.mark.parametrize("number", ["第十三条", "第13条", "第三十条", "第三十三条"])
def test_the_third_article_is_not_one_with_a_three_in_it(number: str) -> None:
    for asked in ("第3条规定罚款多少元", "第三条规定罚款多少元"):
        assert objection(asked, passage("第三条 罚款500元。")) is None
        assert objection(asked, passage("第3条 罚款500元。")) is None
        assert objection(asked, passage(f"{number} 罚款500元。")) == CODE


def test_a_sentence_stands_under_the_article_before_it() -> None:
    assert objection(ARTICLE, passage("第十条 不得倒垃圾。", "违者罚款500元。")) is None
    assert objection(ARTICLE, passage("罚款500元。", section="第十条 罚则")) is None
    assert objection(ARTICLE, passage("罚款500元。"), rest="第十条") == CODE


def test_naming_an_article_is_not_standing_under_it() -> None:
    assert objection(ARTICLE, passage("第十一条 不得停车。", "违反第十条的罚款500元。")) == CODE


def test_chapter_and_article_are_met_both() -> None:
    asked = "第三章第十条规定罚款多少元"
    assert objection(asked, passage("第十条 罚款500元。", section="第三章 罚则")) is None
    assert objection(asked, passage("第十条 罚款500元。", section="第四章 罚则")) == CODE
    assert objection(asked, passage("第十一条 罚款500元。", section="第三章 罚则")) == CODE


# -- things told apart by a number ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "here", "there"),
    [
        ("3路公交几点发车", "3路早上6点发车。", "13路早上6点发车。"),
        ("2号楼有多少户", "二号楼有30户。", "12号楼有30户。"),
        ("一期有多少户", "一期有30户。", "二期有30户。"),
        ("左云县第一中学有多少学生", "左云县第一中学有学生500名。", "左云县第二中学有学生500名。"),
        ("左云县一中有多少学生", "左云县第一中学有学生500名。", "左云县第十一中学有学生500名。"),
        ("左云县第一水厂日供水多少吨", "左云县一水厂日供水2万吨。", "左云县第二水厂日供水2万吨。"),
        ("第二食堂有多少座位", "第二食堂有座位300个。", "第三食堂有座位300个。"),
        ("第一人民医院有多少床位", "第一人民医院有床位300张。", "第二人民医院有床位300张。"),
    ],
)
def test_a_thing_with_another_number_never_answers(question: str, here: str, there: str) -> None:
    assert objection(question, passage(here)) is None
    assert objection(question, passage(there)) == CODE
    assert objection(question, passage(here, there)) == CODE


def test_things_told_apart_by_a_number() -> None:
    assert numbered_things("第二小学、3路和十二号楼") == {("小学", 2), ("路", 3), ("号楼", 12)}
    assert numbered_things("一路口、一期间、三中心、一批人") == set()
    assert numbered_things("首批、首届和第一批") == {("批", 1), ("届", 1)}
    assert numbered_things("再建一水厂，第一时间到站") == set()
