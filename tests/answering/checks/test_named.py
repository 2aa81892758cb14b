"""Articles and papers that a question names by their numbers, and asks nothing else of."""

import pytest

from retrieval.answering.checks.named import is_asked_above
from retrieval.answering.checks.setting import Setting
from retrieval.query.asked.named import NamedText, named_whole
from retrieval.query.library.paper import FileNumber
from retrieval.text.fold import fold
from tests.answering.checks.conftest import Asking
from tests.support.hits import asking as understood
from tests.support.hits import stored

RULES = """云溪县城镇供水管理办法

第一条 为了加强供水管理，制定本办法。
第二条 本办法适用于县城规划区。依照第三条成立的单位除外。
第三条 县水务局是本县城镇供水的主管部门。乡镇人民政府协助做好供水工作。
第四条 有下列行为之一的，处五百元以上三千元以下罚款：
（一）私自改装水表的；
（二）阻碍抄表的。
第五条 本办法自2026年5月1日起施行。
"""
PARKING = """云溪县公共停车场管理办法

第一条 为了规范停车，制定本办法。
第三条 公共停车场每小时收费2元。
"""
PAPER = """云溪县人民政府关于公布古树名木名录的通知

云政发〔2024〕21号

本次公布古树名木64株，其中一级古树9株。
"""
NEXT = """云溪县人民政府关于划定禁牧区的通知

云政发〔2024〕121号

根据云政发〔2024〕21号的精神，全县禁牧面积18.6万亩。
"""


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("第三条是什么", NamedText(article=3)),
        ("第3条是什么？", NamedText(article=3)),
        ("供水管理办法第三条规定了什么", NamedText(article=3)),
        ("第三条的内容", NamedText(article=3)),
        ("第三条怎么规定的", NamedText(article=3)),
        ("第三条", NamedText(article=3)),
        ("What does Article 3 say?", NamedText(article=3)),
        ("What does Article 3 of the 供水管理办法 say?", NamedText(article=3)),
        ("Article 12 in the 《供水管理办法》", NamedText(article=12)),
        ("供水管理办法三条", NamedText(article=3)),
        ("《供水管理办法》的三条是什么", NamedText(article=3)),
        ("供水管理办法第三条之一", NamedText(article=3, inserted=1)),
        ("第三条之二是什么", NamedText(article=3, inserted=2)),
        ("What is the fine under Article 4 of the 供水管理办法?", None),
        ("办法规定罚几条鱼", None),
        ("云政发〔2024〕21号", NamedText(file=FileNumber("云政发", "2024", "21"))),
        ("云政发[2024]021号是什么文件", NamedText(file=FileNumber("云政发", "2024", "21"))),
        ("云政发 〔2024〕 21 号讲的是什么", NamedText(file=FileNumber("云政发", "2024", "21"))),
        ("帮我找一下云政发〔2024〕21号", NamedText(file=FileNumber("帮我找一下云政发", "2024", "21"))),
        ("我要看云政发〔2024〕21号文件", NamedText(file=FileNumber("我要看云政发", "2024", "21"))),
        ("〔2024〕21号是什么文件", NamedText(file=FileNumber("", "2024", "21"))),
        ("第三条规定罚多少钱", None),
        ("违反第三条怎么处罚", None),
        ("云政发〔2024〕21号公布了多少株古树", None),
        ("左云县有多少网格员", None),
        ("三条街都叫什么", None),
        ("民法典第一千零二十三条是什么", NamedText(article=1023)),
        ("优化营商环境二十条是什么", None),
        ("哪些单位违反第三条", None),
        ("为什么要修改第三条", None),
        ("第三条和第四条是什么", None),
        ("What is the fine under Article 4?", None),
        ("谁签发了云政发〔2024〕21号", None),
        ("什么时候印发的云政发〔2024〕21号文件", None),
    ],
)
def test_what_a_question_names(question: str, named: NamedText | None) -> None:
    assert named_whole(question) == named


def test_an_article_is_quoted_whole_and_no_reference_to_it(asking: Asking) -> None:
    answer = asking("第三条是什么", RULES)
    assert answer.answer == "第三条 县水务局是本县城镇供水的主管部门。乡镇人民政府协助做好供水工作。"


