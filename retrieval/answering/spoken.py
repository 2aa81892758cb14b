"""Names that a question writes in letters, as the documents write them: zuoyun, 左云."""

from retrieval.answering.checks.objections import known_names
from retrieval.index.base import PassageIndex
from retrieval.ranking.candidates import by_words
from retrieval.text import sounds
from retrieval.text.divisions import RANK
from retrieval.text.fold import fold_all
from retrieval.text.places import places_in
from retrieval.text.tokens import is_unspaced

_VILLAGE = 4
_SOUNDING = 10
"""Passages in which a name is looked for that sounds like one in letters."""


def in_characters(index: PassageIndex, asked: str) -> str:
    """The question with a name in letters that sounds like a place of the documents as they write it."""
    if not any(map(is_unspaced, asked)):
        return asked
    names = sounds.spoken_names(asked)
    keys = {key for name in names for key in by_words(index, name.sounds, _SOUNDING, None).lexical}
    if not keys:
        return asked
    found = index.load(sorted(keys)).values()
    texts = fold_all([stored.text for stored in found])
    villages = {place.name for text in texts for _, place in places_in(text) if RANK.get(place.kind) == _VILLAGE}
    return sounds.in_characters(asked, [*sorted(villages), *known_names(found)])  # of two that sound alike the larger
