"""A bare word, and a sentence in pinyin, ask nothing: what is near is shown, and none of it is the answer."""

import pytest

from retrieval.index.base import TermStatistics
from retrieval.query.asked.unasked import asks_nothing
from retrieval.query.question import Question
from retrieval.query.question_text import QuestionText

KNOWN = ("canteen", "open", "menu", "zuo")


def asking(text: str) -> Question:
    """Over documents in which the words stand that are known, and all Chinese characters."""
    asked = QuestionText(text)
    counts = {token: int(token[0] >= "\u4e00" or token in KNOWN) for token in asked.tokens}
    return Question.of(asked, TermStatistics(100, counts))


@pytest.mark.parametrize(
    "text",
    ["护林员", "护林员？", "网格员", "兴县", "停电", "物业费", "王明", "護林員", "warden", "Zuoyun?",
     "shenme shihou ting dian", "jū zhù zhèng zěnme bàn", "zenmelingqugaolingjintie", "ZUO YUN XIAN"],
)  # fmt: skip
def test_what_only_names_something_asks_nothing(text: str) -> None:
    assert asks_nothing(asking(text))


@pytest.mark.parametrize(
    "text",
    ["高龄津贴标准", "护林员人数", "水利局局长", "值班电话", "居住证补办", "兴县护林员", "哪天停电", "为什么停电",
     "第三条", "《水价办法》", "柏政办发〔2023〕12号", "0350-1234567", "12345", "谁", "护林员有多少", "儿童能打疫苗",
     "高龄津贴", "路灯更换周期",
     "canteen menu", "open canteen", "Who leads Zuoyun?", "opening hours", "zuoyun有多少护林员", "Цзоюнь сколько",
     "โรงอาหารเปิดกี่โมง", "食堂は何時に開きますか"],
)  # fmt: skip
def test_what_asks_by_its_last_word_or_is_read_asks(text: str) -> None:
    assert not asks_nothing(asking(text))
