"""What people who ask are told, one file a language: `texts/` for terminal, chat and Telegram alike, and
`telegram/texts/` for what is only said there."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

SHARED, TELEGRAM = "texts", "telegram/texts"


@cache
def catalogue(language: str, *folders: str) -> Mapping[str, str]:
    """The texts of the folders by their keys, those that all share by default. A key stands in one folder."""
    texts: dict[str, str] = {}
    for folder in folders or (SHARED,):
        file = resources.files("bot").joinpath(*folder.split("/"), f"{language}.toml")
        texts |= tomllib.loads(file.read_text("utf-8"))
    return MappingProxyType(texts)
