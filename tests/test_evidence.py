"""Which sentence answers: the arithmetic of weights, what a sentence gains and loses, cutting to clauses."""

import math
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.evidence import (
    ANSWER_LENGTH,
    QuestionTerms,
    confidence,
    content_tokens,
    cut_to_clauses,
    rank_sentences,
    second_part,
    sentence_spans,
    sentence_texts,
)
from retrieval.index.base import TermStatistics
from retrieval.types import Context, DocumentRecord, Hit, Passage, Sentence, StoredPassage

NOTHING = QuestionTerms({})


def hit(
    sentences: Sequence[str],
    cosines: Sequence[float],
    *,
    score: float = 0.5,
    title: str = "标题",
    levels: Sequence[int] = (),
    document_id: str = "d",
) -> Hit:
    starts = [sum(map(len, sentences[:i])) for i in range(len(sentences) + 1)]
    own = tuple(
        Sentence(((starts[i], starts[i + 1]),), level)
        for i, level in zip(range(len(sentences)), levels or [0] * len(sentences), strict=True)
    )
    record = DocumentRecord(document_id, Path("/docs/a.txt"), title, None, None, starts[-1], 1, "sha", "now")
    passage = Passage(f"{document_id}-p", 0, 0, len(sentences), ((0, starts[-1]),), None, None, Context(record.title))
    return Hit(StoredPassage(passage, record, "".join(sentences), own), score, 0.9, 1.0, tuple(cosines))


def best(question: str, *hits: Hit, terms: QuestionTerms = NOTHING) -> str:
    first = rank_sentences(question, hits, terms)[0]
    return sentence_texts(hits[first.hit])[first.sentence]


# -- the terms of a question ---------------------------------------------------------------------------------------


def test_a_term_weighs_by_how_few_passages_hold_it() -> None:
    terms = QuestionTerms.weighted(["网", "县", "无"], TermStatistics(10, {"网": 2, "县": 9, "无": 0}))
    # ln(1 + (N − n + 0.5) / (n + 0.5)) for N = 10
    assert terms.weights == pytest.approx(
        {"网": math.log(1 + 8.5 / 2.5), "县": math.log(1 + 1.5 / 9.5), "无": math.log(1 + 10.5 / 0.5)}
    )


def test_a_count_beyond_the_passages_does_not_turn_a_weight_negative() -> None:
    terms = QuestionTerms.weighted(["网"], TermStatistics(3, {"网": 7}))
    assert terms.weights["网"] == pytest.approx(math.log(1 + 0.5 / 3.5))


def test_overlap_is_the_share_of_the_weight() -> None:
    terms = QuestionTerms({"网": 3.0, "食": 1.0})
    assert terms.overlap("网。") == 3 / 4
    assert terms.overlap("食食食。") == 1 / 4
    assert terms.overlap("食网") == 1
    assert terms.overlap("无关") == 0
    assert terms.overlap("") == 0
    assert NOTHING.overlap("网") == 0
    # Traditional characters are folded before they are compared.
    assert QuestionTerms({"网": 1.0}).overlap("網") == 1


def test_only_keeps_the_weights_of_some() -> None:
    assert QuestionTerms({"网": 3.0, "食": 1.0}).only(["食", "新"]).weights == {"食": 1.0}


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


@pytest.mark.parametrize(
    ("question", "second"),
    [
        ("左云县有多少网格员，书记是谁", "书记是谁"),
        ("食堂和驿站分别有多少", "驿站分别有多少"),
        ("左云县和云溪县有多少网格员", None),
        ("左云县有多少网格员", None),
        ("How many canteens are there and who runs them", " who runs them"),
    ],
)
def test_the_second_half_of_a_question(question: str, second: str | None) -> None:
    assert second_part(question) == second


# -- the sentence --------------------------------------------------------------------------------------------------


