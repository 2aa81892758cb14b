"""The places that running text names, by form, and which of them a word like 该县 takes up again.

`places` asks whether a sentence speaks of a place that is known; here the places are not known beforehand, and
smaller ones count too (村, 街道, 社区): what a village has is not what its county has.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from retrieval.text.divisions import is_listed
from retrieval.text.lexicon import LARGER_PLACES, MANY, PLACE_WORDS, PLACES, SORTS_OF_PLACES

_HAN = r"\u4e00-\u9fff"
_KINDS = f"{PLACE_WORDS}|小区|[{PLACES}州盟](?!(?<=乡)镇)"
# Words that end like places and are none: 全县, 52个小区, 行政村, 山区, 农村.
_NO_NAME = (
    "的|该|全|本|各|我|咱|俺|此|每|两|三|四|五|六|七|八|九|十|几|多|外|邻|个|和|与|到|去|回|在|为|是|按|有|社|小|园|城|县|旗|市|区|镇|乡|"
    "美|里|山|农|景|灾|牧|地|辖|周边|所属|中心|老旧?|新旧?|商业|居民|封闭|入|离|距|由|任|兼|提升|立项"
)
_IS_NO_NAME = re.compile(rf"(?:{_NO_NAME}|{SORTS_OF_PLACES})$")
# A place counts where a subject stands: at the start of a clause or after the place that holds it.
_NAMED = re.compile(
    rf"(?:(?<=[^{_HAN}])|^|(?<=[{LARGER_PLACES}省州盟]))(?:(?P<again>该|全|本|我|咱|俺)|(?P<name>[{_HAN}]{{1,7}}?))"
    rf"(?P<kind>{_KINDS})(?![级委政里内外直民长])",
    re.MULTILINE,
)
_ASKED = re.compile(rf"(?P<name>[{_HAN}]{{1,8}}?)(?P<kind>{_KINDS})(?![级委政里内外直民长])")
_BEFORE_ASKED = re.compile(rf"{MANY}|请问|^年|[之以此目]前|原[来先]|如今|[几哪有和与及在]")
_SMALL = re.compile(rf"(?P<name>[{_HAN}]{{2}})(?P<kind>{PLACE_WORDS}|小区|[镇乡村])(?![级委政里内外直民长])")
_BEFORE_NAME = re.compile(r"^[在到以对从由为和与据于将把]|^(?:位于|来自|目前|截至|其中|今年)|[省至因经]")
_ONE_CHARACTER = "县旗"
"""Kinds whose names may have one character: 兴县."""
_OF_MOUNTAINS = "大小深浅高远穷困寒"
"""Before 山区 and 山村 where they are no names."""
_STEM = 2
_LEVELS = {
    kind: level for level, kinds in enumerate(("州 盟", "县 旗 市 区", "镇 乡 街道 苏木")) for kind in kinds.split()
}

Key = tuple[str, str]
"""The last two characters of the name and the kind: enough to tell two places apart, without a guess where a name
begins."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A place named, or taken up again (`name` is then empty), at [start, end) of the folded text."""

    start: int
    end: int
    name: str
    kind: str

    @property
    def key(self) -> Key:
        return self.name[-_STEM:], self.kind

    @property
    def level(self) -> int:
        """Smaller for larger places; villages and quarters are the smallest."""
        return _LEVELS.get(self.kind, len(_LEVELS))


def mentions(folded: str) -> Iterator[Mention]:
    """The places that a folded text names where a subject stands, in order."""
    for match in _NAMED.finditer(folded):
        if match["again"]:
            yield Mention(match.start(), match.end(), "", match["kind"])
            continue
        name = _BEFORE_NAME.split(match["name"])[-1]
        if _is_name(name, match["kind"]):
            yield Mention(match.end("name") - len(name), match.end(), name, match["kind"])


def asked_mentions(folded: str, *, nested: bool = False) -> list[Mention]:
    """The places that a folded question names; of 云溪县白塘镇 only the last, which is meant, unless `nested`."""
    found = []
    for match in _ASKED.finditer(folded):
        name = _BEFORE_ASKED.split(match["name"])[-1]
        if _is_name(name, match["kind"]):
            found.append(Mention(match.end("name") - len(name), match.end(), name, match["kind"]))
    starts = {mention.start for mention in found}
    return [mention for mention in found if nested or mention.end not in starts]


def names_smaller(folded: str, known: str) -> bool:
    """Whether the text names a town, village or quarter, anywhere, that does not stand in the known text."""
    found = _SMALL.finditer(folded)
    return any(_is_name(match["name"], match["kind"]) and match[0] not in known for match in found)


def _is_name(name: str, kind: str) -> bool:
    if name.endswith("山") and len(name) >= _STEM:
        return _is_called_by_a_mountain(name, kind)
    return len(name) >= (1 if kind in _ONE_CHARACTER else 2) and not _IS_NO_NAME.search(name)


def _is_called_by_a_mountain(name: str, kind: str) -> bool:
    """枫山县, 枫山区 and 石景山区 are names; 山区, 深山区, 太行山区 and 小山村 are none."""
    if kind not in "区村":
        return True
    if name[-_STEM] in _OF_MOUNTAINS:
        return False
    return (
        kind == "村" or len(name) == _STEM or any(is_listed(name[-length:] + kind) for length in (_STEM, _STEM + 1))
    )
