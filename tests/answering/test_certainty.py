"""How sure it is once a sentence was read: features by hand, what makes surer, and what must not matter."""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from config.settings import Settings
from retrieval.answering.certainty import certainty, certainty_features, topic_certainty
from retrieval.coefficients import coefficients
from retrieval.features import SentenceFeatures
from retrieval.query.question import Question
from retrieval.ranking.evidence import Evidence
from retrieval.readings import Objection, Reading
from retrieval.service import KnowledgeBase
from retrieval.types import Hit
from tests.reading.make import PaperReader
from tests.support.hits import asking, hit, stored
from tests.support.paper import PaperEmbedder

Write = Callable[[str, str | bytes], Path]
QUESTION = "左云县有多少网格员"
NOTHING = -12.0
FEATURE_VALUES = SentenceFeatures(*(float(name in ("kind", "unit")) for name in SentenceFeatures._fields))


def features(
    question: Question, readings: Mapping[int, Reading], *others: Hit, title: str = "标题", cosine: float = 0.9
) -> dict[str, float]:
    """Those of the first of two sentences."""
    passage = stored(["左云县有网格员51名。", "食堂中午开饭。"], title=title)
    own = replace(hit(question, [], [cosine, 0.8], passage=passage), readings=readings)
    return certainty_features(question, Evidence(0, 0, cosine, FEATURE_VALUES, 0.0), [own, *others])


# -- features --------------------------------------------------------------------------------------------------------


def test_features_by_hand() -> None:
    asked = asking(QUESTION)
    found = features(asked, {0: Reading(2.5, None), 1: Reading(-3.0, None)})
    assert (found["constant"], found["logit"], found["squared"]) == (1, 2.5, 1.25), "2.5 x 2.5 / 5"
    assert (found["held"], found["around"], found["foreign"]) == (1, 1, 0)
    assert (found["kind"], found["unit"], found["focus"], found["open"]) == (1, 1, 0, 0)
    assert (found["asks_number"], found["asks_why"], found["asks_nothing"]) == (1, 0, 0)


def test_shares_are_of_the_tokens() -> None:
    asked = asking("食堂和左云县的网格员有多少")
    tokens = set(asked.terms.weights)
    found = features(asked, {})
    assert found["held"] == len({t for t in tokens if t in "左云县有网格员51名。"}) / len(tokens) < 1
    assert found["around"] == 1  # the canteen stands in the sentence beside it


def test_what_the_title_says_is_around() -> None:
    asked = asking("左云县2024年度有多少网格员")
    assert features(asked, {})["around"] < features(asked, {}, title="2024年度")["around"] == 1


def test_an_unread_sentence_counts_as_the_unlikeliest() -> None:
    assert features(asking(QUESTION), {})["logit"] == NOTHING


def test_a_question_in_another_script_is_told() -> None:
    asked = asking("How many grids has Zuoyun County?", {"grids": 0, "has": 0, "zuoyun": 0, "county": 0})
    assert features(asked, {})["foreign"] == 1


# -- probabilities ---------------------------------------------------------------------------------------------------


def weighed(name: str, found: Mapping[str, float]) -> float:
    assert coefficients(name).keys() <= found.keys()
    return 1 / (1 + math.exp(-sum(weight * found[feature] for feature, weight in coefficients(name).items())))


def test_certainty_is_the_logistic_of_the_weighed_sum() -> None:
    found = features(asking(QUESTION), {0: Reading(0.5, None)})
    assert certainty(found) == pytest.approx(weighed("certainty", found))


def test_what_answers_is_told_of_and_what_does_not_as_likely_as_was_fitted() -> None:
    found = features(asking(QUESTION), {0: Reading(0.5, None)})
    sure, rest = weighed("certainty", found), weighed("told", found)
    assert topic_certainty(found) == pytest.approx(sure + (1 - sure) * rest)


def test_probabilities_rise_with_the_log_odds() -> None:
    asked = asking(QUESTION)
    every = [features(asked, {0: Reading(logit, None)}) for logit in (-9.0, -4.0, -1.0, 0.0, 1.0, 4.0, 9.0)]
    for probability in (certainty, topic_certainty):
        found = [probability(evidence) for evidence in every]
        assert found == sorted(found)
        assert len(set(found)) == len(found)
        assert all(0 < sure < 1 for sure in found)
    unread = features(asked, {})
    assert certainty(unread) < certainty(every[0])


# -- answers ---------------------------------------------------------------------------------------------------------


def test_the_likelier_the_reader_finds_it_the_surer_the_answer(
    settings: Settings, paper: PaperEmbedder, write: Write
) -> None:
    path = write("左云县.txt", "左云县的网格员\n\n左云县有网格员51名。")
    found = []
    for odds in (-4.0, 0.0, 7.9):
        own = settings.model_copy(update={"reader": "none", "home": settings.home / str(odds)})
        base = KnowledgeBase(own, embedder=paper, reader=PaperReader({"51名": odds}))
        base.add([path])
        answer = base.ask(QUESTION)
        found.append((answer.confidence, answer.relevance))
        base.close()
    assert found == sorted(found)
    assert found[0][0] < found[-1][0], "a figure beside the very thing that is asked has a floor of its own"


def test_the_margin_to_the_likeliest_sentence_that_may_answer_and_is_not_quoted() -> None:
    asked = asking(QUESTION)

    def rival(logit: float, objection: Objection | None = None) -> Hit:
        other = hit(asked, ["左云县要有网格员70名。"], [0.9], document_id="rival")
        return replace(other, readings={0: Reading(logit, objection)})

    own = {0: Reading(2.5, None)}
    assert features(asked, own, rival(1.0))["margin"] == 1.5
    assert features(asked, own, rival(1.0, "place"))["margin"] == 4
    assert features(asked, {0: Reading(-9.0, None)}, rival(1.0))["margin"] == -4
    leads = [features(asked, own, rival(1.0, objection))["lead"] for objection in ("place", "code", "time", None)]
    assert leads == [1.5, 1.5, 4, 4], "those that another check set aside may be of the very thing"
    quoted = features(asked, {**own, 1: Reading(1.0, None)}, rival(0.5))
    assert (quoted["margin"], quoted["neighbours"], quoted["widened"]) == (2, 1, 1), "1.0 is quoted beside it"
    alone = features(asked, {**own, 1: Reading(-6.0, None)}, rival(0.5))
    assert (alone["margin"], alone["neighbours"], alone["widened"]) == (2, 0, 0)


def test_the_same_sentence_of_another_passage_is_no_rival() -> None:
    asked = asking(QUESTION)
    twin = replace(hit(asked, ["左云县有网格员51名。"], [0.9], document_id="twin"), readings={0: Reading(2.4, None)})
    assert features(asked, {0: Reading(2.5, None)}, twin)["margin"] == 4
