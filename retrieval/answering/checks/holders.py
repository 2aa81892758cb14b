"""Who came into which office and who left it, in papers of several days: the newest tells who holds it now."""

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from retrieval.answering.checks.setting import Setting
from retrieval.query.asked.forms import NAME
from retrieval.query.asked.office import OFFICES, AskedOffice
from retrieval.query.question import Question
from retrieval.ranking.evidence import Evidence, sentence_texts
from retrieval.text.fold import fold
from retrieval.text.lexicon import PLACES
from retrieval.types import Hit

_HAN = r"\u4e00-\u9fff"
_ONE = rf"(?:(?![兼的为任])[{_HAN}]){{0,24}}?(?:{OFFICES})(?![{_HAN}]{{0,2}}(?:{OFFICES}))"
_SEVERAL = rf"(?P<offices>{_ONE}(?:[、和兼]+{_ONE}){{0,4}})"
_NAME = rf"(?={NAME.pattern})(?!任[命免])[{_HAN}](?:(?![的为兼任辞不])[{_HAN}]){{1,2}}"
_WHO = rf"(?P<name>{_NAME})(?:同志|\([^()]{{0,12}}\))*"
_COMES = re.compile(rf"(?<![{_HAN}])(?:决定|任命|聘任|聘|选举|提名)*{_WHO}(?:兼任|担任|当选为?|任|为){_SEVERAL}")
_LEAVES = re.compile(
    rf"(?<![{_HAN}])(?:决定|同意|批准|接受|免去|免除|撤销|免)*(?:{_WHO}|[其他她])"
    rf"(?:的|辞去的?|担任的|兼任的|所任的?){{0,2}}{_SEVERAL}的?职务"
    rf"|(?<![{_HAN}])(?:(?P<gone>{_NAME})(?:同志)?|[其他她])?不再(?:担任|兼任|任)"
    rf"{_SEVERAL.replace('offices', 'left')}"
)
_SIGNED = re.compile(r"^\s*((?:19|20)\d\d)年(\d{1,2})月(\d{1,2})日\s*$", re.MULTILINE)
_DEPUTY = "副"
_PLACED = re.compile(rf"^[{_HAN}]{{0,6}}?[{PLACES}](?=[{_HAN}]{{2}})")
_LEVEL = re.compile(rf"^[{PLACES}](?=[{_HAN}]{{2}})")

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class OfficeChange:
    """Somebody comes into an office (县水利局局长), or leaves it."""

    name: str
    office: str
    comes: bool

    def is_asked(self, asked: AskedOffice, question: Question) -> bool:
        if not asked.office:
            return question.says(self.name)
        before = self.office.removesuffix(asked.office)
        return before != self.office and before.endswith(_DEPUTY) == bool(asked.deputy)

    def is_named(self, asked: AskedOffice, question: Question) -> bool:
        """Whether the question names the body, too: 县水利局 or 水利局, and not 市水利局."""
        if not self.is_asked(asked, question):
            return False
        body = self.office.removesuffix(asked.office).removesuffix(_DEPUTY)
        if asked.asks_predecessor and (asked.is_of_any or question.says_thing(_PLACED.sub("", body) or body)):
            return True
        short = _LEVEL.sub("", body)
        return question.says(body) or (question.says(short) and not question.says_of_another(short, body))

    def is_of_same(self, other: "OfficeChange") -> bool:
        return self.office.endswith(other.office) or other.office.endswith(self.office)

    def ends(self, held: "OfficeChange") -> bool:
        """Whether who held the office holds it no longer: the same person leaves it, or another comes into it. There
        may be several deputies."""
        if not self.is_of_same(held):
            return False
        return self.name == held.name if not self.comes else self.name != held.name and _DEPUTY not in held.office


def office_changes_in(folded: str) -> Iterator[OfficeChange]:
    """What a folded sentence tells, in its order."""
    last = ""
    found = [(match.start(), match, True) for match in _COMES.finditer(folded)]
    found += [(match.start(), match, False) for match in _LEAVES.finditer(folded)]
    for _, match, comes in sorted(found, key=lambda each: each[0]):
        said = {**match.groupdict()}
        last = said["name"] or said.get("gone") or last
        for office in re.split("[、和兼]+", said["offices"] or said.get("left") or ""):
            if last and office:
                yield OfficeChange(last, office, comes)


def no_longer(
    asked: AskedOffice | None, question: Question, likely: Mapping[K, Setting], others: Iterable[Setting]
) -> list[K]:
    """Those that tell who holds an office, or which a person holds, where one of the others tells that this has
    ended since; of who left it before, where another did since. None where it is asked who held it once."""
    if asked is None or (asked.asks_former and not asked.asks_predecessor):
        return []
    told = {
        place: [move for move in office_changes_in(setting.sentence) if move.is_asked(asked, question)]
        for place, setting in likely.items()
    }
    if not any(told.values()):
        return []
    later = [
        (day, move) for setting in others for move in office_changes_in(setting.sentence) if (day := _day(setting))
    ]
    if asked.asks_predecessor:
        return [
            place
            for place, moves in told.items()
            if (left := [move for move in moves if not move.comes])
            and all(_is_followed(own, _day(likely[place]), later) for own in left)
        ]
    return [
        place
        for place, moves in told.items()
        if (held := [move for move in moves if move.comes])
        and all(any(move.ends(own) and day > _day(likely[place]) != "" for day, move in later) for own in held)
    ]


def _is_followed(left: OfficeChange, day: str, others: Iterable[tuple[str, OfficeChange]]) -> bool:
    """Whether another left the office since that day, or several came, of whom the first must have left it."""
    since = [
        (on, move) for on, move in others if on >= day != "" and move.is_of_same(left) and move.name != left.name
    ]
    came = {move.name for _, move in since if move.comes}
    return len(came) > 1 or any(not move.comes and on > day for on, move in since)


def states_holder(question: Question, hits: Sequence[Hit], evidence: Evidence) -> bool:
    """Whether the sentence tells who came into the very office that is asked, and nothing that was found and may
    answer tells of another who did: by form, so that it needs no reader to be sure. So with who left it, where the
    one before is asked for."""
    asked = question.office
    if asked is None or not asked.asks_no_more or (asked.asks_former and not asked.asks_predecessor):
        return False
    told = [
        ((h, i), move.name)
        for h, hit in enumerate(hits)
        for i, text in enumerate(sentence_texts(hit.stored))
        if (reading := hit.readings.get(i)) is None or reading.objection is None
        for move in office_changes_in(fold(text))
        if move.comes != asked.asks_predecessor and move.is_named(asked, question)
    ]
    return (evidence.hit, evidence.sentence) in dict(told) and len({name for _, name in told}) == 1


def _day(setting: Setting) -> str:
    """That of its paper, or else the last that stands alone on a line, where a paper is signed."""
    stored = setting.stored
    if known := stored.passage.context.date or stored.document.date:
        return known
    signed = _SIGNED.findall(setting.document)
    return "-".join(part.zfill(2) for part in signed[-1]) if signed else ""
