"""How a question is put to the reader: 去年 is the year itself where the text says that one."""

import datetime
from collections.abc import Sequence

import numpy as np
import pytest

from retrieval.query.words.widening import NOT_WIDENED
from retrieval.reading.base import Logits
from retrieval.reading.reworded import read_apart, read_in_their_words

QUESTION = "去年全县接待多少游客"
OF_YEAR, OF_NONE = "工作总结｜【2025年接待游客386万人次。】", "工作总结｜【全年接待游客386万人次。】"


class Listener:
    """Remembers what it is asked, and gives each text its place."""

    name = engine = "listener"

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def read(self, question: str, texts: Sequence[str]) -> Logits:
        self.asked += [(question, text) for text in texts]
        return np.array([float(len(text)) for text in texts], np.float32)


@pytest.mark.parametrize("year", [None, 2025, 2024])
def test_a_year_by_its_distance_is_read_in_figures_where_the_text_has_them(year: int | None) -> None:
    reader = Listener()
    logits = read_in_their_words(reader, QUESTION, [OF_YEAR, OF_NONE], NOT_WIDENED, year)
    asked = {text: question for question, text in reader.asked}
    assert asked[OF_YEAR] == ("2025年全县接待多少游客" if year == 2025 else QUESTION)
    assert asked[OF_NONE] == QUESTION
    assert logits == [len(OF_YEAR), len(OF_NONE)]


def test_apart_from_titles_it_is_read_so_as_well() -> None:
    reader = Listener()
    read_apart(reader, QUESTION, [OF_YEAR], NOT_WIDENED, 2025)
    assert reader.asked == [("2025年全县接待多少游客", "【2025年接待游客386万人次。】")]


@pytest.mark.parametrize(
    ("question", "text", "read"),
    [
        ("康復科在幾樓", "【三楼整层为康复科。】", ("康复科在几楼", "【三楼整层为康复科。】")),
        ("康复科在几楼", "【三樓整層為康復科。】", ("康复科在几楼", "【三楼整层为康复科。】")),
        ("康復科在幾樓", "【三樓整層為康復科。】", ("康復科在幾樓", "【三樓整層為康復科。】")),
        ("再発行はいくらですか", "【补办工本费18元。】", ("再発行はいくらですか", "【补办工本费18元。】")),
    ],
)
def test_question_and_text_are_read_in_one_script(question: str, text: str, read: tuple[str, str]) -> None:
    for how in (read_in_their_words, read_apart):
        reader = Listener()
        how(reader, question, [text], NOT_WIDENED)
        assert reader.asked == [read]


def test_a_day_by_its_distance_is_read_in_figures_where_the_text_has_days() -> None:
    reader, today = Listener(), datetime.date(2026, 11, 30)
    texts = ["【12月1日东风路停电。】", "【东风路停电。】"]
    read_in_their_words(reader, "明天哪里停电", texts, NOT_WIDENED, today=today)
    assert {text: question for question, text in reader.asked} == dict(
        zip(texts, ["12月1日哪里停电", "明天哪里停电"], strict=True)
    )
