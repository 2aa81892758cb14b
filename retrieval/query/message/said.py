"""What people say beside asking, known by its form: thanks, a greeting, 再说一遍, 不对, 还有呢, 为什么, 怎么用.

The whole message has to be made of such parts, one after the other, with or without marks and emoji between: in
法律帮助怎么申请 nobody asks for help, and 谢谢，那停水到几点 is a question.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final, Literal

from retrieval.text.fold import fold, simplified
from retrieval.text.lexicon import (
    ADDRESSED,
    AGREED,
    ASKING_CHARACTERS,
    ENGLISH_HELLO,
    ENGLISH_HELLO_OF_DAY,
    ENGLISH_THANKS,
    GOODBYE,
    HELLO,
    HELLO_OF_DAY,
    HOW,
    SORRY,
    THANKS,
    WHAT,
    WHICH,
    WHY,
)

Said = Literal[
    "person", "again", "wrong", "more", "why", "help", "how", "contents", "new", "thanks", "hello", "bye", "agreed"
]
COURTESY: Final[tuple[Said, ...]] = ("person", "thanks", "hello", "bye", "agreed")
"""What asks nothing to be done: it is met with a word."""
OF_LAST: Final[tuple[Said, ...]] = ("again", "more", "why")
"""What speaks of the answer before."""

_LONGEST = 200
"""Characters; who writes more says more than this."""

_END_OF_WORDS = r"(?![\u4e00-\u9fff])"
_YOU = "(?:[你您]们?)"
_MOOD = "[啊呀啦哈哦噢嘛呢吧哟呗了的]*"
_PLEASE = f"(?:请|麻烦|劳驾|能不能|能否|可不可以|可否|可以|能|{_YOU}|[帮给跟]我|[那就])*"
_MAY_I = f"(?:吗|么|好吗|好不好|可以吗|行吗|行不行|{_MOOD})"
_ANSWER = "(?:回答|答案|答复|回复|解答|数字|数据|结果|说法|信息)"
_OF_IT = f"(?:{_YOU}|这个?|那个?|这些|上面|刚才|的)*"
_THAT_ANSWER = f"{_OF_IT}(?:{_ANSWER}的?|(?:回?答|说|讲|搞|弄)(?:的|得)?)?"
_GIVEN = f"(?:的?(?:耐心|热心|及时|细心|快速)?的?(?:帮助|帮忙|支持|指导|指点|提醒|告知|服务|关心|{_ANSWER}))"
_PRAISED = (
    "棒|好|厉害|聪明|有用|有帮助|实用|清楚|清晰|详细|不错|强|赞|给力|准|准确|全|快|方便|管用|贴心|靠谱|到位|完美"
)
_VERY = "(?:真的?|太|很|挺|好|非常|十分|特别|相当|还|蛮|超|对我)"
_RIGHT_FIGURE = (
    f"(?:应该?|正确的?|实际上?|其实|明明)(?:{_ANSWER})?(?:是|有|为)?[^?？吗呢怎何{ASKING_CHARACTERS}]{{1,40}}$"
)
_THIS = r"(?:that|this|it|you)(?:['’]?(?:s|re)| is| are| was)?"
_EN_PLEASE = r"(?:(?:can|could|would|will) you )?(?:please )?"
_EN_LATER = r"(?: again| once more| please)*"
_EN_MEANT = r"what i (?:asked|meant|wanted|was asking|was looking|am asking|am looking)(?: for| about)?"

_SAID: Mapping[Said, tuple[str, ...]] = {
    "person": (
        rf"(?:我?(?:想|要)?要?|{_PLEASE})(?:(?:转|转接|找|接|换|叫|联系)(?:到|一下|一?[个位])?"
        rf"(?:人工(?:客服|服务|坐席)?|真人|客服|活人)|人工(?:客服|服务|坐席)?|真人){_MAY_I}{_END_OF_WORDS}",
        r"(?:(?:can|could|may) i |i (?:want|need|would like) to |let me )?(?:talk|speak|chat) (?:to|with) "
        r"(?:an? )?(?:real )?(?:human|person|someone|agent|operator)|(?:an? )?(?:human|live|real) (?:agent|person)",
    ),
    "again": (
        rf"{_PLEASE}把?(?:刚才|上面|前面|上一个)?(?:的|那个)?{_ANSWER}?{_PLEASE}(?:再|重新|重复)(?:说|讲|发|回?答|念|来)?"
        rf"(?:一遍|一次|一下|遍){_OF_IT}{_ANSWER}?{_MAY_I}",
        rf"重复{_MAY_I}|{_YOU}?刚才(?:说|讲|回?答)的?(?:是)?(?:{WHAT})",
        rf"{_EN_PLEASE}(?:(?:say|show|repeat|tell)(?: me)? (?:that|it|this)|say|repeat){_EN_LATER}"
        r"|once more|again|pardon|what did you (?:just )?say",
    ),
    "wrong": (
        rf"{_THAT_ANSWER}(?:好像|可能|应该|都|也|完全|根本|明显|还)*(?:是|说|回?答|搞|弄)?(?:的|得)?"
        rf"(?:不(?:太)?对(?:吧|啊|呀|的|劲|头)*|错[了啦的误]+吧?|不正确|不太?准确?|有误|有错)(?:\W*{_RIGHT_FIGURE})?",
        rf"答非所问|{_OF_IT}不是(?:这个|这样的?|这个?意思|我[想要]?问?要?的)?{_MOOD}{_END_OF_WORDS}|错{_END_OF_WORDS}",
        rf"{_OF_IT}(?:没有?回?答(?:我的?)?(?:问题)?|没回答到?点子上|没(?:有|{WHAT})?用|不管用|没(?:有|{WHAT})?帮助|胡说(?:八道)?)"
        rf"{_MOOD}",
        rf"no(?:pe)?|(?:{_THIS} )?(?:all |just |completely )*(?:wrong|not (?:right|correct|true|helpful|useful)"
        rf"|incorrect|useless)|(?:{_THIS} )?not (?:it|{_EN_MEANT})|wrong answer|bad answer"
        r"|(?:you |that )?did(?: not|n['’]?t) answer (?:me|my question|the question)|👎+",
    ),
    "more": (
        rf"那?[还再]?有(?:别的|其他的?|更多的?)?(?:呢|吗|么|没有)|{_PLEASE}[看要]?更多(?:段落|内容|信息)?{_MAY_I}",
        rf"{_PLEASE}(?:再来(?:一些|点|一[个条段])|(?:接着|往下|继续)[说讲看来]?|展开[说讲]*|下一[个条段页篇]){_MAY_I}|然后呢",
        rf"{_PLEASE}(?:[再更]|[说讲]得?|介绍|回答得?)*(?:详细|具体|仔细|多说)地?(?:[说讲]+|介绍)?(?:一?点儿?|一下|一?些)?{_MAY_I}",
        rf"{_EN_PLEASE}(?:(?:show|tell|give) (?:me )?|i want (?:to know )?)?more(?: details?| information| info)?"
        rf"(?: about (?:it|this|that))?(?: please)?|(?:anything|what|something) else|go on|continue|next(?: one)?"
        rf"|{_EN_PLEASE}(?:elaborate|be more specific|(?:explain )?in more detail)",
    ),
    "why": (
        rf"(?:{WHY})[呢啊呀]?{_END_OF_WORDS}",
        rf"(?:有什么)?(?:依据|根据)(?:呢|是什么)?{_END_OF_WORDS}",
        r"why(?: (?:is that|that|so))?",
        rf"{_YOU}?(?:真的)?(?:确定|肯定|保证)(?:是?真的|对|没错)?[吗么]|{_THAT_ANSWER}(?:(?:是真的?|真的?|当真|对|准确?|可靠|靠谱|正确)[吗么]|对不对|准不准)",
        rf"真的假的|我?(?:还是)?(?:没有?|不)太?(?:[听看弄搞]懂|[听看]明白|懂|明白){_MOOD}{_END_OF_WORDS}|[听看]不(?:太)?懂{_MOOD}",
        r"(?:are )?you (?:really )?(?:sure|certain)|really|is (?:that|this|it) (?:true|right|correct)"
        r"|i (?:still )?(?:do not|don['’]?t) (?:understand|get (?:it|that))",
    ),
    "help": (
        rf"(?:帮助|求助|使用(?:说明|方法|帮助|指南)|操作(?:说明|指南)|功能介绍|新手指南)(?:信息|文档)?{_END_OF_WORDS}|帮帮?我",
        rf"(?:{_YOU}|问据|机器人)(?:是|该|要)?(?:{HOW})(?:使用|用|操作){_MOOD}|(?:{HOW})(?:提问|[用问]{_YOU}|使?用(?:问据|机器人))",
        rf"{_YOU}(?:都|还)?(?:能|会|可以)(?:[做干回]|帮我)+(?:些|[做干]|答)*(?:{WHAT})|{_YOU}?有(?:{WHAT}|{WHICH})功能",
        rf"{_EN_PLEASE}help(?: me)?(?: out)?(?: please)?|i need help|instructions|user guide|how do you work"
        r"|what can (?:you do|i ask)(?: here| you)?|how (?:do|can|should) (?:i|we) (?:use (?:wenju|you|the bot)|ask)",
    ),
    "how": (
        rf"(?:这个?|这里|这东西)?(?:是|该|要)?(?:{HOW})(?:使用|用|操作)(?:这个|这里)?[呢啊呀吗]?",
        r"how (?:do|can|should) (?:i|we) use (?:this|it)|how to use (?:this|it)|how does (?:this|it) work",
    ),
    "contents": (
        rf"(?:{_YOU}?(?:这里|这儿|这里面|这边)|资料?库里?)(?:都|一共)?(?:有|收录了?)些?(?:{WHAT}|{WHICH})(?:内容|资料|东西|文[件档])?",
        rf"(?:这里|我|{_YOU})?(?:能|可以)[问查]些?(?:{WHAT}|{WHICH})(?:内容|东西)?",
        r"what(?:['’]s| is| do you have) in here|what do you (?:have|know)(?: here)?|what is here",
    ),
    "new": (
        rf"(?:我们?)?{_PLEASE}[想要]*(?:(?:换一?个?|[问聊说]一?[点个])(?:别的|其他的?|新的?)?(?:话题|问题|事情?)|"
        rf"问一?[点个]?别的|重新开始|从头(?:再?来|开始)){_MAY_I}",
        r"new (?:topic|question)|start (?:over|again)|(?:another|a different) (?:topic|question)"
        r"|(?:let['’]?s )?change the (?:topic|subject)",
    ),
    "thanks": (
        rf"{_YOU}?{_VERY}?(?:谢过|谢{_END_OF_WORDS}|{THANKS}|辛苦|麻烦了)(?:{ADDRESSED}|{_YOU}|[了啦哈啊呀])*"
        rf"{_GIVEN}?{_MOOD}|🙏+|🌹+|❤+",
        rf"(?:{_YOU}|{ADDRESSED})?(?:(?:回?答|说|讲|解释)得?)?(?:{_VERY}+(?:{_PRAISED})|不错|[棒赞]{_END_OF_WORDS}|"
        rf"厉害|有(?:用|帮助)|(?:答|说)得(?:对|{_PRAISED})|帮(?:了|上)?大忙){_MOOD}",
        rf"(?:many )?(?:{ENGLISH_THANKS})(?: for (?:all )?(?:your|the) (?:help|answer|reply|time|info))?|ty",
        rf"(?:{_THIS} )?(?:really |very |so |just )*(?:helps?|helped|helpful|useful|great|perfect|awesome|excellent"
        r"|amazing|wonderful)|nice|cool|well done|good (?:job|answer|bot)|cheers",
    ),
    "hello": (
        rf"(?:{ADDRESSED})*们?(?:{HELLO}){_MOOD}|(?:{HELLO_OF_DAY})|早上?好?{_END_OF_WORDS}|(?:{ADDRESSED})们?好{_MOOD}|问据"
        r"|有人在?[吗么]",
        rf"(?:{ENGLISH_HELLO}|{ENGLISH_HELLO_OF_DAY})(?: there| all| everyone| again)?|wenju",
    ),
    "bye": (
        rf"(?:{GOODBYE}|先这样|下次[再见聊]+){_MOOD}",
        r"bye(?: bye)?|goodbye|good night|see you(?: later)?|have a (?:nice|good) day",
    ),
    "agreed": (
        rf"(?:{AGREED}|好+的?[吧呀啊嘞]?|噢+|行吧?|可以|是的|对的?|没错){_MOOD}",
        rf"我?(?:知道|明白|收到|了解|清楚|[看听]懂|懂){_MOOD}",
        rf"没(?:事|关系|问题)[儿]?{_MOOD}|不(?:用|必|需要)(?:谢+|客气|麻烦)?{_MOOD}|不客气|不了|没有?了|算了{_MOOD}|就这样{_MOOD}",
        r"got it|i see|i understand|understood|all right|alright|fine|sure|yes|yeah|never ?mind|no problem"
        r"|no,? thank(?:s| you)|(?:that['’]?s|that is) all|👌+|👍+",
    ),
}
_SMALL_TALK = (
    rf"[早晚]好|(?:{THANKS}|辛苦)[你您啦了]*|{SORRY}|在不|吃了[没吗]|哈+|呵+|嘿+|嘻+|没事了?{_MOOD}|bye|test|测试",
    "привет|спасибо|こんにちは|ありがとう",
)
"""Asks nothing either, and is met with no word of its own."""


_FORMS = {kind: re.compile(rf"(?:{'|'.join(forms)})(?![a-z0-9])", re.IGNORECASE) for kind, forms in _SAID.items()}
_BETWEEN = re.compile(rf"[\W_]+|(?:{ADDRESSED})们?")
_COURTEOUS = tuple(
    re.compile("|".join(forms), re.IGNORECASE)
    for forms in (*(_SAID[kind] for kind in COURTESY if kind != "person"), _SMALL_TALK)
)
"""One word may stand right behind another: 你好hello."""
_BETWEEN_COURTESY = re.compile(rf"{_BETWEEN.pattern}|[啊呀啦呢吧哦了喽]+")


def what_is_said(text: str) -> Said | None:
    """Its kind, None for a question. Of several at once (好的，谢谢) the one that stands first above counts."""
    said = " ".join(simplified(text[: _LONGEST + 1]).split())
    found = _parts(said, _FORMS.values(), _BETWEEN)
    return next((kind for kind, form in _FORMS.items() if form in found), None)


def is_only_courtesy(text: str) -> bool:
    """Whether all that it says is greetings, thanks and small talk."""
    return bool(_parts(" ".join(simplified(fold(text[: _LONGEST + 1])).split()), _COURTEOUS, _BETWEEN_COURTESY))


def _parts(said: str, forms: Iterable[re.Pattern[str]], between: re.Pattern[str]) -> set[re.Pattern[str]]:
    """The forms of which all of it is made; none where something else is said as well."""
    found, position = set[re.Pattern[str]](), 0
    while position < len(said) <= _LONGEST:
        longest, form = max(((_end(form, said, position), form) for form in forms), key=lambda at: at[0])
        gap = between.match(said, position)
        if longest > position:
            found.add(form)
            position = longest
        elif gap is not None:
            position = gap.end()
        else:
            return set()
    return found


def _end(form: re.Pattern[str], said: str, position: int) -> int:
    match = form.match(said, position)
    return match.end() if match is not None else position
