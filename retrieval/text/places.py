"""Which county a sentence speaks of, told by form: a name before 县, 旗, 市, 区, 镇 or 乡; no list of places.

Pages name a county once and go on with 该县, and one page speaks of several counties in turn. So a sentence speaks of
the place of the wanted kind that was named last, in it or before it. Villages and 社区 are left out: too many words
end like them.
"""

import re
from collections.abc import Iterable

from retrieval.text.fold import fold

_KINDS = "县旗市区镇乡"
_HAN = r"\u4e00-\u9fff"
# 该县, 全县, 四县, 县县委: the kind without a name before it.
_NO_NAME = "的该全本各我此每两三四五六七八九十几多外邻个和与到在为是按有社小园城县旗市区镇乡美"
_ASKED = re.compile(rf"([{_HAN}]{{1,8}}?)([{_KINDS}])")
# Another place counts only where a subject stands: at the start of a clause, after 省 or a quotation mark.
_OTHER = re.compile(rf"(?:^|[^{_HAN}]|省)([{_HAN}]{{2,4}})([{_KINDS}])(?![级委政里内外直])", re.MULTILINE)
_STEM = 2
"""Characters before the kind that tell two places apart, without a guess where a name begins: 左云县, 云溪县."""

Place = tuple[str, str]
"""(last characters of the name, kind), folded: (左云, 县)."""


def places_asked(question: str) -> list[Place]:
    """The places that a question names."""
    found = _ASKED.findall(fold(question))
    return [(name[-_STEM:], kind) for name, kind in found if name[-1] not in _NO_NAME]


def last_place(text: str, asked: Iterable[Place], before: Place | None = None) -> Place | None:
    """The place that was named last in the text, of the kinds that are asked; `before` when none is named."""
    wanted = list(asked)
    if not wanted:
        return None
    folded = fold(text)
    kinds = {kind for _, kind in wanted}
    named = ((match.end(2), (match[1][-_STEM:], match[2])) for match in _OTHER.finditer(folded))
    mentions = [(end, place) for end, place in named if place[1] in kinds and place[0][-1] not in _NO_NAME]
    for stem, kind in wanted:
        at = folded.rfind(stem + kind)
        if at >= 0:
            mentions.append((at + len(stem + kind), (stem, kind)))
    return max(mentions, key=lambda mention: mention[0])[1] if mentions else before
