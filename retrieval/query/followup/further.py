"""What is asked further of the same thing without naming it (从哪天开始, 需要什么材料), and what that thing is: the
question before without the words that ask.
"""

import re

from retrieval.query.followup.slots import owner, times
from retrieval.text.fold import fold
from retrieval.text.lexicon import (
    COUNTED,
    FEW,
    HOW,
    MANY,
    USUAL_SIZES,
    WHAT,
    WHEN,
    WHEN_ELSE,
    WHERE,
    WHICH,
    WHICH_DAY,
    WHO,
    WHY,
)
from retrieval.text.places import asked_names, places_in
from retrieval.text.words import words

# How a question asks; what stands before and after it is its subject.
ASKING = re.compile(
    r"(?:一共|总共|分别|到底|大概|现在|目前)*+(?:都)?(?:[是在有为叫由于到从被占花投]|一共|建了?|设了?|办了?|分了?)*"
    rf"(?:{MANY}|{FEW}|多[{USUAL_SIZES}]|{WHEN}|{WHERE}|何处|{WHY}|{HOW}|{WHO}|{WHAT}|{WHICH}|哪[个位天年家种几]?)"
)
_TIME = (
    rf"(?:{WHEN}|{WHEN_ELSE}|{WHICH_DAY}|哪个?月|几月几[号日]|几[月号点])"
    r"(?:起|才?能?(?:开始|结束|截止|到期|为止|实施|施行|执行|生效|恢复|完工|开工|发放?|领取?|办理?|报名|开门|关门|上班|下班|开放|到账|公布|任命|任职|上任|当选|调任))*的?"
)
_NEEDS = r"(?:还?(?:要|需要|得|应该|必须|该|用)|能|可以|才能)"
_DO = (
    r"(?:办理?|申请|申报|领取?|报名?|报销|交|缴费?|查询?|买|拿|看|用|预约|参加|享受|登记|补办?|"
    r"投诉|反映|咨询|联系|负责|管|批|发|取|走|做|算)"
)
DOES = re.compile(rf"(?:{_DO})+")
_ENDS_DOING = re.compile(rf"(?<=..){_DO}$")
_MAY = re.compile("能|可以|可否|是否|吗|么")
NAMED = ("n", "j", "b", "s", "f", "vn", "a", "x", "zg")
"""How the tags begin of words that name, or belong to a name."""
_PAYER = r"(?:(?:中央|[省市县区]级?)?财政|国家|个人|自己)(?:再|还)?(?=[交缴付补出])"
_AT_HOURS = (
    "(?:(?:周[一二三四五六日天末]|星期[一二三四五六日天]|双休日?|节假日|假期|中午|晚上|网上|线上|手机上?|异地)"
    "(?:也|还|都)?)"
)
_WHO = re.compile(rf"(?:{WHO})(?=(?:来|在|专门)?(?:负责|管|主持|分管|担任|经营|办|开|写|发明|创办))")
_HAPPENED = "(?:丢失?|遗失|弄丢|坏|损坏|过期|到期|忘记?)了?"
_FURTHER = (
    rf"(?:一般|大概|具体|到底)?[从自到于在]?{_TIME}",
    rf"(?:{_PAYER})?(?:一共|大概|一般)?{_NEEDS}?(?:(?:交|花|付|缴|收|给|发|补|补助|补贴|领|拿|投资?|用)了?)?(?:{MANY}钱?|几块钱|什么费用?|{MANY}费用)"
    r"(?:一[个次月年人份天])?",
    rf"(?:每|一)个?(?:月|年|天|次|人|户|家|季度)(?:能|可以)?(?:发|给|补|补助|补贴|领|拿|交|缴)?(?:{MANY}钱?|几块钱)",
    rf"(?:一般|大概)?{_NEEDS}?(?:等|用|花)?(?:多久|多长时间|几个?工作日|几天|{MANY}天)"
    r"(?:才?(?:能|可以)?(?:办[好完下]来?|下来|[拿领收]到?|领取|到账|完成|出来|办结|批下来|生效|恢复|好))?",
    rf"{_NEEDS}?(?:带|准备|提交|提供|交|拿)?(?:些)?(?:什么|哪些|啥)(?:材料|手续|证件|资料|条件|东西|证明|要求)",
    rf"(?:[在去到上找问由]|{_NEEDS})*(?:哪里|哪儿|哪|什么地方|哪个?(?:部门|单位|窗口|地方)|谁){_DO}?的?",
    rf"(?:[要应该能可以]*)(?:怎么|如何|怎样|咋){_DO}的?",
    rf"(?:谁|什么人|哪些人)(?:能|可以|才能|有资格){_DO}",
    rf"{_AT_HOURS}?(?:上班|开门|营业|办公|开放|休息)[吗么]",
    rf"{_AT_HOURS}?(?:能|可以|可不可以|能不能|需要|要|用)(?:网上|线上|手机|邮寄|别人|家人)?(?:代办|代领|邮寄|补办|退|改|延期|减免|{_DO})[吗么]",
    rf"{_HAPPENED}(?:怎么办|咋办|如何处理|怎么处理)",
    r"(?:收费|要钱|花钱|要交钱|交钱|免费|贵|要预约|需要预约)[吗么]",
)
FURTHER = re.compile("|".join(_FURTHER))
_ENDS = re.compile(rf"(?:{_HAPPENED})?(?:{'|'.join(_FURTHER)})$")
_HAPPENED_BEFORE = re.compile(_HAPPENED)
"""What happened to the thing stays: that one pays for one that is lost is told otherwise."""
UNCHANGED = re.compile(
    r"还有|继续|更多|然后|接着说?|再[来说](?:一[遍次点些])?|不对|怎么了|怎么样|好的?|[这那]个?|没有?|其他的?|别的"
)
"""Says nothing of its own that could be completed."""
END = "?？。.!！~～ 　呢呀啊吗嘛"
_VERBS = re.compile(r"(?:[是有为叫由从在到要得能]|需要|应该|可以|分别|一共|大概|具体|到底)+$")
_BEFORE = re.compile(
    rf"(?:[个位些人]|什么)?(?:能|可以|才能|应该|要|需要|有资格)?(?:{_DO}|是|有)?(?:了|的)?(?=[\u4e00-\u9fff]{{2}})"
)
_COUNTED = re.compile(rf"(?:{MANY}|几[{COUNTED}岁]?)$")
_UNIT = re.compile(r"[钱元块人个名岁天年月次户]?")


