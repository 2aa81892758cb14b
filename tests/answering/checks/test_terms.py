"""Prices and fees whose term is over are no answer, unless it is asked of the time in which they held."""

import datetime

import pytest

from config.settings import AnswerSettings
from retrieval.answering.checks.terms import over_beside_others, without_over
from retrieval.answering.compose import RELATED, compose
from retrieval.query.asked.times import asked_time
from retrieval.text.fold import fold
from tests.answering.make import passage, setting
from tests.support.hits import asking, hit

TODAY = datetime.date(2026, 11, 30)
PRICE = "居民用热每平方米18元。"


def over_since(question: str, text: str, rest: str, date: str | None = None) -> str | None:
    """The last day of the term of the text, where what stands in its document beside it is the `rest`."""
    asked, stored = asking(question), passage(text, title="供热价格", date=date)
    hits = [hit(asked, [], [0.9], passage=stored)]
    composed = compose(asked, hits, AnswerSettings(answered=0, related=0))
    assert composed.quotes
    told = without_over(asked, hits, composed, lambda _: fold(f"{text}\n{rest}"), TODAY)
    assert told is composed or (told.status, told.closest) == (RELATED, composed.quotes[0])
    return told.reason.day if told.reason else None


@pytest.mark.parametrize(
    ("rest", "day"),
    [
        ("二、执行期限为2023年11月1日至2025年3月31日。", "2025-03-31"),
        ("上述价格执行至2025年3月31日。", "2025-03-31"),
        ("本通知自2024年1月1日起施行，有效期2年。", "2025-12-31"),
        ("本通知自印发之日起执行，有效期一年。", "2024-10-08"),
        ("本办法有效期至2025年底。", "2025-12-31"),
        ("本通知自2024年1月1日起施行，有效期5年。", None),
        ("执行时间：每年11月1日至次年3月31日。", None),
        ("执行时间为2024年1月1日起。", None),
        ("本通知自2023年3月1日起执行，有效期至2025年2月28日。", "2025-02-28"),
        ("本通知自2023年3月1日起执行，执行至2024年底。", "2024-12-31"),
        *((f"本通知自2023年3月1日起执行，有效期{told}。", None) for told in ("至二0二六年底", "99999年", "一二年")),
        ("居住证有效期至2025年1月1日。", None),  # the term of something else
        ("", None),
    ],
)
def test_a_paper_tells_the_term_of_all_that_it_says(rest: str, day: str | None) -> None:
    assert over_since("居民用热多少钱一平方米", PRICE, rest, "2023-10-09") == day


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("现在居民用热多少钱", "2025-03-31"),
        ("居民用热收费标准", "2025-03-31"),
        ("2024年居民用热多少钱", None),
        ("去年居民用热多少钱", None),
        ("原来居民用热多少钱", None),
        ("居民用热有多少户", None),
    ],
)
def test_it_is_over_for_who_asks_what_is_paid_now(question: str, day: str | None) -> None:
    assert over_since(question, PRICE, "执行期限为2023年11月1日至2025年3月31日。") == day


def test_a_sentence_tells_its_own_term() -> None:
    assert over_since("会员票多少钱", "会员票每张20元，优惠期限2026年5月1日至2026年10月31日。", "") == "2026-10-31"
    assert over_since("培训费多少钱", "培训费300元，证书自发证之日起有效期3年。", "", "2020-01-01") is None


def test_another_that_answers_as_well_is_taken_instead() -> None:
    asked = asked_time("居民用热多少钱", is_number=True, today=TODAY)
    old = setting(passage(PRICE), rest="执行期限为2023年11月1日至2025年3月31日。")
    new = setting(passage("居民用热每平方米19元。"))
    assert over_beside_others(asked, {1: old, 2: new}) == [1]
    assert over_beside_others(asked, {1: old}) == []
