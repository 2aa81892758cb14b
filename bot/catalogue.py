"""What people who ask are told: `texts/` has a folder for each language, and in it a file of what all doors say and
one for each door that says something alone."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

SHARED, TELEGRAM, PAGE = "shared", "telegram", "page"


@cache
def catalogue(language: str, *files: str) -> Mapping[str, str]:
    """The texts of the files by their keys, those that all doors share by default. Files that are read together
    have no key in common."""
    texts: dict[str, str] = {}
    for name in files or (SHARED,):
        file = resources.files("bot").joinpath("texts", language, f"{name}.toml")
        texts |= tomllib.loads(file.read_text("utf-8"))
    return MappingProxyType(texts)
