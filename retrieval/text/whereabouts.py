"""Whether texts are about different places, as far as they name them."""

from collections.abc import Iterable

from retrieval.text.divisions import RANK
from retrieval.text.fold import fold
from retrieval.text.places import Place, places_in

_UNKNOWN = -1
"""The rank of what has none."""
_LOOKED_AT = 1_000
"""Characters of a text in which places are looked for: a passage has half as many."""


def names_place(text: str) -> bool:
    """Whether a county, town or the like is named."""
    return bool(places_in(fold(text[:_LOOKED_AT])))


def are_apart(texts: Iterable[str], others: Iterable[str]) -> bool:
    """Whether both name places, and not the same: 左云县 and 云溪县, 青禾县柳泉镇 and 青禾县临河镇, but not 柳泉镇
    and 青禾县柳泉镇. Those of a rank are held against each other; where no rank is in both, they are apart."""
    named, known = _by_rank(texts), _by_rank(others)
    if not named or not known:
        return False
    shared = named.keys() & known.keys()
    return not shared or not all(_share(named[rank], known[rank]) for rank in shared)


def _by_rank(texts: Iterable[str]) -> dict[int, list[Place]]:
    ranked: dict[int, list[Place]] = {}
    for place in (place for text in texts for _, place in places_in(fold(text[:_LOOKED_AT]))):
        ranked.setdefault(RANK.get(place.kind, _UNKNOWN), []).append(place)
    return ranked


def _share(places: Iterable[Place], others: list[Place]) -> bool:
    return any(place.same_as(other) for place in places for other in others)
