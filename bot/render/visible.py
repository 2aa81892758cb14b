"""What a terminal would obey, shown instead: control characters, and those that turn the direction of text."""

import json
import re
import unicodedata

_SPACES = "\n\t"
_UNSAFE = re.compile(r"[^\x20-\x7e\u4e00-\u9fff]")
"""Where to look closer: neither ASCII nor Chinese."""


def visible(text: str) -> str:
    """The text on one line, what cannot be seen as \\x1b or \\u202e."""
    return _UNSAFE.sub(lambda found: _visible_character(found[0]), text)


def escaped_json(text: str) -> str:
    """JSON with whatever cannot be seen as \\u202e: the same value to whoever parses it."""
    return _UNSAFE.sub(lambda found: found[0] if _is_visible(found[0]) else _escape(found[0]), text)


def _visible_character(character: str) -> str:
    if _is_visible(character):
        return character
    return " " if character in _SPACES else character.encode("unicode_escape").decode("ascii")


def _is_visible(character: str) -> bool:
    return character.isprintable() or unicodedata.category(character) == "Zs"  # spaces of any width


def _escape(character: str) -> str:
    """As JSON escapes it: two halves where it lies beyond 16 bits."""
    return json.dumps(character)[1:-1]
