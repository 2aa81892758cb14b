"""Fusion, evidence and the answer composed of them, with figures that can be worked out on paper."""

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.settings import AnswerSettings, SearchSettings
from retrieval.answer import compose
from retrieval.evidence import QuestionTerms, content_tokens, cut_to_clauses, rank_sentences, second_part
from retrieval.index.base import Candidate, TermStatistics
from retrieval.search import fuse, min_max
from retrieval.text.places import last_place, places_asked
from retrieval.text.sentences import split_sentences
from retrieval.types import DocumentRecord, Hit, Passage, Sentence, StoredPassage

RECORD = DocumentRecord("d", Path("/docs/a.txt"), "左云县", None, None, 100, 1, "sha", "2025-07-03")


def hit(text: str, *cosines: float, score: float = 1.0, title: str = "") -> Hit:
    spans = split_sentences(text)
    assert len(spans) == len(cosines)
    record = DocumentRecord("d", Path("/docs/a.txt"), title or RECORD.title, None, None, 100, 1, "sha", "2025-07-03")
    passage = Passage(f"p{score}", 0, 0, len(spans), ((0, len(text)),), None, None)
    stored = StoredPassage(passage, record, text, tuple(Sentence((span,)) for span in spans))
    return Hit(stored, score, max(cosines), 1.0, cosines)


def terms(question: str) -> QuestionTerms:
    tokens = content_tokens(question)
    return QuestionTerms.weighted(tokens, TermStatistics(10, dict.fromkeys(tokens, 1)))


def test_min_max() -> None:
    assert min_max([2.0, 6.0, 4.0]).tolist() == [0.0, 1.0, 0.5]
    assert min_max([3.0, 3.0]).tolist() == [0.0, 0.0]


def test_fusion_is_the_weighted_sum_of_both_sides_and_the_best_sentence() -> None:
    candidates = [Candidate(1, 0.9, 0.0, (0.2, 0.8)), Candidate(2, 0.8, 8.0, (0.6,)), Candidate(3, 0.7, 4.0, (0.7,))]
    settings = SearchSettings(dense_weight=0.6, sentence_weight=0.5)
    # dense 1, .5, 0; lexical 0, 1, .5; best sentence 1, 0, .5; (.6 dense + .4 lexical + .5 sentence) / 1.5
    assert fuse(candidates, settings).tolist() == pytest.approx([1.1 / 1.5, 0.7 / 1.5, 0.45 / 1.5])
    assert fuse([], settings).tolist() == []


def test_weights_of_terms_are_idf() -> None:
    statistics = TermStatistics(10, {"网": 10, "格": 1, "员": 0})
    weights = QuestionTerms.weighted(["网", "格", "员"], statistics).weights
    expected = {"网": math.log(1 + 0.5 / 10.5), "格": math.log(1 + 9.5 / 1.5), "员": math.log(1 + 10.5 / 0.5)}
    assert weights == pytest.approx(expected)
    overlap = QuestionTerms.weighted(["网", "格", "员"], statistics).overlap("格")
    assert overlap == pytest.approx(expected["格"] / sum(expected.values()))
    assert QuestionTerms({}).overlap("网格员") == 0


def test_what_makes_it_a_question_says_nothing_about_passages() -> None:
    assert "多少" not in content_tokens("左云县有多少网格员")
    assert {"左云", "云县", "网格", "格员"} <= set(content_tokens("左云县有多少网格员"))
    assert content_tokens("多少") == ["多", "少", "多少"]  # nothing else is left to go by


def best(question: str, *hits: Hit) -> str:
    first = rank_sentences(question, hits, terms(question))[0]
    stored = hits[first.hit].stored
    start, end = stored.sentences[first.sentence].spans[0]
    return stored.text[start:end]


def test_a_figure_is_preferred_when_one_is_asked_for() -> None:
    one = hit("网格员队伍很重要。配备网格员五十一名。", 0.90, 0.88)
    assert best("有多少网格员", one) == "配备网格员五十一名。"
    assert best("网格员重要吗", one) == "网格员队伍很重要。"


def test_a_statement_is_preferred_to_a_title_and_to_a_question() -> None:
    assert best("食堂几点开饭", hit("食堂几点开饭？食堂11点开饭。", 0.95, 0.90)) == "食堂11点开饭。"
    assert best("食堂在哪里", hit("食堂在村口。食堂在哪里", 0.90, 0.95)) == "食堂在村口。"


