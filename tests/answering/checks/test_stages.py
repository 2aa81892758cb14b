"""What is planned is not what is there, nor the other way."""

import pytest

from retrieval.answering.checks.objections import KIND
from tests.answering.make import objection, passage

PLANNED = "污水厂占地20亩，设计日处理污水1.5万吨。"
DONE = "污水厂占地20亩，现日处理污水9000吨。"


@pytest.mark.parametrize("now", ["现在", "目前", "如今"])
def test_a_plan_tells_not_what_is_there_now(now: str) -> None:
    asked = f"污水厂{now}日处理污水多少吨"
    assert objection(asked, passage(DONE)) is None
    assert objection(asked, passage(PLANNED)) == KIND
    assert objection("污水厂日处理污水多少吨", passage(PLANNED)) is None


@pytest.mark.parametrize("plan", ["计划", "规划", "预计", "拟"])
def test_what_is_done_tells_not_what_was_planned(plan: str) -> None:
    asked = f"南坪镇{plan}种树多少亩"
    assert objection(asked, passage(f"南坪镇{plan}种树900亩，分三年完成。")) is None
    assert objection(asked, passage("南坪镇种树900亩，分三年完成。")) is None
    assert objection(asked, passage("南坪镇已种树640亩，剩下的明春再种。")) == KIND


def test_the_clause_that_says_most_of_the_question_counts() -> None:
    both = "水库设计库容300万立方米，现库容180万立方米。"
    assert objection("水库目前库容多少", passage(both)) is None
    assert objection("水库规划库容多少", passage(both)) is None
    assert objection("水库目前水面多少亩", passage("水库水面500亩，设计库容300万立方米。")) is None


def test_a_day_is_no_figure_of_what_is_done() -> None:
    asked, told = "2026年度道路已经修好多少公里", "2026年度道路已于3月8日动工，计划修路46公里。"
    assert objection(asked, passage(told)) == KIND
    assert objection(asked, passage("2026年度道路已修好46公里。")) is None