def test_sentences_of_a_passage_lie_side_by_side() -> None:
    one = hit(["一句。 ", "二句。"], [0.8, 0.8])
    assert sentence_spans(one) == [(0, 4), (4, 7)]
    assert sentence_texts(one) == ["一句。", "二句。"]


def test_the_closest_sentence_is_first() -> None:
    assert best("食堂怎样", hit(["甲。", "乙。", "丙。"], [0.80, 0.90, 0.85])) == "乙。"


def test_the_terms_of_the_question_count() -> None:
    # 0.3 for all of the terms against (0.81 − 0.80) / 0.2 = 0.05 for the nearer one.
    one = hit(["别的事情。", "说到驿站。"], [0.81, 0.80])
    assert best("驿站怎样", one, terms=QuestionTerms({"驿": 1.0, "站": 1.0})) == "说到驿站。"


def test_the_score_of_the_passage_counts() -> None:
    far, near = hit(["甲。"], [0.85], score=0.2, document_id="a"), hit(["乙。"], [0.85], score=0.9, document_id="b")
    assert best("食堂怎样", far, near) == "乙。"


@pytest.mark.parametrize("question", ["村里有多少食堂", "建了几处食堂", "How many canteens are there?"])
def test_a_question_for_a_number_wants_a_sentence_with_one(question: str) -> None:
    # 0.05 / 0.2 = 0.25 nearer, but 0.3 is taken off without a figure.
    one = hit(["食堂很好。", "食堂共52处。"], [0.90, 0.85])
    assert best(question, one) == "食堂共52处。"
    assert best("食堂怎样", one) == "食堂很好。"


@pytest.mark.parametrize("number", ["食堂五十二处。", "食堂三处。", "食堂百余处。", "食堂12,000处。", "食堂约两成。"])
def test_a_number_may_be_written_in_characters(number: str) -> None:
    assert best("有多少食堂", hit(["食堂很好。", number], [0.90, 0.85])) == number


def test_a_statement_goes_before_a_title_or_caption() -> None:
    # 0.05 / 0.2 = 0.25 nearer, but 0.3 is taken off what ends without a full stop.
    one = hit(["老年食堂开门", "老年食堂在周一开门。"], [0.90, 0.85])
    assert best("老年食堂怎样", one) == "老年食堂在周一开门。"


def test_a_statement_goes_before_a_question() -> None:
    one = hit(["食堂怎么样？", "食堂很好。"], [0.88, 0.85])
    assert best("食堂怎么样", one) == "食堂很好。"


def test_a_heading_answers_nothing_unless_it_is_all_there_is() -> None:
    assert best("食堂", hit(["食堂开门。", "食堂关门。"], [0.95, 0.80], levels=[1, 0])) == "食堂关门。"
    assert best("食堂", hit(["食堂开门。"], [0.95], levels=[1])) == "食堂开门。"


def test_a_sentence_about_another_place_loses() -> None:
    # (0.90 − 0.85) / 0.2 = 0.25 nearer, 0.4 taken off.
    one = hit(["云溪县有网格员30名。", "左云县有网格员51名。"], [0.90, 0.85])
    assert best("左云县有多少网格员", one) == "左云县有网格员51名。"


def test_no_hits_no_sentence() -> None:
    assert rank_sentences("食堂", [], NOTHING) == []


# -- cutting -------------------------------------------------------------------------------------------------------


def test_a_short_sentence_stays_whole() -> None:
    text = "甲，乙，丙。"
    assert cut_to_clauses(text, NOTHING) == (0, len(text))
    assert cut_to_clauses("字" * ANSWER_LENGTH, NOTHING) == (0, 200)


def test_a_long_sentence_is_cut_to_the_clauses_that_hold_the_terms() -> None:
    filler = "无关的话" * 30 + "，"  # 121 characters
    text = f"{filler}左云县有网格员51名，{filler}"
    start, end = cut_to_clauses(text, QuestionTerms({"网": 1.0, "格": 1.0}))
    assert "左云县有网格员51名" in text[start:end]
    assert end - start <= ANSWER_LENGTH
    # Whole clauses: it begins at the start or behind a comma, and ends with one.
    assert start == 0 or text[start - 1] == "，"
    assert text[end - 1] == "，"


