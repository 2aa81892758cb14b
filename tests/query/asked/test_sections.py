"""A question that asks for a section of a paper by its heading."""

import pytest

from retrieval.query.asked.sections import asked_section


@pytest.mark.parametrize(
    ("question", "matter"),
    [
        ("公租房申请条件是什么", "条件"),
        ("申请公租房要什么样的条件？", "条件"),
        ("养老金发放流程", "流程"),
        ("补贴对象是谁", "对象"),
        ("满足条件的人什么时候报名", None),
        ("公租房在哪里申请", None),
    ],
)
def test_the_matter_that_is_asked_for(question: str, matter: str | None) -> None:
    section = asked_section(question)
    assert (section.matter if section else None) == matter


@pytest.mark.parametrize(
    ("heading", "is_asked"),
    [
        ("二、申请条件", True),
        ("（二） 条件", True),
        ("申请时间和条件", True),
        ("入住条件", False),
        ("申请时间", False),
        ("申请条件是什么？", False),
    ],
)
def test_a_heading_says_no_more_than_is_asked(heading: str, is_asked: bool) -> None:
    section = asked_section("公租房申请条件是什么")
    assert section is not None and section.is_headed_by(heading) == is_asked


def test_the_paper_is_on_all_that_is_asked() -> None:
    section = asked_section("公租房申请条件是什么")
    assert section is not None and section.is_all_said_in("公租房办法\n申请条件")
    assert not section.is_all_said_in("养老院办法\n申请条件")
