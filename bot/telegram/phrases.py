"""What the bot says, in the language of whom it speaks to. The words stand in `texts/`, one file a language."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import get_args

from bot.telegram.markup import one_line
from config.formats import TYPES
from config.telegram import Language

LANGUAGES = get_args(Language)
_TITLE = 60


@dataclass(frozen=True, slots=True)
class Phrases:
    """The texts of one language: `phrases("slow_down", seconds=5)`. `title` gives the title of a document for texts
    with an example, None where there is no document; `{types}` in a text are those of the files that are read."""

    language: str
    texts: dict[str, str]
    title: Callable[[], str | None] = lambda: None

    def __call__(self, key: str, /, **values: object) -> str:
        text = self.texts[key]
        if "{example}" in text:
            title = self.title()
            example = self.texts["example" if title else "example_none"]
            values["example"] = example.format(title=one_line(title or "", _TITLE))
        return text.format(types=TYPES, **values)


@cache
def phrases(language: str) -> Phrases:
    """The texts of `zh` or `en`."""
    file = resources.files("bot.telegram") / "texts" / f"{language}.toml"
    return Phrases(language, tomllib.loads(file.read_text("utf-8")))


def language_of(code: str | None, fallback: str) -> str:
    """Chinese of any kind is `zh`, every other known language is met in English."""
    if not code:
        return fallback
    return "zh" if code.lower().startswith("zh") else "en"
