"""The texts for people: the same in each language, each in one catalogue, each used."""

import re
import string
from pathlib import Path

import pytest

from bot.catalogue import SHARED, TELEGRAM, catalogue
from bot.telegram.phrases import LANGUAGES, phrases


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_says_the_same(language: str) -> None:
    chinese, other = phrases("zh").texts, phrases(language).texts
    assert chinese.keys() == other.keys()
    for key in chinese:
        assert _fields(chinese[key]) == _fields(other[key]), key
        assert chinese[key].strip() and other[key].strip(), key


def test_no_text_stands_in_both_catalogues() -> None:
    assert not catalogue("zh", SHARED).keys() & catalogue("zh", TELEGRAM).keys()


def _fields(text: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field}


def test_every_text_is_used() -> None:
    root = Path(__file__).parents[1]
    files = [*(root / "bot").rglob("*.py"), root / "retrieval" / "reasons.py"]
    source = "".join(path.read_text("utf-8") for path in files)
    prefixes = ("button_", "menu_", "reason_", "left_out_", "tally_", "problem_")
    named = set(re.findall(r"[\"']([a-z_]+)[\"']", source))
    assert {key for key in phrases("zh").texts if not key.startswith(prefixes)} <= named
