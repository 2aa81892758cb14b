"""What a question for a figure or a date asks: the thing, and the units that its figure may have."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from retrieval.text.fold import fold
from retrieval.text.lexicon import HOW_MANY, OF_CLOCK, SIZES, UNITS, WHAT_HOUR, WHEN, WHEN_ELSE, WHICH_DAY
from retrieval.text.mentions import Mention, asked_mentions, names_smaller

_UNIT = "|".join(map(re.escape, sorted([*UNITS, "钱", "位数"], key=len, reverse=True)))
_HOW_MANY = re.compile(
    rf"(?:{HOW_MANY})(?![{OF_CLOCK}])(?P<scale>[十百千万亿]*)(?P<unit>{_UNIT})?|多(?P<measure>[{SIZES}])"
)
_HOUR = re.compile(rf"几点|{WHAT_HOUR}|\bwhat time\b")
_WHEN = re.compile(rf"{WHEN}|{WHEN_ELSE}|{WHAT_HOUR}|{WHICH_DAY}|几月几?[号日]|几号|\bwhen\b")
_ENGLISH = re.compile(
    r"\bhow many (?P<head>[a-z][a-z' -]*?)"
    r"(?= (?:do|does|did|are|is|was|were|have|has|had|will|can|in|at|of|on|for|there|that|which|work|live)\b|[?.,]|$)"
)
_COUNTED = frozenset(kind for kind in UNITS.values() if kind not in {"percent", "change", "money", "age", "minutes"})
_OF_MEASURE = {
    "大": {"age", "area", "percent"},
    "久": {"minutes"},
    "长": {"metres", "minutes"},
    "重": {"weight"},
}
_OF_NOUN = {
    "比例": {"percent"},
    "比重": {"percent"},
    "百分比": {"percent"},
    "岁数": {"age"},
    "年纪": {"age"},
    "年龄": {"age"},
    "面积": {"area"},
    "资金": {"money"},
}
"""Nouns that name the measure and not the thing, after 多少 and 多大."""
# What stands between the thing and 多少, or ends a question.
_BETWEEN = re.compile(
    r"[的了有是在为共达占要收花呢吗啊呀着过把被将到和与及，,。；;、？?！!“”\"\s]|一共|总共|分别|目前|现在|请问|大概|大约|到底|究竟|共计"
)

_OTHERWISE = re.compile(
    "计划|拟|将|预计|目标|力争|争取|招聘|招录|招募|选聘|新增|增设|增配|新配|流失|离开|退出|比上年|同比|较上年|其中|平均|人均|每|"
    "表扬|表彰|奖励|慰问|看望|培训|走访|评选|评出|选出|选派|抽调|撤换|清退|参加|救|"
    "不少于|不低于|不超过|原有|原来|原先|过去|曾|增加(?![到至])|减少(?![到至])|planned|plans|will|new|average"
)
"""Words that make a figure one of something else, unless they are asked: a plan, a change, a part, a share, what was
done to some."""
_YEAR = re.compile(r"(?:19|20)\d\d(?=年)")


@dataclass(frozen=True, slots=True)
class WantedFigure:
    """`phrases` are what may name the thing; its figure stands beside one of them. `kinds` are the classes of units
    that the figure may have (None: a bare number). For a date all `phrases` have to stand in the sentence. `rest` is
    the question without all this and without `places`, `wording` the whole of it, folded."""

    phrases: tuple[str, ...]
    kinds: frozenset[str | None]
    is_date: bool
    rest: str
    places: tuple[Mention, ...]
    wording: str

    def heads(self) -> Iterator[tuple[str, str]]:
        """What may stand beside the figure, the longest first, and what was dropped in front of it: 平均年龄 after
        专职网格员. A phrase of words with spaces stays whole."""
        for phrase in self.phrases:
            last = 1 if phrase.isascii() else len(phrase) - 1
            yield from ((phrase[i:], phrase[:i]) for i in range(last))

    @property
    def years(self) -> list[str]:
        """The years that the question names."""
        return _YEAR.findall(self.wording)

    def is_of_another(self, clause: str) -> bool:
        """Whether a figure behind this (folded) clause is one of something else, or of a smaller place, than is
        asked."""
        otherwise = set(_OTHERWISE.findall(clause)) - set(_OTHERWISE.findall(self.wording))
        return bool(otherwise) or names_smaller(clause, self.wording)


def wanted_figure(question: str) -> WantedFigure | None:
    """None where a question asks for no figure, or does not say of what."""
    folded = fold(question)
    places = tuple(asked_mentions(folded))
    without = folded
    for place in places:
        without = without.replace(folded[place.start : place.end], "\n")
    for read in (_english, _date, _chinese):
        found = read(without)
        if found is not None:
            phrases, kinds, rest = found
            if not phrases:
                return None
            return WantedFigure(phrases, kinds, read is _date, rest, places, folded)
    return None


def wanted_time(question: str) -> Literal["hour", "day"] | None:
    """What tells the time that a question asks for: an hour, or a day with or without one. None where it asks for no
    time, or for a figure too."""
    folded = fold(question)
    asked: Literal["hour", "day"] = "hour" if _HOUR.search(folded) else "day"
    without = (_HOUR if asked == "hour" else _WHEN).sub("\n", folded)
    return None if without == folded or any(read(without) for read in (_english, _chinese)) else asked


_Read = tuple[tuple[str, ...], frozenset[str | None], str]


def _english(question: str) -> _Read | None:
    match = _ENGLISH.search(question)
    if match is None:
        return None
    rest = question[: match.start()] + " " + question[match.end() :]
    return (match["head"].strip(),), frozenset({None, *_COUNTED}), rest


def _date(question: str) -> _Read | None:
    match = _WHEN.search(question)
    if match is None:
        return None
    before, after = _pieces(question[: match.start()]), _pieces(question[match.end() :])
    things = [piece for piece in before if len(piece) > 1]
    return ((*things, *after) if things and after else ()), frozenset({"date"}), ""


def _chinese(question: str) -> _Read | None:
    match = _HOW_MANY.search(question)
    if match is None:
        return None
    before, after = _pieces(question[: match.start()]), _pieces(question[match.end() :])
    kinds: set[str] | frozenset[str]
    unit, measure, noun = match["unit"], match["measure"], after[0] if after else ""
    if unit == "钱":
        kinds = {"money"}
    elif unit is not None:
        kinds = {"any", "people", "sites"} if UNITS[unit] in {"any", "people", "sites"} else {UNITS[unit]}
        kinds = {*kinds, *_COUNTED} if unit == "个" else kinds
    elif measure is not None:
        kinds = _OF_NOUN.get(noun) or _OF_MEASURE.get(measure, {"metres"})
    else:
        kinds = _OF_NOUN.get(noun) or (_COUNTED if len(noun) > 1 else frozenset(UNITS.values()))
    if len(noun) > 1 and noun not in _OF_NOUN and measure is None:
        head = (noun, f"{unit}{noun}") if unit else (noun,)
        return head, frozenset(kinds), " ".join([*before, *after[1:]])
    if not before or len(before[-1]) < 2:
        return (), frozenset(kinds), ""
    return (before[-1],), frozenset(kinds), " ".join([*before[:-1], *after])


def _pieces(text: str) -> list[str]:
    return [piece for piece in _BETWEEN.sub(" ", text).split() if piece]
