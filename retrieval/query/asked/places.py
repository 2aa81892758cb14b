"""The places and bodies that a question names, and what names them in a text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from retrieval.text.bodies import bodies, is_name
from retrieval.text.divisions import RANK, full_name, is_listed, short_name
from retrieval.text.fold import fold
from retrieval.text.lexicon import PLACES
from retrieval.text.mentions import asked_mentions
from retrieval.text.places import STEM, asked_names, places_in
from retrieval.text.words import may_be_name

RANKED = RANK | {"小区": 4}
_AMONG = ("社区", "小区", "街道", "镇", "乡", "村")
"""Kinds of which several are named together, the kind but once."""


@dataclass(frozen=True, slots=True)
class AskedPlace:
    """A place that a question names, folded: `name` as it is looked for in texts, its `rank` (2 is a county; None for
    a body: a school, a hospital), of which kind the body is, and the `whole` of what may be its name."""

    name: str
    rank: int | None
    body: str = ""
    whole: str = ""

    def named_in(self, text: str) -> bool:
        """Whether the text names it, whole, short, or among others (南门、河街两个社区); 大同市 is no 大同县."""
        if self.name in text:
            return True
        kind = next((kind for kind in _AMONG if self.name.endswith(kind)), None)
        if kind and kind in text and re.search(rf"{re.escape(self.name.removesuffix(kind))}[、和与及]", text):
            return True
        short = short_name(self.name)
        if short == self.name and self.rank is not None and len(self.name) > STEM and self.name[-1] in PLACES:
            short = self.name[:-1]
        return (
            len(short) >= STEM
            and short != self.name
            and re.search(rf"{re.escape(short)}(?![{PLACES}])", text) is not None
        )


def asked_places(question: str, known: Iterable[str] = ()) -> list[AskedPlace]:
    """The places and bodies that a question names. `known` are names from documents (左云县): a question that says
    左云 means them."""
    folded = fold(question)
    found: dict[str, AskedPlace] = {}
    whole = [place for _, place in places_in(folded)]
    named = [body for body in bodies(folded) if _may_be_body(folded, *body)]
    of_bodies = {stem for stem, _ in named}
    for name in asked_names(question):
        if is_listed(name):
            found[name] = AskedPlace(name, _rank_of(name))
        elif not name.endswith(tuple(RANKED)) and not (name in of_bodies and _rank_of(full_name(name)) == RANK["县"]):
            # 和平 is short for a county, and a part of 和平社区 and 和平小学.
            place = next((candidate for candidate in whole if candidate.stem == name), None)
            found[place.name if place else name] = (
                AskedPlace(place.name, RANKED[place.kind]) if place else AskedPlace(name, _rank_of(full_name(name)))
            )
    for mention in asked_mentions(folded, nested=True):
        name = mention.name[-STEM:] + mention.kind
        begins = mention.end - len(name)
        if not is_name(mention.name[-STEM:]) or _is_within(begins, folded, known):
            continue
        if name not in known and not may_be_name(folded, begins, mention.end - len(mention.kind), mention.end):
            continue
        if not any(name in other or other.endswith(name) for other in found):
            found[name] = AskedPlace(name, RANKED.get(mention.kind))
    for name in known:
        stem = name[:-1]
        is_meant = len(stem) >= STEM and re.search(rf"{re.escape(stem)}(?![{PLACES}])", folded)
        if is_meant and not any(stem in other for other in found):
            found[name] = AskedPlace(name, _rank_of(name))
    taken = list(found)
    for whole_stem, kind in named:
        stem = whole_stem[-STEM:]
        if not any(stem in name for name in taken):
            found[stem + kind] = AskedPlace(stem, None, kind, whole_stem)
    return list(found.values())


def _may_be_body(folded: str, stem: str, kind: str) -> bool:
    at = folded.find(stem + kind) + len(stem)
    return at < len(stem) or may_be_name(folded, at - min(STEM, len(stem)), at, at + len(kind))


def _is_within(offset: int, folded: str, known: Iterable[str]) -> bool:
    """Whether a known name goes on at the offset: 溪选村 of 云溪选村干部 is no name."""
    stems = {name[:-1] for name in known if len(name) > STEM}
    return any(m.start() < offset < m.end() for stem in stems for m in re.finditer(re.escape(stem), folded))


def _rank_of(name: str) -> int | None:
    return next((rank for kind, rank in RANKED.items() if name.endswith(kind)), RANK["县"])