def test_an_article_in_other_words_is_the_same(asking: Asking) -> None:
    for question in (
        "Article 3 of the 供水管理办法",
        "供水管理办法三条",
        "Article 3 of the 《云溪县城镇供水管理办法》",
    ):
        answer = asking(question, RULES, PARKING)
        assert answer.answer == "第三条 县水务局是本县城镇供水的主管部门。乡镇人民政府协助做好供水工作。"


def test_an_article_that_was_put_in_behind_another_is_one_of_its_own(asking: Asking) -> None:
    rules = RULES.replace("第四条", "第三条之一 停水须提前三日公告。\n第四条")
    assert asking("第三条之一是什么", rules).answer == "第三条之一 停水须提前三日公告。"
    assert "公告" not in (asking("第三条是什么", rules).answer or "")
    assert asking("第三条之二是什么", rules).status != "answered"


def test_an_article_with_its_list(asking: Asking) -> None:
    answer = asking("第4条的内容", RULES)
    assert answer.answer and answer.answer.startswith("第四条") and answer.answer.endswith("阻碍抄表的。")


def test_of_two_papers_the_one_that_is_named(asking: Asking) -> None:
    answer = asking("停车场管理办法第三条是什么", RULES, PARKING)
    assert answer.answer == "第三条 公共停车场每小时收费2元。"


def test_where_both_have_it_and_none_is_named_neither_is_the_answer(asking: Asking) -> None:
    assert asking("第三条是什么", RULES, PARKING).status != "answered"


def test_a_second_copy_of_the_paper_changes_nothing(asking: Asking) -> None:
    copy = RULES.replace("2026年5月1日", "2026年5月2日")
    answer = asking("第三条是什么", RULES, copy)
    assert answer.answer == "第三条 县水务局是本县城镇供水的主管部门。乡镇人民政府协助做好供水工作。"


def test_a_sentence_about_an_article_does_not_begin_it(asking: Asking) -> None:
    text = RULES + "\n附则\n\n第三条规定的行为，由县水务局处罚。\n"
    answer = asking("第三条是什么", text)
    assert answer.answer == "第三条 县水务局是本县城镇供水的主管部门。乡镇人民政府协助做好供水工作。"


def test_an_article_that_is_not_there(asking: Asking) -> None:
    assert asking("第九条是什么", RULES).status == "not_found"


def test_a_paper_that_is_not_there(asking: Asking) -> None:
    assert asking("云政发〔2024〕13号", PAPER, NEXT).status == "not_found"


def test_a_paper_by_the_number_of_its_file_is_told_by_its_title(asking: Asking) -> None:
    answer = asking("云政发〔2024〕21号是什么文件", PAPER, NEXT)
    assert answer.answer and answer.answer.startswith("云溪县人民政府关于公布古树名木名录的通知")


@pytest.mark.parametrize(
    "asked",
    [
        *("请给我{}", "关于{}文件", "县政府{}是什么文件", "打开{}", "我想要{}", "编号{}", "文号为{}", "麻烦发来{}"),
    ],
)
def test_words_before_the_number_are_no_part_of_it(asked: str, asking: Asking) -> None:
    answer = asking(asked.format("云政发〔2024〕21号"), PAPER, NEXT)
    assert answer.answer and answer.answer.startswith("云溪县人民政府关于公布古树名木名录的通知")


def test_the_paper_of_that_number_of_another_county_is_another(asking: Asking) -> None:
    assert asking("白政发〔2024〕21号是什么文件", PAPER, NEXT).status != "answered"


def test_a_paper_that_is_only_referred_to_is_not_told(asking: Asking) -> None:
    assert asking("云政发〔2024〕21号是什么文件", NEXT).status != "answered"


# -- questions and answers ------------------------------------------------------------------------------------------

