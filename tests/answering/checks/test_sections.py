"""What stands under another heading than the one that is asked for."""

import pytest

from retrieval.answering.checks.sections import begins_section, begun_sections, under_other_things, under_others
from tests.answering.make import passage, setting
from tests.support.hits import asking, hit

TEXTS = (
    "一、申请时间",
    "每年3月申请。",
    "二、申请条件",
    "月收入2000元以下。",
    "（一）家庭",
    "人均10平方米以下。",
    "三、办理",
    "到街道办理。",
)
LEVELS = (2, 0, 2, 0, 3, 0, 2, 0)
PAPER = passage(*TEXTS, title="公租房办法", levels=LEVELS)
BODY = {number: setting(PAPER, number) for number, level in enumerate(LEVELS) if not level}
EVERYTHING = [setting(PAPER, number) for number in range(len(TEXTS))]


@pytest.mark.parametrize(
    ("question", "others"),
    [
        ("公租房申请条件是什么", [1, 7]),
        ("公租房办理条件是什么", []),  # no heading says so
        ("公租房申请条件和办理时限是什么", []),
        ("申请公租房办理要什么条件", [1]),  # 办理 is named as well
        ("公租房申请时间是什么时候", [3, 5, 7]),
        ("公租房去哪里申请", []),
    ],
)
def test_another_section_is_no_answer(question: str, others: list[int]) -> None:
    assert under_others(asking(question), BODY, EVERYTHING) == others


def test_a_passage_goes_on_with_its_section() -> None:
    """What heading that is, another passage tells."""
    going_on = passage("逾期不再受理。", title="公租房办法", section="一、申请时间")
    settings = {0: setting(going_on, 0)}
    assert under_others(asking("公租房申请条件是什么"), settings, [*EVERYTHING, *settings.values()]) == [0]
    assert under_others(asking("公租房申请条件是什么"), settings, settings.values()) == []


def test_a_sentence_that_says_the_matter_stays() -> None:
    told = passage("一、附则", "申请条件另行公布。", "二、申请条件", "无房。", levels=(2, 0, 2, 0))
    body = {1: setting(told, 1)}
    assert under_others(asking("公租房申请条件是什么"), body, [setting(told, i) for i in range(4)]) == []


def test_the_first_sentence_below_the_heading() -> None:
    asked = asking("公租房申请条件是什么")
    assert [i for i in range(len(TEXTS)) if begins_section(asked, PAPER, i)] == [3]
    assert not begins_section(asking("廉租房申请条件是什么"), passage(*TEXTS, title="住房", levels=LEVELS), 3)


def test_a_heading_that_several_parts_have_begins_no_section() -> None:
    def begun(*texts: str) -> list[tuple[int, int]]:
        levels = tuple(2 if text[0] in "一二" else 3 if text[0] == "（" else 0 for text in texts)
        asked, told = asking("游泳馆成人开放时间"), passage(*texts, title="游泳馆成人儿童开放公告", levels=levels)
        return [*begun_sections(asked, [hit(asked, [], [0.9] * len(texts), passage=told)]).values()]

    adults, children = ("二、成人", "（一）开放时间", "每天8时起。"), ("一、儿童", "（一）开放时间", "每天9时起。")
    assert begun(*adults) == [(0, 2)]
    assert begun(*children, *adults) == []


SERVICES = passage(
    "一、基本医疗保险",
    "办理地点：医保局一楼。",
    "监督电话：0359-2200101。",
    "二、高龄津贴申领",
    "年满80周岁可以申领。",
    "高龄津贴每月10日发放。",
    "三、其他事项",
    "咨询电话：0359-2200199。",
    title="民生服务指南",
    levels=(2, 0, 0, 2, 0, 0, 2, 0),
)


@pytest.mark.parametrize(
    ("question", "others"),
    [
        ("高龄津贴的监督电话是多少", [1, 2]),
        ("高龄津贴在哪里办", [1, 2]),
        ("基本医疗保险监督电话是多少", [4, 5]),
        ("医保监督电话是多少", [4, 5]),
        ("监督电话是多少", []),
        ("基本医疗保险和高龄津贴在哪里办", []),
        ("高龄津贴给谁发", [1, 2]),  # lines that only say what they give are of their heading, whatever is asked
    ],
)
def test_what_is_told_of_another_thing_is_no_answer(question: str, others: list[int]) -> None:
    body = {i: setting(SERVICES, i) for i, sentence in enumerate(SERVICES.sentences) if not sentence.level}
    everything = [setting(SERVICES, i) for i in range(len(SERVICES.sentences))]
    assert under_other_things(asking(question), body, everything) == others


def test_a_paper_on_the_thing_is_about_it_everywhere() -> None:
    told = passage("一、发放", "电话：220。", "二、高龄津贴", "每月发放。", title="高龄津贴指南", levels=(2, 0, 2, 0))
    settings = [setting(told, i) for i in range(4)]
    assert under_other_things(asking("高龄津贴电话是多少"), {1: settings[1]}, settings) == []


def test_what_says_the_thing_that_is_asked_stays_under_another() -> None:
    texts = "一、医保", "生育津贴也在这里办。", "电话：0359-2200102。", "二、生育津贴", "按月发放。"
    told = passage(*texts, title="指南", levels=(2, 0, 0, 2, 0))
    settings = [setting(told, i) for i in range(len(texts))]
    assert under_other_things(asking("生育津贴的电话是多少"), {2: settings[2]}, settings) == []
