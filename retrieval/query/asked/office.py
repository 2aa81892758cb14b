"""The office that a question asks about."""

import re
from dataclasses import dataclass

from retrieval.text.divisions import is_listed
from retrieval.text.fold import fold
from retrieval.text.lexicon import PLACES, WHAT, WHO
from retrieval.text.places import STEM, places_in

OFFICES = f"书记|主任|[{PLACES}局厅处科所院校会队组站厂社馆园台店部]长|经理|主席|负责人|总编|理事长"
_OFFICE = rf"(?P<deputy>副)?(?P<office>{OFFICES})"
_ASKED = re.compile(rf"{_OFFICE}(?:现在|目前)?[是叫由]?(?:{WHO}|什么人|什么名|啥名|叫什么)(?P<more>(?s:.*))")
_WHO = re.compile(rf"(?:{WHO})(?:是|在|来|担任|当|任|做){{0,2}}[\u4e00-\u9fff]{{0,12}}?{_OFFICE}")
_IS_HE = re.compile(
    rf"{_OFFICE}(?:现在|目前|还)?是(?:不是)?(?!{WHO}|{WHAT})[\u4e00-\u9fff]{{2,4}}(?<![了的])(?:吗|[?？]|$)"
)
_DOES_HE_HOLD = re.compile(rf"是[\u4e00-\u9fff]{{0,12}}?{_OFFICE}(?:吗|[?？]|$)")
_HOLDS = re.compile(
    rf"(?:(?:^|\W|请问)(?P<person>(?![他她您你我]|请问)[\u4e00-\u9fff]{{2,4}}?)(?:同志)?(?:现在|目前|如今|现)?(?:担任|任|是|当|做|干)(?:的)?)?"
    rf"(?:{WHAT}|哪个)(?:职务|职位|官|领导|岗位)|(?:职务|职位)是(?:{WHAT})"
)
_NO_MORE = re.compile(r"[字呀啊呢吗\W]*")
_ASKS_FORMER = re.compile(
    r"(?<![草高平])原|前任|上一任|上一?届|时任|曾|免|卸任|辞|不再|以前|之前|过去|退休|历任|当时|那时|[12]\d{3}年|拟|提名|公示|推荐|候选"
)
_PREDECESSOR = re.compile(r"前一?任|上一?[任届]|(?<![草高平])原(?![来先])|卸任|离任|(?:以前|之前|过去)的")
_NO_BODY = re.compile(r"请问|你?知道|我们?|[的了\W]")


@dataclass(frozen=True, slots=True)
class AskedOffice:
    """`office` is what is asked for who holds it (局长), with `deputy` (副) before it where the question says so;
    both empty where the office of a person is asked, who is `person` where the question names one. `asks_no_more`
    where that is all: 局长是谁, but not 局长是谁任命的. `asks_predecessor`: who held it before who does
    (前任局长), and `is_of_any` where no body is named with it."""

    office: str
    deputy: str
    asks_former: bool
    asks_no_more: bool = False
    person: str = ""
    asks_predecessor: bool = False
    is_of_any: bool = False


def asked_office(question: str) -> AskedOffice | None:
    """None where no office is asked about."""
    folded = fold(question)
    former = bool(_ASKS_FORMER.search(_without_places(folded)))
    forms = (_ASKED, _WHO, _IS_HE, _DOES_HE_HOLD)
    match = next((found for found in (form.search(folded) for form in forms) if found), None)
    if match:
        more = match.groupdict().get("more")
        no_more = more is not None and _NO_MORE.fullmatch(more) is not None
        before = _without_places(folded[: match.start()])
        return AskedOffice(
            match["office"],
            match["deputy"] or "",
            former,
            no_more,
            asks_predecessor=_PREDECESSOR.search(before) is not None,
            is_of_any=not _NO_BODY.sub("", _PREDECESSOR.sub("", folded[: match.start()])),
        )
    held = _HOLDS.search(folded)
    return AskedOffice("", "", former, person=held["person"] or "") if held else None


def _without_places(folded: str) -> str:
    """No 原 of 太原市 is left, but that of 原白石镇镇长: a name that only looks like one may begin too early."""
    for at, place in reversed(places_in(folded)):
        end = at + len(place.name)
        start = at if is_listed(place.name) else max(at, end - STEM - len(place.kind))
        folded = folded[:start] + folded[end:]
    return folded
