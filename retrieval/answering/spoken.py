"""Names that a question writes in letters, as the documents write them: zuoyun, 左云."""

from collections.abc import Sequence

from retrieval.answering.checks.objections import known_names
from retrieval.index.base import PassageIndex
from retrieval.ranking.candidates import by_words
from retrieval.text.divisions import RANK
from retrieval.text.fold import fold_all
from retrieval.text.places import places_in
from retrieval.text.sounds import SpokenName

_VILLAGE = 4
_SOUNDING = 10
"""Passages in which a name is looked for that sounds like one in letters."""


def names_sounding_so(index: PassageIndex, names: Sequence[SpokenName]) -> list[str]:
    """The places of the documents that may sound like the names; of two that sound alike the larger comes later."""
    keys = {key for name in names for key in by_words(index, name.sounds, _SOUNDING, None).lexical}
    if not keys:
        return []
    found = index.load(sorted(keys)).values()
    texts = fold_all([stored.text for stored in found])
    villages = {place.name for text in texts for _, place in places_in(text) if RANK.get(place.kind) == _VILLAGE}
    return [*sorted(villages), *known_names(found)]
