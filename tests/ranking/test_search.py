"""Fusion by hand: min-max over the union of the candidates, weighted, the best sentence added."""

from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from config.settings import SearchSettings, Settings
from retrieval.index.engine import open_store
from retrieval.query.question import Question
from retrieval.query.question_text import QuestionText
from retrieval.ranking.candidates import Candidate, by_words
from retrieval.ranking.search import fuse, min_max, ranked_hits
from retrieval.service import KnowledgeBase
from retrieval.text.tokens import tokenize
from tests.support.paper import PaperEmbedder

Write = Callable[[str, str | bytes], Path]
WEIGHTS = SearchSettings(dense_weight=0.6, sentence_weight=0.5)


def candidates(*rows: tuple[float, float, Sequence[float]]) -> list[Candidate]:
    return [Candidate(i, dense, lexical, tuple(cosines)) for i, (dense, lexical, cosines) in enumerate(rows)]


@pytest.mark.parametrize(
    ("values", "normalised"),
    [
        ([2, 4, 3], [0, 1, 0.5]),
        ([-1, 0, 1], [0, 0.5, 1]),
        ([0.8], [0]),  # one value has no spread
        ([5, 5, 5], [0, 0, 0]),
        ([0, 10, 2.5, 10], [0, 1, 0.25, 1]),
    ],
)
def test_min_max(values: list[float], normalised: list[float]) -> None:
    assert min_max(values).tolist() == normalised


def test_nothing_fuses_to_nothing() -> None:
    assert fuse([], WEIGHTS).tolist() == []


def test_the_arithmetic_of_fusion() -> None:
    fused = fuse(candidates((0.9, 0.0, [0.7, 0.95]), (0.8, 6.0, [0.85]), (0.7, 3.0, [0.75, 0.7])), WEIGHTS)
    # dense    0.9, 0.8, 0.7    → 1,   1/2, 0
    # lexical  0, 6, 3          → 0,   1,   1/2
    # sentence 0.95, 0.85, 0.75 → 1,   1/2, 0     (the best of each)
    # (0.6·dense + 0.4·lexical + 0.5·sentence) / 1.5
    assert fused.tolist() == pytest.approx(
        [
            (0.6 + 0.0 + 0.5) / 1.5,  # 0.7333
            (0.3 + 0.4 + 0.25) / 1.5,  # 0.6333
            (0.0 + 0.2 + 0.0) / 1.5,  # 0.1333
        ]
    )


def test_the_best_by_every_measure_has_one_and_the_worst_zero() -> None:
    assert fuse(candidates((0.9, 5, [0.9]), (0.5, 1, [0.5])), WEIGHTS).tolist() == pytest.approx([1, 0])


def test_the_weights_are_those_of_the_settings() -> None:
    two = candidates((0.9, 0, [0.5]), (0.1, 4, [0.9]))
    assert fuse(two, SearchSettings(dense_weight=1, sentence_weight=0)).tolist() == [1, 0]
    assert fuse(two, SearchSettings(dense_weight=0, sentence_weight=0)).tolist() == [0, 1]
    # (0.6 + 0) / 3 against (0.4 + 2) / 3
    assert fuse(two, SearchSettings(dense_weight=0.6, sentence_weight=2)).tolist() == pytest.approx([0.2, 0.8])


# -- through the whole base ----------------------------------------------------------------------------------------


def test_a_passage_that_only_one_side_finds_is_ranked(base: KnowledgeBase, write: Write) -> None:
    """红柳 means nothing to the paper embedder, 网格员 shares no token with the second question."""
    base.add([write("a.txt", "红柳镇开门了。"), write("b.txt", "网格员巡查。")])
    assert base.ask("红柳").citations[0].document == "a.txt"
    assert base.ask("网格员").citations[0].document == "b.txt"


def test_top_k_is_kept_and_scores_fall(base: KnowledgeBase, settings: Settings, write: Write) -> None:
    for i in range(12):
        folder = write(f"{i:02}.txt", f"第{i}个村有网格员{'网格员' * (i % 3)}和食堂。").parent
    base.add([folder])
    citations = base.ask("网格员").citations
    assert len(citations) == settings.search.top_k == 5
    scores = [citation.score for citation in citations]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert [citation.number for citation in citations] == [1, 2, 3, 4, 5]
    assert len({citation.passage_id for citation in citations}) == 5


def test_traditional_and_simplified_meet(base: KnowledgeBase, write: Write) -> None:
    base.add([write("a.txt", "紅柳鎮開門了。"), write("b.txt", "云溪县下雨了。")])
    assert base.ask("红柳镇").citations[0].text == "紅柳鎮開門了。"
    base.add([write("c.txt", "青禾县下雪了。")])
    assert base.ask("青禾縣").citations[0].text == "青禾县下雪了。"


def test_a_document_that_changes_while_a_question_is_answered_answers_as_it_is_now(
    base: KnowledgeBase, write: Write
) -> None:
    base.add([write("a.txt", "左云县有网格员51名。"), write("b.txt", "云溪县有食堂52处。")])
    with closing(open_store(base.settings.home / "index")) as store:
        index = store.current()
        asked, vector = "左云县有多少网格员", PaperEmbedder().embed_questions(["网格员"])[0]
        text = QuestionText(asked)
        question = Question.of(text, index.statistics(text.tokens))
        words = by_words(index, tokenize(asked), base.settings.search.candidates, None)
        base.add([write("a.txt", "左云县有网格员58名。")])  # in another process, while the vector is computed
        hits = ranked_hits(index, words, vector, question, base.settings.search)
    assert [hit.stored.text for hit in hits][:1] == ["左云县有网格员58名。"]
