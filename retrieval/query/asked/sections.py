"""Which section of a paper a question asks for by its heading: 报名条件是什么 for what stands under 二、报名条件."""

import re
from dataclasses import dataclass

from retrieval.query.words.content import content_part
from retrieval.text.fold import fold
from retrieval.text.lexicon import HOW, MANY, WHAT, WHEN, WHERE, WHICH, WHO
from retrieval.text.lists import without_mark
from retrieval.text.words import words

_MATTER = (
    "条件|材料|资料|流程|程序|步骤|待遇|对象|范围|标准|要求|期限|时限|时间|地点|方式|方法|渠道|依据|名额|职责|情形"
)
_ASKED = re.compile(
    rf"(?:{WHAT}|{WHICH})(?:样的)?(?P<before>{_MATTER})|"
    rf"(?P<behind>{_MATTER})(?:都|分别)?(?:[是有为]|包括)?(?:{WHAT}|{WHICH}|{HOW}|{MANY}|{WHO}|{WHEN}|{WHERE})?[呢啊]?[?。]*$"
)
_ONLY_DOES = "办理|申[请领报]|受理|审[批核]|备案|登记|缴[纳费]|领[用取]|发放|补办|报销|管理|服务|业务|工作|指南"
_OF_ANY = re.compile(
    rf"联系|咨询|监督|投诉|举报|电话|地址|窗口|其[他它]|附[则件]|总则|说明|须知|提示|注意|(?:{_MATTER}|事项|规定|问题|原则|措施|要求)$"
)
"""Of headings under which something is told of all things that a paper is about."""
_DOES = re.compile(rf"(?:{_ONLY_DOES})+$")
_PARTS = re.compile(r"[和与及、,，:：.．()（）\s]+")
_SHORTEST = 2
_NO_MATTER = ("t", "r", "m", "d", "p", "u", "c", "y", "q", "f", "x")
"""How tags begin of words that need not stand beside a section: times, figures, grammar."""


@dataclass(frozen=True, slots=True)
class AskedSection:
    """`matter` is what is asked for, where papers have a section on that: 条件."""

    matter: str
    _said: str

    def is_headed_by(self, heading: str) -> bool:
        """Whether the heading says the matter, and all that it says of it is asked: 报名条件."""
        parts = (part for part in _parts(heading) if part.endswith(self.matter))
        return any(part.removesuffix(self.matter) in self._said for part in parts)

    def names_part_of(self, heading: str) -> bool:
        return any(part in self._said for part in _parts(heading))

    def is_all_said_in(self, folded: str) -> bool:
        """Whether the text has all words of the question that say what it is about."""
        asked = content_part(self._said)
        return all(
            asked[word.start : word.end] in folded
            for word in words(asked)
            if word.end - word.start >= _SHORTEST and not word.tag.startswith(_NO_MATTER)
        )


def asked_section(question: str) -> AskedSection | None:
    """None where it asks for no such matter."""
    folded = "".join(fold(question).split())
    match = _ASKED.search(folded)
    return AskedSection(match["before"] or match["behind"], folded) if match else None


def thing_of(heading: str) -> str | None:
    """The thing that a heading names: 临时救助 of （三）临时救助办理; None where it names what is told of
    one (申请条件) or of all (其他事项)."""
    thing = _DOES.sub("", "".join(without_mark(fold(heading)).split()))
    return thing if len(thing) >= _SHORTEST and not _OF_ANY.search(thing) else None


def says_thing(question: str, thing: str) -> bool:
    """Whether the (folded) question says the thing, whole or by two of its characters: 低保 for 最低生活保障."""
    if thing in question:
        return True
    said = (question[word.start : word.end] for word in words(question) if word.end - word.start == _SHORTEST)
    return any(short not in thing and 0 <= thing.find(short[0]) < thing.rfind(short[1]) for short in said)


def _parts(heading: str) -> list[str]:
    """What a heading names: 报名时间 and 方式 of 三、报名时间和方式."""
    return [part for part in _PARTS.split(fold(heading)) if len(part) >= _SHORTEST]