ANSWERS = """# 医保问答

## 医保卡丢了怎么补办？

带身份证到镇便民服务中心三号窗口挂失，当场制新卡。

## 2. 新生儿怎样参保？

出生后九十天内由监护人办理登记。办理后当年即可报销。

## 其他

咨询电话0351-5520001。
"""


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("医保卡丢了怎么补办", "带身份证到镇便民服务中心三号窗口挂失，当场制新卡。"),
        ("你好，请问医保卡丢了怎么补办？谢谢", "带身份证到镇便民服务中心三号窗口挂失，当场制新卡。"),
        ("新生儿怎样参保", "出生后九十天内由监护人办理登记。办理后当年即可报销。"),
    ],
)
def test_what_stands_under_the_very_question_answers_it(question: str, answer: str, asking: Asking) -> None:
    answered = asking(question, ANSWERS)
    assert (answered.status, answered.answer) == ("answered", answer)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("图书馆办证收费吗", "答：办证不收任何费用。"),
        ("图书馆办证收不收费", "答：办证不收任何费用。"),
        ("图书馆周末开门吗", "答：每天9点到17点开门。"),
    ],
)
def test_a_line_may_be_marked_as_the_question(question: str, answer: str, asking: Asking) -> None:
    """And what answers it ends at the next one."""
    pairs = "问：图书馆办证收费吗？\n答：办证不收任何费用。\n问：图书馆周末开不开门？\n答：每天9点到17点开门。\n"
    answered = asking(question, f"图书馆问答\n\n{pairs}问：可以续借吗？\n答：可以续借一次。\n")
    assert (answered.status, answered.answer) == ("answered", answer)


@pytest.mark.parametrize("question", ["医保卡丢了多少张", "其他"])
def test_what_stands_under_another_question_or_a_word_is_left_to_the_reader(question: str, asking: Asking) -> None:
    assert asking(question, ANSWERS).status != "answered"


def test_of_two_towns_that_answer_it_otherwise_neither_is_the_answer(asking: Asking) -> None:
    def page(town: str, days: int) -> str:
        return f"# {town}办事问答\n\n## 居住证几天办好？\n\n{days}个工作日。\n"

    assert asking("居住证几天办好", page("云溪镇", 15), page("石坎镇", 20)).status != "answered"


def test_an_answer_of_two_passages_does_not_tell_otherwise_than_itself(asking: Asking) -> None:
    further = "".join(f"第{number}号窗口也可以挂失，带上身份证就行。" for number in range(4, 60))
    page = f"# 医保问答\n\n## 医保卡丢了怎么补办？\n\n带身份证到三号窗口挂失，当场制新卡。{further}\n"
    answered = asking("医保卡丢了怎么补办", page)
    assert answered.status == "answered" and answered.answer
    assert answered.answer.startswith("带身份证到三号窗口挂失，当场制新卡。")


@pytest.mark.parametrize(
    ("question", "is_repeated"),
    [("居住证几天办好", True), ("石坎镇居住证几天办好", False), ("云溪县桥头镇居住证几天办好？", True)],
)
def test_a_kept_question_may_be_asked_without_its_place(question: str, is_repeated: bool) -> None:
    assert understood(question).is_repeated_by("云溪县桥头镇居住证几天办好？") is is_repeated
    assert not understood(question).is_repeated_by("没有居住证几天办好？")


@pytest.mark.parametrize(("towns", "status"), [(("云溪镇",), "answered"), (("云溪镇", "石坎镇"), "related")])
def test_of_two_places_that_keep_the_question_neither_is_the_answer(
    towns: tuple[str, ...], status: str, asking: Asking
) -> None:
    pages = [
        f"# 办事问答\n\n## {town}居住证几天办好？\n\n{days}个工作日。\n"
        for town, days in zip(towns, (15, 20), strict=False)
    ]
    assert asking("居住证几天办好", *pages).status == status


@pytest.mark.parametrize(("before", "above"), [("", True), ("先打电话。", False)])
def test_a_passage_that_begins_behind_its_heading_begins_the_answer(before: str, above: bool) -> None:
    passage = stored(["带身份证挂失。"], section="医保卡丢了怎么补办？")
    text = fold(f"## 医保卡丢了怎么补办？\n\n{before}带身份证挂失。")
    assert is_asked_above(understood("医保卡丢了怎么补办"), Setting(passage, 0, lambda: text)) is above


def test_what_lacks_what_is_asked_for_is_no_answer_though_it_stands_under_the_question(asking: Asking) -> None:
    page = "# 贷款问答\n\n## 额度最高多少钱？\n\n请咨询当地支行。\n"
    assert asking("额度最高多少钱", page).status != "answered"


def test_an_article_that_another_text_tells(asking: Asking) -> None:
    told = (
        "# 石门沟村情\n\n村民公约第十二条规定：宴席每桌不得超过三百元；第二十条规定：乱倒垃圾的，罚义务劳动半天。\n"
    )
    answer = asking("村民公约第20条怎么规定的", told)
    assert "义务劳动半天" in (answer.answer or "")
