"""Does the sentence say who holds an office? 任命, 免去, 不再担任, 原, 时任 and 拟任 mean what they say."""

import re

from retrieval.answering.checks.setting import Setting
from retrieval.query.asked.office import OFFICES, AskedOffice
from retrieval.text.lists import is_lead_in

_FORMER = re.compile(
    "免去|免职|不再担任|不再兼任|卸任|离任|辞去|撤销.{0,8}职务|原任|时任|曾任|前任|已故|退休"
    "|原(?=[\u4e00-\u9fff]{0,10}(?:书记|主任|长|经理|主席))"
    "|原(?=[\u4e00-\u9fff]{0,10}(?:书记|主任|长|经理|主席))"
    rf"|(?<![目此以之年月日天面眼跟门])前(?=副?(?:{OFFICES}))"
)
_PLANNED = re.compile(r"拟任|拟提名|拟推荐|公示期")
_APPOINTS = re.compile(r"任命|(?<!主)任职|聘任|当选|担任|(?:为|(?<!主)任)(?=[\u4e00-\u9fff]{2,})")
_GOES_ON = re.compile(r"\W*(?:他|她|该同志|此前|此后|现任|现为)")
"""Begins a sentence that speaks of the person of the one before."""
_CLAUSE = re.compile("[,，;；。、]")
_LEADS = re.compile(
    r"(?:(?P<out>免去|免职|不再)|(?P<into>任命|任职|聘任|提名))[^。;；]{0,12}[:：]\s*$|^\s*(?:(?P<all_out>免去|免职)|任命)\s*$"
)
"""A line that leads to those who come into office, or out of it; a word alone on its line does so too."""


def tells_holder(asked: AskedOffice | None, setting: Setting) -> bool:
    """Whether the sentence may tell who holds the office now, or which office a person holds now; or who held it
    before, where that is asked."""
    if asked is not None and asked.asks_predecessor:
        return _tells_predecessor(asked, setting)
    if asked is None or asked.asks_former:
        return True
    sentence = setting.sentence
    if _PLANNED.search(sentence):
        return False
    lead = next((m for text in reversed(setting.before) if (m := _LEADS.search(text))), None)
    if lead is not None and (lead["out"] or lead["all_out"]):
        return False
    if _is_former(sentence):
        return False
    if is_lead_in(sentence):  # 根据县长的提请： tells nobody's name
        sentence = "".join(setting.texts[setting.number + 1 : setting.number + 2])
        return asked.office in sentence and _names_office(asked, sentence)
    if not asked.office:
        return asked.person in sentence or (_GOES_ON.match(sentence) is not None and asked.person in setting.around)
    return _names_office(asked, sentence)


def _tells_predecessor(asked: AskedOffice, setting: Setting) -> bool:
    """Whether somebody left the office there, or is said to have held it."""
    lead = next((m for text in reversed(setting.before) if (m := _LEADS.search(text))), None)
    if lead is not None and (lead["out"] or lead["all_out"]):
        return True
    clauses = [clause for clause in _CLAUSE.split(setting.sentence) if asked.office in clause]
    former = [clause for clause in clauses if _is_former(clause)]
    deputies = [f"副{asked.office}" in clause for clause in former]
    return bool(asked.deputy) in deputies if clauses else _is_former(setting.sentence)


def _is_former(text: str) -> bool:
    """Whether the text only tells who held an office before."""
    return _FORMER.search(text) is not None and not _APPOINTS.search(_FORMER.sub(" ", text))


def _names_office(asked: AskedOffice, sentence: str) -> bool:
    """副局长 is not 局长, nor 局长 副局长; 任命甲为局长，免去其镇长职务 names no 镇长.

    An office in other words (一把手) is left to the reader."""
    clauses = [clause for clause in _CLAUSE.split(sentence) if asked.office in clause]
    present = [clause for clause in clauses if not _is_former(clause)]
    before = [
        clause[max(0, match.start() - 1) : match.start()]
        for clause in present
        for match in re.finditer(re.escape(asked.office), clause)
    ]
    return not clauses or any((character == "副") == bool(asked.deputy) for character in before)
