"""The sentences for people who ask: one for each reason that `retrieval` gives, in each language."""

from dataclasses import replace
from typing import get_args

import pytest

from bot.catalogue import catalogue
from bot.render.json import answer_object
from bot.render.terminal import render_answer
from bot.wording import message_of, worded
from config.language import Language
from retrieval.reasons import ListedDocument, Reason, ReasonCode
from retrieval.types import Answer, Citation, Quote

LANGUAGES = get_args(Language)
CODES = get_args(ReasonCode)
WATER, STREET = ListedDocument("水价办法"), ListedDocument("街道管网改造")
ADDED = tuple(ListedDocument(title, "2026-02-03") for title in ("水价办法", "街道管网改造"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", CODES)
def test_each_reason_has_a_sentence_in_each_language(code: ReasonCode, language: Language) -> None:
    told = worded(Reason(code, language, documents=1, shown=1 if code.startswith("documents_") else None))
    assert told.strip() and told.endswith(tuple("。.：:"))
    assert any("\u4e00" <= character <= "\u9fff" for character in told) == (language == "zh")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_reasons_read_the_same(language: Language) -> None:
    assert len({catalogue(language)[code] for code in CODES}) == len(CODES)


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        (Reason("only_related", "zh"), "文档里有相关的段落，但没有直接回答这个问题。"),
        (Reason("no_answer", "en"), "The documents do not answer this question."),
        (Reason("term_over", "zh", day="2025-03-31"), "文档里写的执行期限到2025-03-31为止，已经过了。"),
        (
            Reason("names_missing", "zh", names=("云溪县", "上海"), documents=2),
            "2份文档里都没有提到“云溪县”、“上海”。",
        ),
        (
            Reason("names_missing", "en", names=("A", "B", "C"), documents=2),
            "“A”, “B” occurs in none of the 2 documents.",
        ),
        (
            Reason("none_in_time", "en", documents=3, undated=1, since="2026-01-01", until="2026-02-28"),
            "None of the 3 documents has a date since 2026-01-01 and until 2026-02-28; "
            "1 of them have no date at all.",
        ),
        (
            Reason("none_in_time", "zh", documents=3, undated=0, until="2026-02-28"),
            "3份文档里没有2026-02-28以前的；其中0份没有日期。",
        ),
        (Reason("document_dated", "zh", title="题", day="2026-01-01"), "《题》的日期是2026-01-01。"),
        (
            Reason("document_of_year", "en", ("云政发〔2025〕8号",), title="T", day="2025"),
            "“T” bears no date; by its number “云政发〔2025〕8号” it is of 2025.",
        ),
        (Reason("documents_held", "zh", documents=2, shown=2), "收录了2份文件。"),
        (
            Reason("documents_held", "en", documents=3, shown=1, listed=(WATER,)),
            "The library has 3 documents, of which the first 1: “水价办法”.",
        ),
        (
            Reason("documents_telling", "zh", documents=2, shown=2, topic="管网", listed=(WATER, STREET)),
            "标题里都没有“管网”，正文提到它的文件有2份：《水价办法》、《街道管网改造》。",
        ),
        (
            Reason("documents_latest", "zh", documents=2, shown=2, listed=ADDED),
            "最近收录的文件：《水价办法》（2026-02-03）、《街道管网改造》（2026-02-03）。",
        ),
    ],
)
def test_the_values_stand_in_the_sentence(reason: Reason, sentence: str) -> None:
    assert worded(reason) == sentence


def test_a_long_title_is_shortened() -> None:
    assert worded(Reason("document_undated", "en", title="x" * 41)) == f"“{'x' * 40}…” bears no date."


def test_an_answer_whose_quotes_say_all_has_no_message() -> None:
    answer = Answer("问", "not_found", 0.1, Reason("no_answer", "zh"), None, (), (), {})
    assert message_of(answer) == "文档里没有找到这个问题的答案。"
    assert message_of(Answer("问", "answered", 0.9, None, "答", (), (), {})) is None


def test_braces_in_a_value_are_no_places_to_fill_in() -> None:
    reason = Reason("documents_titled", "zh", documents=3, shown=1, topic="{title}", listed=(ListedDocument("{0}"),))
    assert worded(reason) == "标题提到“{title}”的文件有3份，先列1份：《{0}》。"


def test_the_closest_sentence_is_named_as_that_in_terminal_and_json() -> None:
    texts = ("甲村有桥。", "乙村有桥3座。")
    cited = tuple(
        Citation(number, "a.txt", "/a.txt", None, "d", "p", "桥", None, None, None, None, ((0, 8),), text, 0.5)
        for number, text in enumerate(texts, 1)
    )
    reason = Reason("only_related", "zh")
    answer = Answer("有几座桥", "related", 0.2, reason, None, (), cited, {}, closest=Quote(2, 0, 7, "乙县"))
    first, second, *_ = render_answer(answer, marks=True).plain.split("\n")
    assert (first, second) == (message_of(answer), "最接近的一句：乙县 · 乙村有桥3座。  [2]")
    english = replace(answer, question="how many bridges", reason=Reason("only_related", "en"))
    assert "The closest sentence: 乙县 · 乙村有桥3座。  [2]" in render_answer(english, marks=True).plain.split("\n")
    assert answer_object(answer)["closest"] == {"citation": 2, "start": 0, "end": 7, "about": "乙县", "following": 0}
    assert "closest" not in answer_object(Answer("问", "not_found", 0.0, reason, None, (), (), {}))
