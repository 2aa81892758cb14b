"""What people say around a question, taken off by form: 你好，请问一下，…？谢谢！ asks what stands between.

Only what is certainly wrapping goes: a greeting before a mark or before words that ask, thanks after a mark. 你好小区
and 多谢镇 stay, and so does “请问”. A story that leads to a question (…，想问一下高龄津贴怎么领) is cut to that
question; the place that it names is kept where the question names none.
"""

import re
from typing import NamedTuple

from retrieval.query.asked.kinds import AskedKinds
from retrieval.query.message.story import within_story
from retrieval.text.fold import fold
from retrieval.text.lexicon import (
    ADDRESSED,
    AGREED,
    ENGLISH,
    ENGLISH_HELLO,
    ENGLISH_HELLO_OF_DAY,
    ENGLISH_THANKS,
    HELLO,
    HELLO_OF_DAY,
    PLACES,
    SORRY,
    THANKS,
)
from retrieval.text.tokens import is_unspaced

_MARK = r"[\s,.。!~、;:…—\-]"
_LITTLE = r"(?:一下[子儿]?|下儿?|一声)"
_WHO = r"(?:我们?|俺们?|咱们?|本人|小弟|小妹)?(?:就|只|也|现在|今天|主要|其实|是|一直|很|先|再|这边|这里|呢)*"
_CAN = r"(?:能不能|能否|可不可以|可否|是否可以|能|可以)"
# Begin like a wish to ask and are more: 想问题, 咨询电话, 想知道的人.
_NO_MORE = r"(?!的|题|卷|责|候|世|号|电话|热线|服务|窗口|机构|师|公司|平台|员|方式|网站|处)"
_TO_YOU = rf"(?:(?:您|你|大家|各位)?(?:{_LITTLE}|一?个(?:问题|事情?))|(?:您|你|大家|各位)(?={_MARK}))*"
_ME = f"(?:我们(?![{PLACES}社])|我(?!们)|俺)"
_ASK = (
    rf"(?:求问|请问){_TO_YOU}{_NO_MORE}|"
    rf"{_WHO}(?:想要?|希望)(?:再|先|请|麻烦|跟您|跟你|向您|向你)*(?:询问|咨询|请教|请问|问|打听|知道|了解|确认|弄清楚|搞清楚)"
    rf"(?:问|清楚)?{_TO_YOU}{_NO_MORE}|"
    rf"{_WHO}(?:要|来|需要|得)?(?:询问|咨询|请教|问|打听|查询|查)(?:您|你|大家|各位)?(?:{_LITTLE}|一?个(?:问题|事情?))|"
    rf"(?:麻烦|请|烦请|劳驾|拜托)?(?:您|你|大家)?(?:{_CAN}|麻烦|请)*(?:帮|替)(?:我们?|俺|忙|个忙|{_LITTLE})+"
    rf"(?:(?:查|问|搜)(?:查|问|一查|询|找|看|{_LITTLE})*|(?:看|找)(?:看|找)?{_LITTLE}|看看){_NO_MORE}|"
    rf"(?:麻烦|烦请|劳驾|拜托|请)(?:您|你)?(?:查|问|搜|看)(?:查|问|看)?{_LITTLE}|"
    rf"(?:麻烦|请|烦请|劳驾|拜托)?(?:您|你)?(?:{_CAN}|麻烦|请)*(?:告诉|告知){_ME}{_LITTLE}?|"
    r"(?:有没有人|有人|您|你|你们)知道(?:不知道)?(?!的)"
)
_WHOM = f"(?:{ADDRESSED})"
_GREETING = (
    rf"(?:尊敬的|各位)?{_WHOM}*们?(?:{HELLO})|{_WHOM}+们?好|{HELLO_OF_DAY}|亲|问据|小编|"
    rf"(?:{ENGLISH_HELLO})(?=[,!.~。]|\s+[\u4e00-\u9fff])"
)
_THANKS = (
    rf"(?:先谢过|(?:先|提前|非常|十分|万分|太)?(?:{THANKS})|跪谢)"
    r"(?:您|你们?|大家|各位|老师|(?:了|啦|哈|先)++)*"
)
_SORRY = (
    rf"打扰(?:您|你|大家)?(?:{_LITTLE}|了)?|{SORRY}|劳驾(?:您|你|{_LITTLE}|了)*|冒昧(?:问{_LITTLE})?|"
    rf"(?:麻烦|辛苦|拜托)(?:您|你|大家|各位)?(?:了|{_LITTLE})?|{_THANKS}"
)
_POLITE = f"打扰|{SORRY}|劳驾|冒昧|麻烦|拜托"
_URGENT = r"急+|急求|紧急求助|很急|着急|在线等|求助|求解答?"
_FILLER = (
    rf"{AGREED}|那个|那什么|那啥|就是说?|是这样子?的?|呃+|额+|哎+|诶+|欸+|唉+|啊++|话说|知道了|明白了|"
    r"有一?个(?:事情?|问题)"
)
_LOOSE = f"{_GREETING}|{_SORRY}|{_URGENT}|{_FILLER}"
_FRONT = re.compile(
    rf"\s*(?:(?:{_LOOSE})(?:[呀啊哦呢嘛哈啦]*(?:(?:{_MARK}|\?)+|$)|(?={_POLITE}|{_ASK}))|"
    rf"(?P<ask>{_ASK})(?:[啊呀哈呢嘛哦]*{_MARK}+)?)"
)
_BACK = re.compile(
    rf"(?:(?<=[吗么呢吧?]){_MARK}*+|{_MARK}++)"
    rf"(?:{_SORRY}|{_URGENT}|求(?:告知|回复|指点)|(?:请|望|盼|希望|期待)(?:您的?|你的?)?(?:尽快|早日|帮忙)?"
    rf"(?:告知|回复|解答|回答|答复|复)|(?:您|你)?{_CAN}(?:帮我查{_LITTLE}?|告诉我{_LITTLE}?)吗|"
    rf"(?:您|你|你们|有人|有谁)?知道吗|请问|{ENGLISH_THANKS}|"
    r"please|much appreciated|cheers)$"
)
_MARKS = ",.。!~、;:…—-"
_PARTING = 80
"""Characters that one parting phrase has at most, with the marks before it that count: so far it is looked for."""
_THEN = re.compile(rf"那么?(?={_ASK})")
"""Says that a question goes on from the one before: it stays."""
_LED = re.compile(rf"(?<={_MARK})(?:所以|然后|就是|现在|因此|于是|那)?(?:{_ASK})(?:[啊呀哈呢嘛哦]*{_MARK}+)?")
"""Where a story comes to its question."""
_ASKS = re.compile(r"吗|[么不]\??$|没有?\??$|是否|有没有|[能会要可行好是](?:不|没)[能会要可行好是]|\?|呢\??$")
_TOLD = re.compile("[我俺咱]")
"""Who tells of oneself; without it, words that ask make a question of its own."""
_WHETHER = re.compile(f"{_CAN}|知道")
_SIGHED = re.compile(r"(?<![啊呀哦噢哈])[啊呀哦噢哈]++(?=[?？]?$)")
_QUOTES = {"“": "”", "‘": "’", "《": "》", "「": "」", "『": "』", "(": ")"}
_LOUD, _ASKED = "!~…！～", "?？"

