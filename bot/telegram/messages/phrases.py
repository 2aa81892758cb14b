"""What the bot says, in the language of whom it speaks to: its own texts, and those that are shared."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import get_args

from bot.catalogue import SHARED, TELEGRAM, catalogue
from bot.intake import suffixes
from config.language import Language

LANGUAGES: tuple[Language, ...] = get_args(Language)


@dataclass(frozen=True, slots=True)
class Phrases:
    """The texts of one language: `phrases("slow_down", seconds=5)`. `example` gives a question that is answered
    here for texts with one, None where none is known; `{types}` in a text are the files that are read here."""

    language: Language
    texts: Mapping[str, str]
    example: Callable[[], str | None] = lambda: None

    def __call__(self, key: str, /, **values: object) -> str:
        text = self.texts[key]
        if "{example}" in text:
            question = self.example()
            values["example"] = self.texts["example"].format(question=question) if question else ""
        return text.format(types=" ".join(suffixes()), **values)


def phrases(language: Language) -> Phrases:
    return Phrases(language, catalogue(language, SHARED, TELEGRAM))


def language_of(code: str | None, fallback: Language) -> Language:
    """Of those in which the bot speaks, for who speaks `code` (zh-hant, en-GB): English where theirs is not among
    them."""
    if not code:
        return fallback
    spoken = re.split("[-_]", code.lower())[0]
    return next((language for language in LANGUAGES if language == spoken), "en")
