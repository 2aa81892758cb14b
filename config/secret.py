"""What no output may hold, wherever it was written by mistake."""

import re

_TOKEN = re.compile(r"\d{5,}(?::|%3A)[A-Za-z0-9_-]{20,}", re.IGNORECASE)


def without_tokens(text: str) -> str:
    """The text with [token] in the place of whatever looks like a bot's token (123456789:AA…), also in an address."""
    return _TOKEN.sub("[token]", text)
