"""How sure an answer is: its features, and the arithmetic of both probabilities."""

import math
from collections.abc import Callable, Mapping

import pytest

from retrieval.answering.confidence import confidence, confidence_features, relevance
from retrieval.coefficients import coefficients
from retrieval.ranking.evidence import rank_sentences
from tests.support.hits import asking, hit, stored

QUESTION = "左云县有多少网格员"


def features(
    question: str, *sentences: str, cosines: tuple[float, ...] = (0.9,), title: str = "标题"
) -> dict[str, float]:
    asked = asking(question)
    found_hit = hit(asked, [], cosines, passage=stored(list(sentences), title=title))
    return confidence_features(asked, rank_sentences([found_hit])[0], [found_hit])


@pytest.mark.parametrize(("probability", "name"), [(confidence, "confidence"), (relevance, "relevance")])
def test_a_probability_is_the_logistic_of_the_weighed_sum(
    probability: Callable[[Mapping[str, float]], float], name: str
) -> None:
    found = features(QUESTION, "左云县有网格员51名。")
    weights = coefficients(name)
    total = sum(weight * found[feature] for feature, weight in weights.items())
    assert found.keys() - weights.keys() <= {"unsaid"}
    assert probability(found) == pytest.approx(1 / (1 + math.exp(-total)))


def test_features_by_hand() -> None:
    found = features(QUESTION, "左云县有网格员51名。", cosines=(0.95,))
    assert (found["constant"], found["foreign"]) == (1, 0)
    assert found["cosine"] == pytest.approx(1)
    assert [found[name] for name in ("body", "anywhere", "unsaid")] == pytest.approx([1, 1, 0])
    assert (found["lacking"], found["place_unsaid"], found["open"], found["margin"]) == (0, 0, 0, 0)


def test_what_lacks_the_form_of_the_answer_says_so() -> None:
    assert features("食堂一顿饭多少钱", "食堂的饭很好。")["lacking"] == 1
    assert features("食堂一顿饭多少钱", "食堂的饭每顿8元。")["lacking"] == 0


def test_a_place_that_the_passage_does_not_name() -> None:
    assert features(QUESTION, "云溪县有网格员30名。")["place_unsaid"] == 1
    assert features(QUESTION, "该县有网格员30名。", title="左云县的网格")["place_unsaid"] == 0


def test_a_question_in_another_script_is_judged_by_closeness_and_names() -> None:
    asked = asking("How many grids has Zuoyun County?", {"grids": 0, "has": 0, "zuoyun": 0, "county": 0})
    found_hit = hit(asked, ["左云县有58个网格。"], [0.85])
    found = confidence_features(asked, rank_sentences([found_hit])[0], [found_hit])
    assert [found[name] for name in ("foreign", "foreign_cosine", "foreign_subject")] == pytest.approx([1, 0.5, 1])
    assert found["cosine"] == found["body"] == found["score"] == 0


def test_more_evidence_makes_surer() -> None:
    plain = confidence(features(QUESTION, "这里有很多人在做事。", cosines=(0.8,)))
    named = confidence(features(QUESTION, "左云县有网格员51名。", cosines=(0.8,)))
    close = confidence(features(QUESTION, "左云县有网格员51名。", cosines=(0.93,)))
    assert plain < named < close


def test_the_curve_of_the_confidence_rises() -> None:
    """Kept with the coefficients: of questions that the model has not seen, the surer, the more were right."""
    import json

    from retrieval.coefficients import FILE

    curve = json.loads(FILE.read_text("utf-8"))["curve"]
    assert sum(part["questions"] for part in curve) > 1000
    assert curve[-1]["right"] > 0.9 > 0.7 > curve[0]["right"]
