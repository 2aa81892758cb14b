"""Does the sentence say who holds an office? 任命, 免去, 不再担任, 原, 时任 and 拟任 mean what they say."""

import re
from dataclasses import dataclass

from retrieval.answering.setting import Setting
from retrieval.text.fold import fold
from retrieval.text.lists import is_lead_in

_OFFICES = "书记|主任|[县市区旗镇乡村局厅处科所院校会队组站厂社馆园台店部]长|经理|主席|负责人|总编|理事长"
_OFFICE = rf"(?P<deputy>副)?(?P<office>{_OFFICES})"
_ASKED = re.compile(rf"{_OFFICE}(?:现在|目前)?[是叫由]?(?:谁|哪[一]?位|什么人|什么名|啥名|叫什么)")
_WHO = re.compile(rf"(?:谁|哪[一]?位)(?:是|在|来|担任|当|任|做){{0,2}}[\u4e00-\u9fff]{{0,12}}?{_OFFICE}")
_HOLDS = re.compile("(?:什么|啥|哪个)(?:职务|职位|官|领导|岗位)|(?:职务|职位)是(?:什么|啥)")
_FORMER = re.compile(
    "免去|免职|不再担任|不再兼任|卸任|离任|辞去|撤销.{0,8}职务|原任|时任|曾任|前任|已故|退休"
    "|原(?=[\u4e00-\u9fff]{0,10}(?:书记|主任|长|经理|主席))"
    "|原(?=[\u4e00-\u9fff]{0,10}(?:书记|主任|长|经理|主席))"
    rf"|(?<![目此以之年月日天面眼跟门])前(?=副?(?:{_OFFICES}))"
)
_PLANNED = re.compile(r"拟任|拟提名|拟推荐|公示期")
_ASKS_FORMER = re.compile(
    r"原|前任|上一任|上一?届|时任|曾|免|卸任|辞|不再|以前|之前|过去|退休|历任|当时|那时|[12]\d{3}年|拟|提名|公示|推荐|候选"
)
_APPOINTS = re.compile(r"任命|任职|聘任|当选|担任|[为任](?=[\u4e00-\u9fff]{2,})")
_CLAUSE = re.compile("[,，;；。、]")
_LEADS = re.compile(r"(?:(?P<out>免去|免职|不再)|(?P<into>任命|任职|聘任|提名))[^。;；]{0,12}[:：]\s*$")


@dataclass(frozen=True, slots=True)
class AskedOffice:
    """`office` is what is asked for who holds it (局长), with `deputy` (副) before it where the question says so;
    both empty where the office of a person is asked."""

    office: str
    deputy: str
    asks_former: bool


def asked_office(question: str) -> AskedOffice | None:
    """None where no office is asked about."""
    folded = fold(question)
    former = bool(_ASKS_FORMER.search(folded))
    match = _ASKED.search(folded) or _WHO.search(folded)
    if match:
        return AskedOffice(match["office"], match["deputy"] or "", former)
    return AskedOffice("", "", former) if _HOLDS.search(folded) else None


def tells_holder(asked: AskedOffice | None, setting: Setting) -> bool:
    """Whether the sentence may tell who holds the office now, or which office a person holds now."""
    if asked is None or asked.asks_former:
        return True
    sentence = setting.sentence
    if _PLANNED.search(sentence):
        return False
    lead = next((m for text in reversed(setting.before) if (m := _LEADS.search(text))), None)
    if lead is not None and lead["out"]:
        return False
    if _is_former(sentence):
        return False
    if is_lead_in(sentence):  # 根据县长的提请： tells nobody's name
        sentence = "".join(setting.texts[setting.number + 1 : setting.number + 2])
        return asked.office in sentence and _names_office(asked, sentence)
    return not asked.office or _names_office(asked, sentence)


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