def test_a_sentence_under_another_county_is_passed_over() -> None:
    text = "左云县先说。网格员有51名。云溪县另有安排。网格员有226名。"
    assert best("左云县有多少网格员", hit(text, 0.8, 0.88, 0.8, 0.90)) == "网格员有51名。"
    assert best("云溪县有多少网格员", hit(text, 0.8, 0.90, 0.8, 0.88)) == "网格员有226名。"


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("左云县有多少网格员", [("左云", "县")]),
        ("興縣的縣委書記", [("兴", "县")]),
        ("全县有多少网格员", []),
        ("这个社区有多少网格员", []),
        ("How many grid workers", []),
    ],
)
def test_places_asked(question: str, places: list[tuple[str, str]]) -> None:
    assert places_asked(question) == places


def test_the_place_named_last_holds() -> None:
    asked = [("左云", "县")]
    assert last_place("该县有网格员。", asked, asked[0]) == asked[0]
    assert last_place("云溪县有网格员。", asked, asked[0]) == ("云溪", "县")
    assert last_place("云溪县学左云县。", asked) == asked[0]
    assert last_place("四县都有，全县推广。", asked, asked[0]) == asked[0]


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("红色和绿色分别代表什么", "绿色分别代表什么"),
        ("左云县有多少网格员、书记是谁", "书记是谁"),
        ("老人和孩子在哪里吃饭", None),
        ("左云县有多少网格员", None),
    ],
)
def test_questions_for_two_things(question: str, part: str | None) -> None:
    assert second_part(question) == part


def test_two_things_are_answered_by_two_quotes() -> None:
    question = "红色和绿色分别代表什么"
    one = hit("红色，代表党的光辉。紫色，没有人问。绿色，代表生机。", 0.93, 0.80, 0.90, title="五色")
    answer = compose(question, [one], terms(question), AnswerSettings(answered=0.1, related=0.1))
    assert answer.answer == "红色，代表党的光辉。\n绿色，代表生机。"
    text = answer.citations[0].text
    assert [text[q.start : q.end] for q in answer.quotes] == ["红色，代表党的光辉。", "绿色，代表生机。"]


@given(st.text(st.sampled_from("网格员51名，,；。 食堂"), min_size=1, max_size=600))
def test_a_long_sentence_is_cut_to_clauses_that_fit(text: str) -> None:
    start, end = cut_to_clauses(text, terms("有多少网格员"))
    assert 0 <= start < end <= len(text)
    assert end - start <= 200
    assert (start, end) == (0, len(text)) or len(text) > 200


def test_the_clauses_that_answer_are_kept() -> None:
    filler = "这一句很长但是没有回答任何问题，" * 12
    text = f"{filler}全县配备专职网格员51名，{filler}最后结束。"
    start, end = cut_to_clauses(text, terms("专职网格员有多少"))
    assert "专职网格员51名" in text[start:end]


def test_three_outcomes() -> None:
    question = "左云县有多少网格员"
    near, middling, far = hit("左云县有网格员51名。", 0.95), hit("食堂走访。", 0.86), hit("今天下雨。", 0.74)
    answered = compose(question, [near], terms(question), AnswerSettings())
    assert (answered.status, answered.answer, answered.message) == ("answered", "左云县有网格员51名。", None)
    # Cosines of 0.86 and 0.74 are 0.55 and -0.05 of the way from 0.75 to 0.95, and the title holds half of the
    # question's ten equal terms: 1 / (1 + exp(4 - 3.5 c - 2.5 / 2)) is 0.30 and 0.05.
    related = compose(question, [middling], terms(question), AnswerSettings())
    assert (related.status, related.answer, len(related.citations)) == ("related", None, 1)
    assert related.confidence == pytest.approx(0.305, abs=0.001)
    refused = compose(question, [far], terms(question), AnswerSettings())
    assert (refused.status, refused.answer, refused.citations) == ("not_found", None, ())
    assert compose(question, [], terms(question), AnswerSettings()).confidence == 0
    assert answered.confidence > related.confidence > refused.confidence


def test_messages_speak_the_language_of_the_question() -> None:
    chinese = compose("问题", [], terms("问题"), AnswerSettings()).message
    english = compose("question", [], terms("question"), AnswerSettings()).message
    assert chinese is not None
    assert english is not None
    assert not chinese.isascii()
    assert english.isascii()


def test_at_most_five_are_cited() -> None:
    hits = [hit("左云县有网格员51名。", 0.95, score=1 - i / 10) for i in range(8)]
    answer = compose("左云县有多少网格员", hits, terms("左云县有多少网格员"), AnswerSettings())
    assert [citation.number for citation in answer.citations] == [1, 2, 3, 4, 5]
