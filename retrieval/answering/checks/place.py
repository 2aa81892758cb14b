"""Is the sentence about the place that is asked? What another county, town or village has is never the answer.

Pages name a place once and go on with 该县, or with nothing; so a sentence is about the place of a rank that was
named last: in it, before it in its passage, in the section, the title, the file name or the folder.
"""

import re
from collections.abc import Iterable

from retrieval.answering.checks.setting import Setting
from retrieval.query.asked.places import RANKED, AskedPlace
from retrieval.text.bodies import TOLD_APART, bodies, is_name
from retrieval.text.divisions import RANK, full_name, is_listed, lies_in
from retrieval.text.places import STEM, Place, places_in
from retrieval.text.sounds import read_aloud
from retrieval.text.words import may_be_name

_SHORT = 3
_NO_END = re.compile("[直委级政]")
"""After a name it was none: 乡镇和县直机关."""
_OF_WHOLE = re.compile(r"全[县区旗市](?:现|目前|已|累计)?(?:共|总)?[有计]")
"""Counts what the whole county has: no town of it has as many."""
_TITLE = re.compile("《[^》]*》")
"""What is called 《新时代幼儿园…》 names no kindergarten."""


def is_of_place(asked: Iterable[AskedPlace], setting: Setting) -> bool:
    """Whether the sentence may be about each of the places."""
    return all(_is_of(place, setting) for place in asked)


def _is_of(place: AskedPlace, setting: Setting) -> bool:
    if place.rank is not None and place.rank > RANK["县"] and _OF_WHOLE.search(setting.sentence):
        return place.named_in(setting.sentence)
    for text in (setting.sentence, *reversed(setting.before), "\n".join(setting.headings), setting.known_place):
        if place.named_in(text) or _misspelt_in(text, place):
            return True
        if _names_one_like(text, place, setting):
            return False
    document = setting.document
    return place.named_in(document) or _may_begin_earlier(place, document) or _names_part_of(place, document)


def _names_part_of(place: AskedPlace, text: str) -> bool:
    """Whether the text names a county or city that lies in the place: 虹口区 of 上海."""
    full = full_name(place.name)
    return is_listed(full) and any(lies_in(found.name, full) for _, found in places_in(text))


def _may_begin_earlier(place: AskedPlace, text: str) -> bool:
    """Whether the text has the beginning of what may be a body's name: 陆家嘴 of 陆家嘴心家园."""
    return len(place.whole) > STEM and place.whole[:-1] in text


def _misspelt_in(text: str, place: AskedPlace) -> bool:
    """Whether the text names a place that sounds the same: 敖汗旗 means 敖汉旗."""
    if place.rank is None or len(place.name) <= STEM:
        return False
    alike = [found.name for _, found in places_in(text) if len(found.name) == len(place.name)]
    return any(read_aloud(name) == read_aloud(place.name) for name in alike)


def _names_one_like(text: str, place: AskedPlace, setting: Setting) -> bool:
    """Whether the text names a place of the same rank, or another school where one is asked about."""
    text = _TITLE.sub(" ", text)
    if place.rank is not None:
        full = full_name(place.name)
        return any(
            RANKED.get(found.kind) == place.rank
            and not (lies_in(found.name, full) or lies_in(full, found.name))
            and not _NO_END.match(text, at + len(found.name))
            and (is_listed(found.name) or _is_told_by_form(text, at, found, setting))
            for at, found in places_in(text)
        )
    kind = next((ending for ending in TOLD_APART if place.body.endswith(ending)), None)
    return kind is not None and any(body.endswith(kind) for _, body in bodies(text))


def _is_told_by_form(text: str, at: int, found: Place, setting: Setting) -> bool:
    """Whether what has the form of a name is one, at this offset of the text: 围绕家乡 and 候车区 are none, and a
    long one must come again."""
    if not is_name(found.stem) or not may_be_name(text, at, at + len(found.stem), at + len(found.name)):
        return False
    return len(found.stem) <= _SHORT or setting.document.count(found.name) > 1
