"""When the documents cannot answer, and why."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from config.telegram import Language
from retrieval.answering.compose import not_found
from retrieval.index.base import PassageIndex
from retrieval.query.question import Question
from retrieval.reasons import Reason
from retrieval.text.fold import fold, fold_all
from retrieval.text.lexicon import (
    AGREED,
    ENGLISH_HELLO,
    ENGLISH_HELLO_OF_DAY,
    ENGLISH_THANKS,
    GOODBYE,
    HELLO,
    HELLO_OF_DAY,
    PLACES,
    SORRY,
    THANKS,
)
from retrieval.text.places import STEM, is_listed, places_in, short_name
from retrieval.text.sounds import read_aloud, says
from retrieval.text.sounds import sounds as sounds_of
from retrieval.text.tokens import is_unspaced, tokenize
from retrieval.types import Answer, Hit, StoredPassage

# Said to the bot and not asked of the documents: greetings, thanks, wishes for what only a writer of text does, and
# questions about this very moment.
_COURTESY = (
    rf"{HELLO}|[早晚]好|{HELLO_OF_DAY}|{AGREED}|(?:{THANKS}|辛苦)[你您啦了]*|{SORRY}|{GOODBYE}|"
    r"在不|吃了[没吗]|哈+|呵+|嘿+|嘻+|没事了?|"
    rf"{ENGLISH_HELLO}|{ENGLISH_HELLO_OF_DAY}|good night|{ENGLISH_THANKS}|bye|test|测试|"
    r"привет|спасибо|こんにちは|ありがとう"
)
# Possessive: 哈 many times over and something else would be tried in every way.
_ONLY_COURTESY = re.compile(rf"(?:(?>{_COURTESY})[\s,.，。!！?？~、啊呀啦呢吧哦了]*+)++", re.IGNORECASE)
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
_LOOKED_AT = 20
"""Passages looked at for a place's name whose characters they hold."""


def language_of(text: str) -> Language:
    """The language in which Wenju speaks to who asks so."""
    return "zh" if any(map(is_unspaced, text)) else "en"


def is_courtesy(question: str) -> bool:
    """Whether this is said to Wenju itself: 你好, 谢谢, 给我讲个笑话."""
    folded = fold(question).strip()
    return _ONLY_COURTESY.fullmatch(folded) is not None or _TO_THE_BOT.search(folded) is not None


def no_question(said: str, title: str) -> Reason:
    """It is said to Wenju itself; the title of one of the documents is an example of what can be asked instead."""
    return Reason("no_question", language_of(said), title=title)


def names_missing(language: Language, names: Sequence[str], documents: int) -> Reason:
    """大同县 occurs in none of the 5 documents."""
    return Reason("names_missing", language, names=tuple(names), documents=documents)


def missing_places(question: Question, hits: Sequence[Hit], index: PassageIndex) -> list[str]:
    """The places that the question names and no document does. Another spelling of the same sound is the same place
    (敖汗旗, 敖汉旗); a place that only says where the next one lies (山西左云县) may be missing."""
    texts = fold_all([hit.stored.passage.searched(hit.stored.text) for hit in hits])
    missing = [
        name.words
        for name in question.spoken_names
        if name.is_place
        and not any(says(name.sounds, _whole(passage)) for passage in index.holding(name.sounds, _LOOKED_AT))
        and not any(fold(name.words) in text for text in texts)
    ]
    for name in (name.lstrip("年月日") for name in question.names):  # of 2025年云溪县
        if question.goes_on_with_place(name) or any(_names(text, part) for part in _parts(name) for text in texts):
            continue
        held = index.holding(tokenize(short_name(name)), _LOOKED_AT)
        alike = index.holding(sounds_of(name), _LOOKED_AT)
        heard = {read_aloud(place.name) for passage in alike for _, place in places_in(_whole(passage))}
        if not any(_names(_whole(passage), name) for passage in held) and read_aloud(name) not in heard:
            missing.append(name)
    return missing


def refused(index: PassageIndex, question: Question, hits: Sequence[Hit], composed: Answer) -> Answer | None:
    """The refusal with its reason when the documents do not know a place that is asked about, or nothing near it."""
    missing = missing_places(question, hits, index)
    if not missing:
        return None
    refusal = not_found(question.as_shown, names_missing(question.language, missing, index.count()))
    return replace(refusal, confidence=composed.confidence, relevance=composed.relevance)


def _parts(name: str) -> Iterator[str]:
    """The name, and what it may be where it was read too long: 现在金河县, 末金河县."""
    yield name
    if not is_listed(name):
        yield from (name[start:] for start in range(1, len(name) - STEM))


def _names(text: str, name: str) -> bool:
    """Whether the text names the place, whole or short; 大同市 does not name 大同县."""
    if name in text:
        return True
    short = short_name(name)
    return short != name and re.search(rf"{re.escape(short)}(?![{PLACES}])", text) is not None


def _whole(passage: StoredPassage) -> str:
    return fold(passage.passage.searched(passage.text))
