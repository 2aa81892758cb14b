"""Which sentence answers: terms and features by hand, what a sentence gains and loses, cutting to clauses."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.coefficients import coefficients
from retrieval.features import SentenceFeatures
from retrieval.index.base import TermStatistics
from retrieval.query.words.content import content_tokens
from retrieval.query.words.terms import Terms
from retrieval.ranking.evidence import (
    ANSWER_LENGTH,
    cut_to_clauses,
    rank_sentences,
    sentence_spans,
    sentence_texts,
)
from retrieval.types import Hit
from tests.support.hits import asking, hit, stored

NOTHING = Terms({})


def best(*hits: Hit) -> str:
    first = rank_sentences(hits)[0]
    return sentence_texts(hits[first.hit].stored)[first.sentence]


def best_of(question: str, sentences: list[str], cosines: list[float]) -> str:
    return best(hit(asking(question), sentences, cosines))


def feature(found_hit: Hit, sentence: int, name: str) -> float:
    return float(getattr(found_hit.features[sentence], name))


# -- the terms of a question ---------------------------------------------------------------------------------------


def test_a_term_weighs_by_how_few_passages_hold_it() -> None:
    terms = Terms.weighted(["网", "县", "无"], TermStatistics(10, {"网": 2, "县": 9, "无": 0}))
    # ln(1 + (N − n + 0.5) / (n + 0.5)) for N = 10
    assert terms.weights == pytest.approx(
        {"网": math.log(1 + 8.5 / 2.5), "县": math.log(1 + 1.5 / 9.5), "无": math.log(1 + 10.5 / 0.5)}
    )


def test_a_count_beyond_the_passages_does_not_turn_a_weight_negative() -> None:
    terms = Terms.weighted(["网"], TermStatistics(3, {"网": 7}))
    assert terms.weights["网"] == pytest.approx(math.log(1 + 0.5 / 3.5))


def test_overlap_is_the_share_of_the_weight() -> None:
    terms = Terms({"网": 3.0, "食": 1.0})
    assert terms.overlap("网。") == 3 / 4
    assert terms.overlap("食食食。") == 1 / 4
    assert terms.overlap("食网") == 1
    assert terms.overlap("无关") == 0
    assert terms.overlap("") == 0
    assert NOTHING.overlap("网") == 0
    # Traditional characters are folded before they are compared.
    assert Terms({"网": 1.0}).overlap("網") == 1


def test_words_are_held_whole_and_names_by_their_sound() -> None:
    terms = Terms({"grid": 1.0, "~zuo'yun": 3.0})
    assert terms.overlap("the grid of 左云县") == 1
    assert terms.overlap("the grids of 云溪县") == 0
    assert terms.overlap("左面的云") == 0


def test_only_keeps_the_weights_of_some() -> None:
    assert Terms({"网": 3.0, "食": 1.0}).only(["食", "新"]).weights == {"食": 1.0}


@pytest.mark.parametrize(
    ("question", "content"),
    [
        ("左云县有多少网格员？", {"左", "云", "县", "左云", "云县", "网", "格", "员", "网格", "格员"}),
        ("How many volunteers are there in Hongliu?", {"volunteers", "hongliu"}),
        ("是谁？", {"是", "谁", "是谁"}),  # nothing else is left to go by
    ],
)
def test_words_that_only_ask_say_nothing(question: str, content: set[str]) -> None:
    assert set(content_tokens(question)) == content


def test_a_question_is_its_places_and_the_rest() -> None:
    question = asking("左云县有多少网格员")
    assert question.names == ["左云县"]
    assert set(question.subject.weights) == {"左", "云", "县", "左云", "云县"}
    assert set(question.body.weights) == {"网", "格", "员", "网格", "格员"}


def test_words_of_another_language_that_no_document_holds_say_nothing() -> None:
    question = asking("How many grids has Zuoyun County?", {"grids": 0, "has": 0, "zuoyun": 0, "county": 0})
    assert set(question.terms.weights) == {"~zuo'yun", "~yun'xian"}
    assert question.unsaid == 0


def test_what_no_document_says_is_counted() -> None:
    # Of two equal weights one token is in no passage: ln(1 + 10.5 / 0.5) against ln(1 + 9.5 / 1.5).
    unknown, known = math.log(1 + 10.5 / 0.5), math.log(1 + 9.5 / 1.5)
    assert asking("canteen grids", {"grids": 0}).unsaid == 0  # another language than the documents
    assert asking("网").unsaid == 0
    assert asking("网、堂", {"堂": 0}).unsaid == pytest.approx(unknown / (unknown + known))


# -- features ------------------------------------------------------------------------------------------------------


def test_sentences_of_a_passage_lie_side_by_side() -> None:
    passage = stored(["一句。 ", "二句。"])
    assert sentence_spans(passage) == [(0, 4), (4, 7)]
    assert sentence_texts(passage) == ["一句。", "二句。"]


def test_features_by_hand() -> None:
    question = asking("左云县有多少网格员")
    passage = stored(["左云县不大。", "网格员51名"], title="网", levels=[0, 0])
    found_hit = hit(question, [], [0.85, 0.95], passage=passage, closeness=(0.1, 0.2, 0.3))
    # Ten tokens of equal weight: 左 云 县 左云 云县 | 网 格 员 网格 格员.
    named = found_hit.features[1]._asdict()
    assert named["cosine"] == pytest.approx((0.95 - 0.75) / 0.2)
    assert named["cosine_before"] == pytest.approx((0.85 - 0.75) / 0.2)
    assert named["overlap"] == pytest.approx(5 / 10)
    assert named["known"] == 0  # the title holds 网, and so does the sentence
    assert named["around"] == pytest.approx(5 / 10)  # 左云县 in the sentence before
    assert [named[name] for name in ("subject", "subject_known")] == pytest.approx([0, 1])
    assert [named[name] for name in ("body", "body_known", "body_around")] == pytest.approx([1, 0, 0])
    assert (named["kind"], named["unit"], named["focus"]) == (1, 1, 1)
    assert (named["other_place"], named["heading"], named["open"]) == (0, 0, 1)
    assert (named["dense"], named["lexical"], named["best"]) == (0.1, 0.2, 0.3)
    assert feature(found_hit, 0, "known") == pytest.approx(1 / 10)
    assert feature(found_hit, 0, "kind") == 0


def test_the_score_is_the_weighed_sum() -> None:
    found_hit = hit(asking("左云县有多少网格员"), ["网格员51名。"], [0.9])
    weights = [coefficients("evidence")[name] for name in SentenceFeatures._fields]
    assert list(found_hit.sentence_scores) == pytest.approx([float(np.dot(found_hit.features[0], weights))])
    assert found_hit.score == found_hit.sentence_scores[0]


def test_there_is_a_coefficient_for_each_feature() -> None:
    assert set(coefficients("evidence")) == set(SentenceFeatures._fields)


def test_an_answer_takes_the_closeness_of_its_question() -> None:
    found_hit = hit(asking("食堂几点开门"), ["问：食堂几点开门？", "答：八点。"], [0.95, 0.75])
    assert feature(found_hit, 1, "cosine") == pytest.approx(1)


# -- the sentence --------------------------------------------------------------------------------------------------


def test_the_closest_sentence_is_first() -> None:
    assert best_of("食堂怎样", ["甲。", "乙。", "丙。"], [0.80, 0.90, 0.85]) == "乙。"


def test_the_terms_of_the_question_count() -> None:
    assert best_of("驿站怎样", ["别的事情。", "说到驿站。"], [0.82, 0.80]) == "说到驿站。"


def test_the_passage_counts() -> None:
    question = asking("食堂怎样")
    far = hit(question, ["甲。"], [0.85], closeness=(0.1, 0.1, 0.1), document_id="a")
    near = hit(question, ["乙。"], [0.85], closeness=(0.9, 0.9, 0.9), document_id="b")
    assert best(far, near) == "乙。"


@pytest.mark.parametrize("question", ["村里有多少食堂", "建了几处食堂"])
def test_a_question_for_a_number_wants_a_sentence_with_one(question: str) -> None:
    sentences, cosines = ["食堂很好。", "食堂共52处。"], [0.90, 0.87]
    assert best_of(question, sentences, cosines) == "食堂共52处。"
    assert best_of("食堂怎样", sentences, cosines) == "食堂很好。"


@pytest.mark.parametrize("number", ["食堂五十二处。", "食堂三处。", "食堂百余处。", "食堂12,000处。"])
def test_a_number_may_be_written_in_characters(number: str) -> None:
    assert best_of("有多少食堂", ["食堂很好。", number], [0.90, 0.87]) == number


def test_a_statement_goes_before_a_title_or_caption() -> None:
    assert best_of("老年食堂怎样", ["老年食堂开门", "老年食堂在周一开门。"], [0.90, 0.88]) == "老年食堂在周一开门。"


def test_a_sentence_about_another_place_loses() -> None:
    assert best_of("左云县有多少网格员", ["云溪县有网格员30名。", "左云县有网格员51名。"], [0.90, 0.88]) == (
        "左云县有网格员51名。"
    )


def test_a_sentence_under_its_county_needs_not_name_it() -> None:
    question = asking("左云县有多少网格员")
    here = stored(["该县有网格员51名。"], title="左云县的网格", place="左云县", document_id="a")
    there = stored(["该县有网格员30名。"], title="云溪县的网格", place="云溪县", document_id="b")
    assert best(hit(question, [], [0.9], passage=there), hit(question, [], [0.88], passage=here)) == here.text


def test_no_hits_no_sentence() -> None:
    assert rank_sentences([]) == []


# -- cutting -------------------------------------------------------------------------------------------------------


def test_a_short_sentence_stays_whole() -> None:
    text = "甲，乙，丙。"
    assert cut_to_clauses(text, NOTHING) == (0, len(text))
    assert cut_to_clauses("字" * ANSWER_LENGTH, NOTHING) == (0, 200)


def test_a_long_sentence_is_cut_to_the_clauses_that_hold_the_terms() -> None:
    filler = "无关的话" * 30 + "，"  # 121 characters
    text = f"{filler}左云县有网格员51名，{filler}"
    start, end = cut_to_clauses(text, Terms({"网": 1.0, "格": 1.0}))
    assert "左云县有网格员51名" in text[start:end]
    assert end - start <= ANSWER_LENGTH
    # Whole clauses: it begins at the start or behind a comma, and ends with one.
    assert start == 0 or text[start - 1] == "，"
    assert text[end - 1] == "，"


def test_of_two_runs_that_hold_as_much_the_longer_is_taken() -> None:
    # Limit 6: 甲乙，丙， is 5 long and holds 丙, 丙，丁戊， too and comes later; 丁戊，… does not hold it.
    text = "甲乙，丙，丁戊，己庚辛。"
    assert cut_to_clauses(text, Terms({"丙": 1.0}), 6) == (0, 5)


def test_a_figure_is_not_cut_at_its_comma() -> None:
    text = "字" * 10 + "共12,000处，" + "字" * 10
    start, end = cut_to_clauses(text, Terms({"处": 1.0}), 20)
    assert "12,000处" in text[start:end]


def test_a_clause_beyond_the_limit_is_cut_hard() -> None:
    assert cut_to_clauses("字" * 500, NOTHING) == (0, 200)


@pytest.mark.parametrize("behind", ["", "，此外没有别的。"])
def test_a_long_clause_is_cut_around_the_terms(behind: str) -> None:
    text = "无" * 300 + "左云县有网格员51名" + "关" * 300 + behind
    start, end = cut_to_clauses(text, Terms({"网格": 1.0}))
    assert "网格员" in text[start:end]


@given(st.text(alphabet="网格食堂，,；：”。0123 ", min_size=1, max_size=700), st.integers(1, 200))
def test_a_cut_is_a_piece_of_the_text_within_the_limit(text: str, limit: int) -> None:
    start, end = cut_to_clauses(text, Terms({"网": 1.0}), limit)
    assert 0 <= start < end <= len(text)
    assert end - start <= limit
