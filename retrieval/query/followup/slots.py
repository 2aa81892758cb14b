"""What a question names beside its place and its thing: the time, what bears a number, the document, what belongs to
somebody. A follow-up puts another in the place of one of them, and the others stay.
"""

import re
from typing import NamedTuple

from retrieval.query.library.paper import named_paper
from retrieval.text.codes import FILE
from retrieval.text.fold import fold
from retrieval.text.lexicon import MANY, WHAT, WHICH

_NUMBER = r"(?:\d{1,6}|[零〇一二两三四五六七八九十百千]{1,6})"
# From the longest time to the shortest: 下半年 goes into 2024年.
_TIMES = {
    "year": (
        r"(?:今|去|前|明|后|当|大前)年|(?:19|20)\d\d(?:年度?)?(?!\d)|(?:最近|近|过去)[一二两三四五六七八九十\d]{1,3}年|"
        r"目前|现在|如今|以前|往年|(?<![年月日号天])之前|原来|原先|此前"
    ),
    "half": r"[上下]半年|年[初底末]|(?:第?[一二三四1-4]|[上本下])季度",
    "month": r"(?:1[0-2]|[1-9]|十[一二]?|[二三四五六七八九]|一)月(?:份|[初底末中])?|[本上下这]个?月",
    "day": (
        r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})[日号](?![楼栋路线院库文])|[昨今明]天|大?[前后]天|"
        r"[本上下这]个?(?:周|星期)[一二三四五六日天末]?|周[一二三四五六日天末]|星期[一二三四五六日天]|节假日|工作日|寒假|暑假|春节|国庆"
    ),
    "hour": r"早上|早晨|上午|中午|下午|傍晚|晚上|夜[里间]",
}
_ANY = "|".join(_TIMES.values())
_TIME = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _TIMES.items()))
_ONLY_TIME = re.compile(rf"在?(?P<time>(?:{_ANY})+)的?")
_TIME_ASKED = re.compile(rf"在?(?P<time>(?:{_ANY})+)(?:又?[是有])?(?:{MANY}|几个?|谁|{WHICH}|什么时候|怎么样?)")
_ORDER = tuple(_TIMES)
_NUMBERED = re.compile(
    rf"(?:{_NUMBER}[到至~-])?第?{_NUMBER}(?P<unit>条|款|项|章|节|期|批|类|步|名|届|次|轮|路|号楼|号线|号|栋|单元|阶梯|档|组|标段|周?岁|级|等级|楼|年级)"
    r"(?:以[上下内外])?"
)
_AGED = re.compile("的?(?:老年?人|人|孩子|儿童)?")
"""What may stand behind an age: 90岁老人."""
_ARTICLE = "条款项章节"
DOCUMENT = re.compile(rf"(?P<paper>《[^》]+》|“[^”]+”|{FILE})(?:(?:里面?|中|内|上)的?|规定的?)?")
_CONTRASTS = (
    ("城市", "城镇", "城区", "农村", "乡村"),
    ("职工", "居民", "农民"),
    ("男性", "女性"),
    ("首次", "第一次", "再次", "补领", "换领", "补办", "换证"),
    ("幼儿园", "小学", "初中", "高中"),
    ("首班", "末班"),
    ("公办", "民办", "公立", "私立"),
    ("本地", "外地", "本市", "外市", "本县", "外县"),
)
"""What is said of one of these is said otherwise of the others."""
_AMOUNTS = "工资|月薪|收入|待遇|面积|高度|宽度|长度|深度|(?:总|常住|户籍)?人口|金额|预算|投资|利率"
_DONE = "办理|申请|申领|报名|领取|缴费|补办|受理"
_ATTRIBUTES = {
    f"是{MANY}": (
        r"(?:联系|办公|咨询|服务|热线|投诉|举报|报修|办公室)?电话(?:号码)?|手机号?码?|号码|热线|联系方式|传真|邮编|年龄|岁数|"
        rf"费用|价格|收费|票价|(?:收费|补贴|补助|发放)?标准|{_AMOUNTS}"
    ),
    "在哪里": rf"(?:办公|联系|详细|具体|{_DONE})?(?:地址|地点|位置)|老家|籍贯",
    "是什么时候": rf"(?:办公|上班|营业|开放|截止|施行|实施|开工|完工|发放|出生|{_DONE})?(?:时间|日期)|生日",
    "是谁": "(?:主要)?负责人|联系人|经办人|法定代表人|法人",
    "是什么": (
        rf"(?:{_DONE})?(?:条件|要求|流程|程序|材料)|职务|职位|名字|姓名|全称|学历|职责|工作职责|分工|用途|依据|原因|文号"
    ),
}
_ATTRIBUTE_ASKED = re.compile(
    rf"(?:{'|'.join(_ATTRIBUTES.values())})(?:是|为)?(?:{MANY}|什么时候|{WHAT}|几号|在?哪[里儿]?|在哪个?地方)"
)
_SHORTEST_OWNER = 2
_AMOUNT = re.compile(rf"(?:{_AMOUNTS})|.*[费价钱额率量数款金]")
_OF_PLACES = re.compile("(?:总|常住|户籍)?人口")
_ATTRIBUTE = re.compile("|".join(f"(?P<a{i}>{pattern})" for i, pattern in enumerate(_ATTRIBUTES.values())))


class Slot(NamedTuple):
    """[start, end) of a question."""

    start: int
    end: int

    def replaced(self, text: str, new: str) -> str:
        return text[: self.start] + new + text[self.end :]


def only_time(folded: str) -> str | None:
    """The time, where nothing else is said: 去年, 在2024年上半年."""
    match = _ONLY_TIME.fullmatch(folded)
    return match["time"] if match else None