_EN_WORDS = rf"{ENGLISH}|if|whether|is|are|was|were|does|do|did|has|have|the|about"
_EN_ASK = (
    r"(?:could|can|would|will) you (?:please |kindly |possibly )*(?:tell me|let me know|help me find(?: out)?|check)|"
    r"(?:please |kindly )?(?:tell me|let me know)|(?:may|can|could) i (?:please |just )*(?:ask|know)(?: you)?|"
    r"i(?: would|'d|’d)? (?:like|want|wanted|need) to (?:know|ask(?: you)?|find out)|"
    r"(?:i(?: am|'m|’m| was) )?(?:just )?wondering|do you (?:happen to )?know|please"
)
_EN_FRONT = re.compile(
    rf"\s*(?:(?:{ENGLISH_HELLO}|dear [a-z]+|{ENGLISH_HELLO_OF_DAY})(?: there| all| everyone)?"
    rf"(?:\s*[,.!:;]+\s*|\s+(?={_EN_ASK}))|excuse me\s*[,.!]*\s+|"
    r"(?:i(?:'m| am) )?sorry(?: to (?:bother|disturb) you)?\s*[,.!]+\s*(?:but )?|"
    r"(?:i have )?a?\s*(?:quick )?question\s*[,.:!]+\s*|"
    rf"(?:{_EN_ASK})\s*[,:]?\s+(?=(?:{_EN_WORDS})\b))"
)


