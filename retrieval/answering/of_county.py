"""What a county's paper rules for all of the county, for who asks of a town of it.

Only what is a rule by its form, says that it is for all, and names no town goes: what one town has is never told of
another, nor what the whole county has of a town.
"""

import re
from collections.abc import Callable

from retrieval.index.base import PassageIndex
from retrieval.query.asked.town import TownQuestion
from retrieval.query.library.paper import is_of_kind
from retrieval.text.divisions import RANK
from retrieval.text.fold import fold
from retrieval.text.places import STEM, places_in
from retrieval.text.tokens import tokenize
from retrieval.types import Answer

_LOOKED_AT = 100
"""Passages that name a town, looked at for its county; of a town that more do, it is not told."""
_COUNTY = RANK["县"]
_FOR_ALL = re.compile(r"各乡|各镇|乡镇|乡\(镇\)|全县|全区|全旗|本县|本区|城乡|户籍|行政区域")
_FOR_SOME = re.compile(r"县城|城区|市区|规划区|主城|县直|试点|自行[确制]定|自定|结合实际")
_TOTAL = re.compile(r"全[县区旗市]|共(?:计|有|\d)|一共|总[共计数量额]|累计|合计|完成|增长|下降|同比|新增")


def county_of(index: PassageIndex, asked: TownQuestion) -> str | None:
    """The county that the question names, or in which the documents place the town: one that stands before its name,
    or in the title of a paper that names it, and no other is named beside it."""
    if asked.county is not None:
        return asked.county
    held = index.holding(tokenize(asked.town), _LOOKED_AT)
    naming = [stored for stored in held if asked.town in fold(stored.text)]
    if len(held) == _LOOKED_AT or not naming:
        return None
    titles = {_counties(fold(stored.passage.context.title or stored.document.title)) for stored in naming}
    texts = {fold(stored.passage.searched(stored.text)) for stored in naming}
    counties = frozenset[str]().union(*titles, *map(_counties, texts))
    if len(counties) != 1:
        return None
    (county,) = counties
    is_placed = frozenset({county}) in titles or any(county + asked.town in text for text in texts)
    return county if is_placed else None


def rules_for_all(answer: Answer, county: str, text_of: Callable[[str], str]) -> bool:
    """Whether all that is quoted are rules of the county for all of it; `text_of` gives the folded text of a
    document."""
    if answer.answer is None or answer.tally is not None:
        return False
    numbers = {quote.citation for quote in answer.quotes} | {figure.citation for figure in answer.figures}
    cited = [citation for citation in answer.citations if citation.number in numbers]
    return not _TOTAL.search(fold(answer.answer)) and all(
        is_of_kind(fold(citation.title)) and _is_for_all(text_of(citation.document_id), county) for citation in cited
    )


def _is_for_all(text: str, county: str) -> bool:
    smaller = any(RANK.get(place.kind, 0) > _COUNTY for _, place in places_in(text))
    return (
        not smaller
        and _counties(text) == _counties(county)
        and _FOR_ALL.search(text) is not None
        and _FOR_SOME.search(text) is None
    )


def _counties(text: str) -> frozenset[str]:
    """The counties that the text names, by the end of each, for 具有澄江县户籍 may be read as too long a name."""
    named = (place for _, place in places_in(text) if RANK.get(place.kind) == _COUNTY)
    return frozenset(place.stem[-STEM:] + place.kind for place in named)