def time_asked(folded: str) -> str | None:
    """The time, where nothing but a word that asks is said beside it: 去年是多少."""
    match = _TIME_ASKED.fullmatch(folded)
    return match["time"] if match else None


def times(folded: str) -> list[tuple[str, Slot]]:
    """The times that a question names, each with its length (year, half, month, day)."""
    return [(match.lastgroup or "", Slot(*match.span())) for match in _TIME.finditer(folded)]


def at_time(previous: str, folded: str, new: str, place_end: int) -> str:
    """The question for another time: in the place of the one of its length, else beside what it names, else behind
    its place."""
    lengths = {name for name, _ in times(new)}
    named = times(folded)
    same = [slot for name, slot in named if name in lengths]
    if same:
        return Slot(same[0].start, same[-1].end).replaced(previous, new)
    longest = min(map(_ORDER.index, lengths), default=0)
    for name, slot in reversed(named):
        if _ORDER.index(name) < longest and not _is_now(folded[slot.start : slot.end]):
            return Slot(slot.end, slot.end).replaced(previous, new)
    at = named[0][1].start if named else place_end
    return Slot(at, at).replaced(previous, new)


def _is_now(time: str) -> bool:
    return time in ("目前", "现在", "如今", "以前", "之前", "原来", "原先", "此前")


def with_number(previous: str, folded: str, new: str) -> str | None:
    """The question about another of what bears a number: 第二条 for 第一条, 2路 for 5路; None where it has none."""
    asked = _NUMBERED.match(new)
    is_age = asked is not None and asked["unit"].endswith("岁")
    if asked is None or not (asked[0] == new or (is_age and _AGED.fullmatch(new, asked.end()))):
        return None
    for match in _NUMBERED.finditer(folded):
        if match["unit"][-1] == asked["unit"][-1] and (is_age or match["unit"] == asked["unit"]):
            aged = _AGED.match(folded, match.end()) if is_age and asked[0] != new else None
            return Slot(match.start(), aged.end() if aged else match.end()).replaced(previous, new)
    document = DOCUMENT.search(folded)
    return f"{previous[slice(*_paper(document))]}{new}是什么" if document and asked["unit"] in _ARTICLE else None


def of_document(previous: str, folded: str, new: str) -> str | None:
    """The question about another document: 《气价办法》 for 《水价办法》."""
    asked, document = DOCUMENT.fullmatch(new), DOCUMENT.search(folded)
    return _paper(document).replaced(previous, new[slice(*_paper(asked))]) if asked and document else None


def paper_of(previous: str, named: str | None) -> str | None:
    """The paper that the question before names, or its answer."""
    document = DOCUMENT.search(fold(previous))
    if document is None:
        return named if named and named.startswith("《") else None
    return previous[slice(*_paper(document))]


def _paper(document: re.Match[str]) -> Slot:
    """The paper alone: what is said before the number of a file is none of it."""
    start, end = document.span("paper")
    named = named_paper(document["paper"])
    return Slot(start + named.start if named else start, end)


def contrasted(previous: str, folded: str, new: str) -> str | None:
    """The question about the other of two that are told apart: 农村 for 城市, 非居民 for 居民."""
    if (at := folded.find(f"非{new}")) >= 0:
        return Slot(at, at + len(new) + 1).replaced(previous, new)
    if new.startswith("非") and (at := folded.find(new[1:])) >= 0 and len(new) > _SHORTEST_OWNER:
        tier = _NUMBERED.match(folded, at + len(new) - 1)  # the tiers are of those who have them
        end = tier.end() if tier else at + len(new) - 1
        return previous if folded.startswith(new, at - 1) else Slot(at, end).replaced(previous, new)
    for group in _CONTRASTS:
        said = next((word for word in group if word != new and word in folded), None) if new in group else None
        if said is not None:
            at = folded.index(said)
            return Slot(at, at + len(said)).replaced(previous, new)
    return None


def attribute(folded: str) -> str | None:
    """What asks for it, where the text names what somebody or something has: 是多少 for 电话."""
    match = _ATTRIBUTE.fullmatch(folded)
    return [*_ATTRIBUTES][int((match.lastgroup or "a0")[1:])] if match else None


def attribute_asked(folded: str) -> bool:
    """Whether something is asked that must belong to somebody: 电话是多少."""
    return _ATTRIBUTE_ASKED.fullmatch(folded) is not None


def is_of_places(folded: str) -> bool:
    """Whether the attribute is one that only places have: no 村支书 has a 人口."""
    return _OF_PLACES.fullmatch(folded) is not None


def is_amount(folded: str) -> bool:
    """Whether it names a sum or a size by itself: 固定资产投资, 粮食产量."""
    return _AMOUNT.fullmatch(folded) is not None


def names_attribute(folded: str) -> bool:
    """Whether it ends in what somebody or something has: 高龄津贴标准."""
    return attribute(folded) is not None or len(without_attribute(folded)) < len(folded)


def attribute_of_thing(folded_subject: str) -> int | None:
    """Where 报名条件 begins in 围棋班报名条件; None where none ends it, or a sum (财政收入), which may be it."""
    at = len(without_attribute(folded_subject))
    return at if at < len(folded_subject) and not is_amount(folded_subject[at:]) else None


def owner(folded_subject: str) -> int:
    """Where the owner ends in 兴县县委书记的电话; the whole length where nothing is owned."""
    for match in re.finditer("的", folded_subject):
        if attribute(folded_subject[match.end() :]):
            return match.start()
    return len(folded_subject)


def without_attribute(named: str) -> str:
    """便民中心 for 便民中心电话, of which another attribute is asked; the whole where no attribute ends it."""
    folded = fold(named)
    starts = range(_SHORTEST_OWNER, len(folded))
    return named[: next((start for start in starts if attribute(folded[start:])), len(folded))]
