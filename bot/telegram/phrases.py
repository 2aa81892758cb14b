"""What the bot says, in the language of whom it speaks to: its own texts, and those that are shared."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import get_args

from bot.catalogue import SHARED, TELEGRAM, catalogue
from bot.intake import suffixes
from bot.telegram.markup import one_line
from config.telegram import Language

LANGUAGES = get_args(Language)
_TITLE = 60


@dataclass(frozen=True, slots=True)
class Phrases:
    """The texts of one language: `phrases("slow_down", seconds=5)`. `title` gives the title of a document for texts
    with an example, None where there is no document; `{types}` in a text are the files that are read here."""

    language: str
    texts: Mapping[str, str]
    title: Callable[[], str | None] = lambda: None

    def __call__(self, key: str, /, **values: object) -> str:
        text = self.texts[key]
        if "{example}" in text:
            title = self.title()
            example = self.texts["example" if title else "example_none"]
            values["example"] = example.format(title=one_line(title or "", _TITLE))
        return text.format(types=" ".join(suffixes()), **values)


def phrases(language: str) -> Phrases:
    return Phrases(language, catalogue(language, SHARED, TELEGRAM))


def language_of(code: str | None, fallback: str) -> str:
    """Of those in which the bot speaks, for who speaks `code` (zh-hant, en-GB): English where theirs is not among
    them."""
    if not code:
        return fallback
    spoken = re.split("[-_]", code.lower())[0]
    return spoken if spoken in LANGUAGES else "en"
