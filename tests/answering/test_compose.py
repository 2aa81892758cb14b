"""The three outcomes, and that every quote is what its offsets say."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.language import Language
from config.settings import AnswerSettings
from retrieval.answering.compose import ANSWERED, NOT_FOUND, RELATED, compose
from retrieval.reasons import Reason
from retrieval.service import KnowledgeBase
from retrieval.types import Answer, quote
from tests.support.hits import asking, hit

Write = Callable[[str, str | bytes], Path]
ALWAYS = AnswerSettings(answered=0, related=0)
ASKED = asking("有多少网格员")
GRID = "左云县有网格员51名。"


def answer_with(cosine: float, settings: AnswerSettings = ALWAYS, question: str = "有多少网格员") -> Answer:
    asked = asking(question)
    return compose(asked, [hit(asked, [GRID], [cosine])], settings)


def is_consistent(answer: Answer) -> None:
    """What holds of every answer, whatever the question."""
    assert 0 <= answer.confidence <= 1
    assert (answer.status == ANSWERED) == (answer.answer is not None) == bool(answer.quotes)
    assert (answer.reason is None) == (answer.status == ANSWERED and not answer.figures)
    assert (answer.status == NOT_FOUND) == (not answer.citations)
    assert answer.closest is None or (answer.status == RELATED and answer.closest.citation <= len(answer.citations))
    assert [citation.number for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert len(answer.citations) <= 5
    by_number = {citation.number: citation for citation in answer.citations}
    quoted = [by_number[quote.citation].text[quote.start : quote.end] for quote in answer.quotes]
    assert all(0 < len(text) <= 200 for text in quoted)
    assert all(text == text.strip() for text in quoted)
    assert len(quoted) <= 2
    if answer.answer is not None:
        assert answer.answer == "\n".join(quoted)


# -- outcomes ------------------------------------------------------------------------------------------------------


def test_a_close_sentence_answers() -> None:
    answer = answer_with(0.95)
    assert (answer.status, answer.answer, answer.reason, answer.closest) == (ANSWERED, GRID, None, None)
    is_consistent(answer)


@pytest.mark.parametrize("words", ["网格员", "wangge yuan you duoshao ren"])
def test_where_nothing_is_asked_the_closest_sentence_is_no_answer(words: str) -> None:
    question = asking(words, {} if words == "网格员" else dict.fromkeys(words.split(), 0))
    answer = compose(question, [hit(question, [GRID], [0.95])], ALWAYS)
    assert (answer.status, answer.answer) == (RELATED, None) and answer.closest is not None
    is_consistent(answer)


def test_where_all_that_was_read_has_sunk_nothing_unread_answers() -> None:
    """The limits without a reader are lower, and are not for this."""
    question = asking("左云县有多少网格员")
    hits = [hit(question, [GRID], [0.95])]
    assert compose(question, hits, AnswerSettings()).status == ANSWERED
    assert compose(question, hits, AnswerSettings(), is_read=True).status != ANSWERED


@pytest.mark.parametrize("cosine", [0.90, 0.80])
def test_the_limits_decide(cosine: float) -> None:
    asked = "食堂怎样"
    sure, near = answer_with(cosine, question=asked).confidence, answer_with(cosine, question=asked).relevance
    assert 0 < sure < 1
    assert 0 < near < 1
    assert answer_with(cosine, AnswerSettings(answered=sure, related=0), asked).status == ANSWERED
    assert answer_with(cosine, AnswerSettings(answered=1, related=near), asked).status == RELATED
    assert answer_with(cosine, AnswerSettings(answered=1, related=1), asked).status == NOT_FOUND
    for settings in (AnswerSettings(answered=1, related=0), AnswerSettings(answered=1, related=1)):
        is_consistent(answer_with(cosine, settings, asked))


def test_what_is_not_found_is_not_cited() -> None:
    answer = answer_with(0.80, AnswerSettings(answered=1, related=1), "食堂怎样")
    assert (answer.citations, answer.answer, answer.quotes) == ((), None, ())


def test_a_sentence_without_the_form_of_the_answer_is_related_at_most() -> None:
    asked = asking("食堂一顿饭多少钱")
    settings = AnswerSettings(answered=0, related=0)
    answer = compose(asked, [hit(asked, ["食堂的饭很好。"], [0.95])], settings)
    assert (answer.status, answer.quotes) == (RELATED, ())
    closest = answer.closest
    assert closest is not None and answer.citations[0].text[closest.start : closest.end] == "食堂的饭很好。"
    assert compose(asked, [hit(asked, ["食堂的饭8元。"], [0.95])], settings).status == ANSWERED


def test_no_hits_are_not_found_for_sure() -> None:
    answer = compose(asking("有多少网格员"), [], ALWAYS)
    assert (answer.status, answer.confidence) == (NOT_FOUND, 0.0)
    is_consistent(answer)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("有多少网格员", "zh"),
        ("有多少 grid workers", "zh"),
        ("how many", "en"),
        ("сколько", "en"),
        ("何人いますか", "zh"),
    ],
)
def test_the_reason_is_in_the_language_of_the_question(question: str, language: Language) -> None:
    related, missing = AnswerSettings(answered=1, related=0), AnswerSettings(answered=1, related=1)
    assert answer_with(0.80, related, question).reason == Reason("only_related", language)
    assert answer_with(0.80, missing, question).reason == Reason("no_answer", language)


# -- quotes and citations ------------------------------------------------------------------------------------------


def test_the_quote_is_the_sentence_inside_its_passage() -> None:
    found = hit(ASKED, ["别的事。 ", GRID + "\n", "还有别的事。"], [0.80, 0.95, 0.80])
    answer = compose(ASKED, [found], ALWAYS)
    (quoted,) = answer.quotes
    assert (quoted.citation, quoted.start, quoted.end) == (1, 5, 5 + len(GRID))
    assert answer.answer == GRID


def test_the_answer_may_stand_in_another_passage_than_the_first() -> None:
    first, second = hit(ASKED, ["网格很好"], [0.80]), hit(ASKED, [GRID], [0.95], document_id="e")
    answer = compose(ASKED, [first, second], ALWAYS)
    assert (answer.answer, answer.quotes[0].citation) == (GRID, 2)
    is_consistent(answer)


def test_a_long_sentence_is_quoted_in_clauses() -> None:
    filler = "别的事情" * 40 + "，"
    answer = compose(ASKED, [hit(ASKED, [f"{filler}网格员51名，{filler}完。"], [0.95])], ALWAYS)
    assert answer.answer is not None
    assert "网格员51名" in answer.answer
    assert len(answer.answer) <= 200
    is_consistent(answer)


def test_a_question_for_two_things_gets_two_quotes() -> None:
    grid, head = "网格员共有51名。", "书记是王小明。"
    asked = asking("有多少网格员，书记是谁")
    hits = [hit(asked, [grid], [0.95]), hit(asked, [head], [0.93], document_id="e")]
    answer = compose(asked, hits, ALWAYS)
    assert answer.answer == f"{grid}\n{head}"
    assert [quoted.citation for quoted in answer.quotes] == [1, 2]
    is_consistent(answer)


def test_at_most_five_passages_are_cited_and_only_those_quoted() -> None:
    hits = [hit(ASKED, [f"网格第{i}处。"], [0.85], document_id=str(i)) for i in range(8)]
    hits[7] = hit(ASKED, [GRID], [0.99], document_id="7")
    answer = compose(ASKED, hits, ALWAYS)
    assert len(answer.citations) == 5
    assert answer.answer != GRID
    is_consistent(answer)


def test_citations_carry_what_the_document_is(base: KnowledgeBase, write: Write) -> None:
    path = write(
        "grid.md", f"---\ntitle: 左云县网格员\ndate: 2025-07-03\nurl: https://example.org/a\n---\n# 队伍\n\n{GRID}\n"
    )
    base.add([path])
    (citation,) = base.ask("左云县有多少网格员").citations
    record = base.find("grid.md")
    assert (citation.document, citation.path, citation.document_id) == ("grid.md", str(path), record.document_id)
    assert (citation.title, citation.section) == ("左云县网格员", "队伍")
    assert (citation.date, citation.url, citation.page) == ("2025-07-03", "https://example.org/a", None)
    assert base.passage(citation.passage_id).text == citation.text


TEXTS = {
    "plain.txt": "左云县网格员\r\n\r\n左云县有网格员51名。食堂开门，\r\n午餐8元。\r\n",
    "marks.md": "# 食堂\n\n- 云溪县有食堂**52**处。\n- 青禾县有*培训*班3个。\n\n> 志愿者340名。\n",
    "page.html": "<html><body><article><h1>选举</h1><p>青禾县完成选举，选出干部12名。</p>"
    "<p>志愿者 &amp; 网格员都来了。</p></article></body></html>",
    "cut.txt": "云溪县的食堂在这一年里一共开了五十二处，每天有很多老人来吃\n\n饭，人人都说好。\n\n志愿者也来培训。\n",
    "emoji.txt": "😀志愿者😀340名。𠮷野家食堂开门。\n",
}


@pytest.mark.parametrize(
    "question", ["左云县有多少网格员", "食堂有几处", "谁参加选举", "志愿者有多少", "培训班", "how many"]
)
def test_every_citation_and_quote_is_the_text_of_its_spans(base: KnowledgeBase, write: Write, question: str) -> None:
    for name, content in TEXTS.items():
        folder = write(name, content).parent
    assert base.add([folder]).failures == []
    answer = base.ask(question)
    is_consistent(answer)
    for citation in answer.citations:
        text = base.text(citation.document_id).text
        assert citation.text == quote(text, citation.spans)
        assert len(citation.text) <= 500
        assert all(0 <= start < end <= len(text) for start, end in citation.spans)
        assert list(citation.spans) == sorted(citation.spans)
    assert answer.timing_ms["total"] >= 0


@given(
    cosines=st.lists(st.lists(st.floats(-1, 1), min_size=1, max_size=4), max_size=7),
    question=st.sampled_from(["有多少网格员", "食堂和网格分别有多少", "how many grid workers", "谁"]),
    settings=st.sampled_from([ALWAYS, AnswerSettings(), AnswerSettings(answered=1, related=0)]),
)
def test_no_scores_make_an_inconsistent_answer(
    cosines: list[list[float]], question: str, settings: AnswerSettings
) -> None:
    sentences = ["网格员51名。 ", "食堂怎样？", "标题", "很长的一句，" * 50 + "完。"]
    asked = asking(question)
    hits = [hit(asked, sentences[: len(own)], own, document_id=str(i)) for i, own in enumerate(cosines)]
    is_consistent(compose(asked, hits, settings))
