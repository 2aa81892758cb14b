"""What is fitted over a score changes with it, and so do margins that are chosen in its units."""

import json

from benchmarks.common.fitted import certainty_for, confidence_for, digest
from config.settings import load_settings
from retrieval.answering import certainty, choose, compose, extent, figures, sentence_readings
from retrieval.answering.tables import over_rows
from retrieval.coefficients import FILE
from retrieval.ranking import evidence, reprints, search

FOUND = json.loads(FILE.read_text("utf-8"))


def test_probabilities_are_fitted_over_these_weights_and_this_reader() -> None:
    assert FOUND["confidence_for"] == confidence_for(FOUND), "run: make fit"
    assert FOUND["certainty_for"] == certainty_for(FOUND), "run: make calibrate-reader"


def test_a_digest_tells_weights_apart() -> None:
    assert digest({"a": 1.0, "b": 2.0}) == digest({"b": 2.0, "a": 1.0}) != digest({"a": 1.0, "b": 2.001})


def test_margins_are_those_that_were_chosen_for_these_weights() -> None:
    """They are in units of a score. When weights were fitted anew, see by `make eval` what each does a little larger
    and a little smaller, and put down here what was chosen."""
    of_evidence = (figures._LEAD, figures._CLEAR, evidence._SECOND_WEIGHT, search._NAMELESS)
    assert (digest(FOUND["evidence"]), of_evidence) == ("65dabaf91bfe1cdb", (1.4, 2.3, 20.0, 15.0))
    of_reading = (choose._PLAIN, sentence_readings._ALIKE, choose._UNREAD, choose._OBJECTED, choose._NAMED)
    assert (FOUND["reading"], of_reading) == ({"logit": 1.0}, (3.0, 3.0, 1.0, 60.0, 60.0))


def test_thresholds_are_those_that_were_chosen_for_this_certainty() -> None:
    """They are probabilities of these functions. When these were fitted anew, see by `make exam` from where on nine
    in ten answers are right, and put down here what was chosen."""
    thresholds = load_settings().answer.thresholds
    of_reading = (over_rows._SURE, certainty._FAR, certainty._NOTHING, extent._MAY_ANSWER)
    assert (digest(FOUND["certainty"]), digest(FOUND["told"])) == ("abb6ff796290b3d0", "39834c4ae9426092")
    assert (thresholds(read=True), of_reading) == ((0.69, 0.57), (0.9, 4.0, -12.0, -4.0))
    of_evidence = (compose._STATED, compose._MIDDLE, compose._SPREAD, reprints._EQUAL_SCORE)
    assert (digest(FOUND["confidence"]), digest(FOUND["relevance"])) == ("4b144d8c7ffefbb6", "a68b616cfafafbf0")
    assert (thresholds(read=False), of_evidence) == ((0.15, 0.55), (0.8, 20.0, 4.0, 0.5))
