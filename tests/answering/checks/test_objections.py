"""All checks at once: the first that a sentence fails is named, and what fails none may be the answer."""

from retrieval.answering.checks.objections import CODE, FORM, KIND, OBJECTIONS, OFFICE, PLACE, TIME, Checks
from tests.answering.make import objection, passage, setting
from tests.support.hits import asking, hit

QUESTION = "2024年左云县局长是谁"


def test_what_fails_no_check_may_be_the_answer() -> None:
    assert objection(QUESTION, passage("2024年，左云县局长王明出席。")) is None


def test_the_first_check_that_fails_is_named() -> None:
    assert objection(QUESTION, passage("2018年，云溪县副局长李强出席。")) == PLACE
    assert objection(QUESTION, passage("2018年，左云县局长李强出席。")) == TIME
    assert objection("左云县局长是谁", passage("左云县副局长李强出席。")) == OFFICE
    assert objection("左云县有几个食堂", passage("左云县的食堂。")) == FORM
    assert objection("左云县有几个食堂", passage("左云县的食堂非常好。")) == KIND
    assert OBJECTIONS[:2] == (PLACE, CODE)


def test_the_document_is_looked_up_only_when_it_is_needed() -> None:
    """Most sentences are told by their passage; a document may be long."""
    found = passage("左云县有网格员51名。")
    asked = asking("左云县有多少网格员")
    checks = Checks.of(asked, [hit(asked, [], [0.9], passage=found)])
    here = setting(found)
    assert checks.objection(here) is None
    assert "document" not in vars(here)


def test_a_question_in_another_script_is_checked_as_far_as_it_can_be() -> None:
    assert objection("How many grid workers are there?", passage("左云县有网格员51名。")) is None
    assert objection("CVE-2024-3094 affects which version?", passage("CVE-2024-3095影响5.6.0版本。")) == CODE


def test_traditional_and_full_width_characters_are_checked_alike() -> None:
    assert objection("左雲縣２０２４年有多少網格員", passage("２０２４年，左云县有网格员５１名。")) is None
    assert objection("左雲縣２０２４年有多少網格員", passage("２０１８年，左云县有网格员５１名。")) == TIME
    assert objection("左雲縣２０２４年有多少網格員", passage("２０２４年，雲溪縣有網格員５１名。")) == PLACE
