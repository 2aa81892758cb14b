"""The texts for people: the same in each language and for each door, each in one file, each used."""

import re
import string
from pathlib import Path

import pytest

from bot.catalogue import PAGE, SHARED, TELEGRAM, catalogue
from bot.telegram.messages.phrases import LANGUAGES, phrases

ROOT = Path(__file__).parents[1]
DOORS = {SHARED, TELEGRAM, PAGE}


@pytest.mark.parametrize("file", sorted(DOORS))
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_says_the_same(language: str, file: str) -> None:
    chinese, other = catalogue("zh", file), catalogue(language, file)
    assert chinese.keys() == other.keys()
    for key in chinese:
        assert _fields(chinese[key]) == _fields(other[key]), key
        assert chinese[key].strip() and other[key].strip(), key


def test_all_that_is_said_lies_in_one_place() -> None:
    lying = {path.relative_to(ROOT / "bot/texts").as_posix() for path in (ROOT / "bot").rglob("*.toml")}
    assert lying == {f"{language}/{file}.toml" for language in LANGUAGES for file in DOORS}


def test_no_text_of_telegram_stands_among_those_of_all_doors() -> None:
    assert not catalogue("zh", SHARED).keys() & catalogue("zh", TELEGRAM).keys()


def _fields(text: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field}


def test_every_text_is_used() -> None:
    files = [*(ROOT / "bot").rglob("*.py"), ROOT / "retrieval" / "reasons.py"]
    source = "".join(path.read_text("utf-8") for path in files)
    prefixes = ("button_", "menu_", "reason_", "left_out_", "tally_", "problem_")
    named = set(re.findall(r"[\"']([a-z_]+)[\"']", source))
    assert {key for key in phrases("zh").texts if not key.startswith(prefixes)} <= named
