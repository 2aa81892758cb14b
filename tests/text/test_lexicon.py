"""The lexicon: lists with less in them say what they leave out."""

import pytest

from retrieval.text.lexicon import FACTORS, SIZES, UNITS, without


def test_a_list_without_some_of_it() -> None:
    assert without("大久长", "久") == "大长"
    assert without(SIZES, "") == SIZES


def test_what_is_not_there_cannot_be_left_out() -> None:
    with pytest.raises(ValueError, match="宽 is not among 大久长"):
        without("大久长", "宽")


def test_only_units_have_factors() -> None:
    assert FACTORS.keys() <= UNITS.keys()
