"""What is said to Wenju itself and asks nothing of the documents; and the language in which it speaks to whom."""

import re

from config.language import Language
from retrieval.query.message.said import is_only_courtesy
from retrieval.text.fold import fold
from retrieval.text.lexicon import HELLO
from retrieval.text.tokens import is_unspaced

_MOMENT = "今天|今晚|明天|后天|现在|这会儿|此刻|这周|下周"
_TO_THE_BOT = re.compile(
    r"^(?:请问)?[你您](?:是谁|是什么|叫什么|叫啥|多大|会什么|会[干做]什么|能[干做]什么|能帮我|有什么功能|是机器人|是人|喜欢|爱)"
    r"|(?:给|帮|替|为)我(?:们)?(?:讲|写|画|唱|编|翻译|算(?:一?[下个]?[命卦\d])|做一|生成|推荐|订|买)(?![的了])|(?:讲|说)个(?:笑话|故事)|(?:写|作)一?[首篇段](?:诗|歌|作文|文章|代码|程序)"
    rf"|^(?:请问|{_MOMENT}|[是到\s,，。!]|{HELLO})*(?:的?天气(?:怎么样|如何|好[吗不])?|(?:会|要|会不会|是否)?(?:下雨|下雪)[吗么了]?|"
    r"几点钟?了?|(?:几月)?几号了?|(?:星期|周|礼拜)几了?)[啊呀呢吧?!。]*$"
    r"|weather (?:today|tomorrow)|what time is it"
    r"|提示词|system prompt|ignore (?:all|the|previous|your)|(?:忘掉|忘记|忽略|无视)(?:前面|之前|以上|所有)"
    r"|\b(?:write|tell|draw|sing|translate|generate|compose) (?:me|us|a|an)\b|who are you|what can you do",
    re.IGNORECASE,
)


def language_of(text: str) -> Language:
    """The language in which Wenju speaks to who asks so."""
    return "zh" if any(map(is_unspaced, text)) else "en"


def is_courtesy(question: str) -> bool:
    """Whether this is said to Wenju itself: 你好, 谢谢, 给我讲个笑话."""
    folded = fold(question).strip()
    return is_only_courtesy(folded) or _TO_THE_BOT.search(folded) is not None