def test_of_two_runs_that_hold_as_much_the_longer_is_taken() -> None:
    # Limit 6: 甲乙，丙， is 5 long and holds 丙, 丙，丁戊， too and comes later; 丁戊，… does not hold it.
    text = "甲乙，丙，丁戊，己庚辛。"
    assert cut_to_clauses(text, QuestionTerms({"丙": 1.0}), 6) == (0, 5)


def test_a_figure_is_not_cut_at_its_comma() -> None:
    text = "字" * 10 + "共12,000处，" + "字" * 10
    start, end = cut_to_clauses(text, QuestionTerms({"处": 1.0}), 20)
    assert "12,000处" in text[start:end]


def test_a_clause_beyond_the_limit_is_cut_hard() -> None:
    assert cut_to_clauses("字" * 500, NOTHING) == (0, 200)


@pytest.mark.parametrize("behind", ["", "，此外没有别的。"])
def test_a_long_clause_is_cut_around_the_terms(behind: str) -> None:
    text = "无" * 300 + "左云县有网格员51名" + "关" * 300 + behind
    start, end = cut_to_clauses(text, QuestionTerms({"网格": 1.0}))
    assert "网格员" in text[start:end]


@given(st.text(alphabet="网格食堂，,；：”。0123 ", min_size=1, max_size=700), st.integers(1, 200))
def test_a_cut_is_a_piece_of_the_text_within_the_limit(text: str, limit: int) -> None:
    start, end = cut_to_clauses(text, QuestionTerms({"网": 1.0}), limit)
    assert 0 <= start < end <= len(text)
    assert end - start <= limit


# -- how sure ------------------------------------------------------------------------------------------------------


def test_confidence_by_hand() -> None:
    one = hit(["左云县有网格员51名。"], [0.85])
    (evidence,) = rank_sentences("网格员", [one], QuestionTerms({"网": 1.0}))
    # closeness (0.85 − 0.75) / 0.2 = 0.5; all terms are spoken of: 1 / (1 + e^−(−4 + 3.5·0.5 + 2.5·1))
    assert confidence(evidence, [one], QuestionTerms({"网": 1.0})) == pytest.approx(1 / (1 + math.exp(-0.25)))
    # Half of them: −4 + 1.75 + 1.25
    half = QuestionTerms({"网": 1.0, "食": 1.0})
    assert confidence(evidence, [one], half) == pytest.approx(1 / (1 + math.exp(1.0)))


def test_the_title_and_the_other_passages_of_the_document_speak_too() -> None:
    first, same = hit(["该县有52处。"], [0.85], title="云溪县"), hit(["食堂开门。"], [0.80])
    stranger = hit(["驿站开门。"], [0.80], document_id="other")
    terms = QuestionTerms({"云溪": 1.0, "食堂": 1.0, "驿站": 2.0})
    evidence = next(one for one in rank_sentences("x", [first], terms) if one.hit == 0)
    # 云溪 in the title, 食堂 in another passage: 2 of 4; the other document's 驿站 does not count.
    assert confidence(evidence, [first, same, stranger], terms) == pytest.approx(
        1 / (1 + math.exp(-(-4.0 + 3.5 * 0.5 + 2.5 * 0.5)))
    )


def test_without_a_shared_token_closeness_alone_never_says_yes() -> None:
    one = hit(["食堂开门。"], [1.0])
    terms = QuestionTerms({"canteen": 1.0})
    (evidence,) = rank_sentences("canteen", [one], terms)
    # closeness is held at 1: −1.6 + 1.4
    assert confidence(evidence, [one], terms) == pytest.approx(1 / (1 + math.exp(0.2)))
