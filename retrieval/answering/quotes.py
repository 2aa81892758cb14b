"""What a quote is about, where it does not say so itself: 左云县 beside 该县共有58个网格."""

import re

from retrieval.text.divisions import short_name
from retrieval.text.fold import fold
from retrieval.text.lexicon import PLACES
from retrieval.text.lists import is_row
from retrieval.text.places import places_in
from retrieval.types import StoredPassage

_TAKES_UP = re.compile(
    rf"(?:该|本|此|这[个家所座条项种]|其|我|全)(?=[{PLACES}社校院馆局厂园站店路所司项工合景水公法办中地条])|^[他她它其]|他们|她们"
)
_TAKES_UP_PLACE = re.compile(rf"当地|(?:该|本|全)(?=[{PLACES}])")
_SUBJECT = 2
"""Characters in a row that a quote shares with its title at least when it names its thing."""


def about(stored: StoredPassage, quoted: str) -> str | None:
    """The place of a passage, and the title where the thing itself is only taken up; None where the quote names them
    or nothing is known."""
    folded, context = fold(quoted), stored.passage.context
    title, place = context.title.strip(), context.place
    parts = []
    if place and short_name(place) not in folded and short_name(place) not in fold(title):
        parts.append(place)
    if not place and (taken_up := _place_taken_up(fold(stored.text), folded)):
        parts.append(taken_up)
    names_thing = _shares_words(fold(title), folded)
    names_place = not place or short_name(place) in folded
    takes_up = _TAKES_UP.search(folded) is not None or is_row(folded)  # a row says nothing of what its table is
    if title and fold(title) not in folded and (takes_up or not names_thing or not names_place):
        parts.append(title)
    return " · ".join(parts) or None


def _place_taken_up(text: str, quoted: str) -> str | None:
    """Of a document about several places the one that is named last before a quote that takes it up (当地, 该县)."""
    at = text.find(quoted)
    if at < 0 or not _TAKES_UP_PLACE.search(quoted) or places_in(quoted):
        return None
    named = places_in(text[:at])
    return named[-1][1].name if named else None


def _shares_words(title: str, quoted: str) -> bool:
    return any(title[i : i + _SUBJECT] in quoted and title[i : i + _SUBJECT].isalnum() for i in range(len(title) - 1))