class UnwrappedQuestion(NamedTuple):
    """`text` is what is asked, empty where all is wrapping; `is_completed`: with what the story names."""

    text: str
    is_completed: bool = False


def unwrapped(question: str) -> UnwrappedQuestion:
    """The question without what was only said around it."""
    folded = _folded(question)
    if not any(map(is_unspaced, question)):
        return UnwrappedQuestion(_without_shouting(_english(question, folded)))
    front = _front(folded)
    end = _back(folded, front)
    text, low = question[front:end], folded[front:end]
    if not any(character.isalnum() for character in text):
        return UnwrappedQuestion("")
    if then := _THEN.match(folded):
        text, low = then[0] + text, then[0] + low
    if _WHETHER.search(folded[:front]) and AskedKinds(low).kinds:  # 能告诉我……有多少吗
        text = re.sub(r"吗([?？]?)$", r"\1", text)
    whole = _led(text, low)
    calm = _without_shouting(whole.text)
    return UnwrappedQuestion(_SIGHED.sub("", calm) if AskedKinds(low).kinds else calm, whole.is_completed)


def _folded(text: str) -> str:
    """Folded character by character, so that offsets stay."""
    return "".join(new if len(new := fold(character)) == 1 else character for character in text)


def _front(folded: str) -> int:
    """Where what is asked begins."""
    then = _THEN.match(folded)
    start = then.end() if then else 0
    while (match := _FRONT.match(folded, start)) and match.end() > start:
        start = match.end()
    return start


def _back(folded: str, start: int) -> int:
    """Where what is asked ends."""
    end, quoted = len(folded.rstrip()), _quoted(folded)
    while True:
        said = _before(folded, start, end, f"{_MARKS}?")
        match = _BACK.search(folded, max(start, said - _PARTING), said)
        if match is None or quoted[first := _before(folded, start, match.start(), _MARKS)]:
            return end
        end = first


def _before(folded: str, start: int, end: int, marks: str) -> int:
    """Where the marks and the space before `end` begin."""
    while end > start and (folded[end - 1] in marks or folded[end - 1].isspace()):
        end -= 1
    return end


def _led(text: str, folded: str) -> UnwrappedQuestion:
    """The question that a story leads to, with what the story names; the whole where it is not certain."""
    quoted = _quoted(folded)
    leads = [match for match in _LED.finditer(folded) if not quoted[match.start()]]
    if not leads:
        return UnwrappedQuestion(text)
    lead = leads[-1]
    story, asked = folded[: lead.start()], folded[lead.end() :]
    asks_too = "?" in story or (AskedKinds(story).kinds and not _TOLD.search(story))
    if asks_too or not (AskedKinds(asked).kinds or _ASKS.search(asked)):
        return UnwrappedQuestion(text)
    whole = within_story(text[lead.end() :], text[: lead.start()])
    return (
        UnwrappedQuestion(text[: lead.start()] + text[lead.end() :]) if whole is None else UnwrappedQuestion(*whole)
    )


def _quoted(text: str) -> list[bool]:
    """Of each offset, whether a quotation is open there; told in one pass, for there may be many to ask about."""
    is_open, depths, straight = [False], dict.fromkeys(_QUOTES.values(), 0), False
    for character in text:
        if character in _QUOTES:
            depths[_QUOTES[character]] += 1
        elif character in depths:
            depths[character] -= 1
        elif character == '"':
            straight = not straight
        else:
            is_open.append(is_open[-1])
            continue
        is_open.append(straight or any(depth > 0 for depth in depths.values()))
    return is_open


def _without_shouting(text: str) -> str:
    """…吗！！ and …吗？？？ ask what …吗 and …吗？ ask."""
    calm = text.rstrip(f"{_LOUD}{_ASKED}。. ")
    if not any(character in _LOUD for character in text[len(calm) :]):
        if not text[-2:].strip(_ASKED) and len(text) > 1:
            calm = text.rstrip(_ASKED)
        else:
            return text
    return calm + next((character for character in text[len(calm) :] if character in _ASKED), "")


def _english(question: str, folded: str) -> str:
    start = 0
    while match := _EN_FRONT.match(folded, start):
        start = match.end()
    text = question[start : _back(folded, start)].strip()
    return text[:1].upper() + text[1:] if start and re.match(_EN_WORDS, text) else text
