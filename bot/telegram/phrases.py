"""What the bot says, in the language of whom it speaks to. The words stand in `texts/`, one file a language."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Phrases:
    """The texts of one language: `phrases("slow_down", seconds=5)`."""

    language: str
    texts: dict[str, str]

    def __call__(self, key: str, /, **values: object) -> str:
        text = self.texts[key]
        if "{example}" in text:
            values["example"] = self.texts["example"]
        return text.format(**values)


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