def subject(question: str) -> str:
    """What a question is about: itself without the words that ask, 高龄津贴 for 高龄津贴怎么领."""
    folded = fold(question).rstrip(END)
    whole = fold(question).rstrip(END.replace("吗", ""))
    if (tail := _ENDS.search(whole)) and _names_more(whole[: tail.start()]):
        happened = _HAPPENED_BEFORE.match(whole, tail.start())
        return question[: happened.end()] if happened else _VERBS.sub("", question[: tail.start()])
    match = ASKING.search(folded)
    if match is None:
        return question[: len(folded)]
    before, after = _VERBS.sub("", question[: match.start()]), question[match.end() : len(folded)]
    is_count = _COUNTED.search(match[0]) is not None
    if _names_more(fold(before)):
        return before + after if is_count and not _UNIT.fullmatch(fold(after)) else before
    led = None if is_count else _BEFORE.match(fold(after))
    return before + after[led.end() if led else 0 :]


def of_subject(previous: str, asked: str) -> str:
    """What is asked, of the thing that the question before was about; a time or a verb that both name stands there
    once."""
    about = _subject_of_whether(previous) or subject(previous)
    about = about[: owner(fold(about))]
    lengths = {length for length, _ in times(fold(asked))}
    for length, slot in reversed(times(fold(about))):
        about = slot.replaced(about, "") if length in lengths else about
    verb = _ENDS_DOING.search(fold(about))
    return (about[: verb.start()] if verb and verb[0] in fold(asked) else about) + asked


def _subject_of_whether(question: str) -> str:
    """The nouns with which a question begins that asks whether something is so: 图书馆 of 图书馆能带孩子吗."""
    folded = fold(question).rstrip("?")
    if ASKING.search(folded) or not folded.endswith(("吗", "么")):
        return ""
    said = _MAY.split(folded)[0]  # 能带 is no word
    return question[: next((word.start for word in words(said) if not word.tag.startswith(NAMED)), len(said))]


def owner_of(previous: str) -> str:
    """Of whom or of what something is asked; 谁负责网格 asks for 负责网格的人."""
    if (who := _WHO.match(fold(previous))) is not None:
        return previous.strip(END)[who.end() :] + "的人"
    return of_subject(previous, "")


def _names_more(folded: str) -> bool:
    """Whether something is named there beside a place and a time."""
    for _, slot in reversed(times(folded)):
        folded = folded[: slot.start] + folded[slot.end :]
    for at, place in reversed(places_in(folded)):
        folded = folded[:at] + folded[at + len(place.name) :]
    for name in asked_names(folded):
        folded = folded.replace(name, "")
    return len(_VERBS.sub("", folded)) > 1
