"""Where a question names its place, so that another can be put there."""

import re

from retrieval.query.followup.slots import Slot
from retrieval.text.fold import fold
from retrieval.text.lexicon import PLACES
from retrieval.text.places import Place, asked_names, places_in
from retrieval.text.sounds import cut_syllables

_SPELLED = re.compile(r"[A-Za-zÜü'’]{4,}")
_WHOLE = re.compile(rf"[全本][{PLACES}省](?![委级政])")


def is_place(text: str) -> bool:
    """Whether the text is the name of a place and nothing else; zuoyun can hardly be anything else."""
    folded = fold(text)
    found = places_in(folded)
    if _SPELLED.fullmatch(text) and (cut_syllables(text) or "")[1:]:
        return True
    return (bool(found) and found[-1][0] + len(found[-1][1].name) == len(folded)) or asked_names(folded) == [folded]


def place_of(question: str, like: str | None = None) -> Slot | None:
    """Where the question names its place: the whole of 魏家滩镇马蒲滩村, or of it what is of the kind of `like`."""
    folded = fold(question)
    found: list[tuple[int, Place]] = [(at, place) for at, place in places_in(folded)]
    if not found:
        short = next((name for name in asked_names(folded) if name in folded), None)
        return Slot(folded.index(short), folded.index(short) + len(short)) if short else None
    kinds = {place.kind for _, place in places_in(fold(like))} if like else set()
    for at, place in found:
        if place.kind in kinds and place.kind:
            start = at if place.kind in "村乡镇" else found[0][0]
            return Slot(start, at + len(place.name))
    first = end = found[0][0]
    for at, place in found:
        if at != end:
            break
        end = at + len(place.name)
    return Slot(first, end)


def whole_place(folded: str) -> Slot | None:
    """Where the question speaks of the whole place, and does not name it: 全县."""
    match = _WHOLE.search(folded)
    return Slot(*match.span()) if match else None
