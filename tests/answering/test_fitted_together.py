"""What is fitted over a score changes with it, and so do margins that are chosen in its units."""

import json

from benchmarks.common.fitted import certainty_for, confidence_for, digest
from retrieval.answering import choose, figures
from retrieval.coefficients import FILE
from retrieval.ranking import evidence, search

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
    of_reading = (choose._PLAIN, choose._ALIKE, choose._UNREAD, choose._OBJECTED, choose._NAMED)
    assert (FOUND["reading"], of_reading) == ({"logit": 1.0}, (3.0, 3.0, 1.0, 60.0, 60.0))
