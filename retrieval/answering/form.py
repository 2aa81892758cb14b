"""Does the sentence have the form of an answer?

It is no heading, contents line, question or line that only leads to a list, nor the question's own words alone; and
it holds the kind of thing that is asked.
"""

import re

from retrieval.answering.setting import Setting
from retrieval.query.kinds import Asked
from retrieval.text.fold import fold
from retrieval.text.lists import is_lead_in, is_row

_CONTENTS = re.compile(
    r"(?:[.…·]\s*){3,}\s*\d{1,4}\s*$|^[^,，。;；、]*(?:[.…·]\s*){3,}$|^(?:目录|目 录|contents)$", re.IGNORECASE
)
_ASKS = re.compile(r"[?？][”’」』）)\]\"']*$")
_TAG = re.compile(r"^(?:答|问|[aq])\s*[:：]", re.IGNORECASE)
_WHETHER = re.compile(
    r"(?:吗|(?<![什怎多这那])么|不|没有?)\s*[?？]?$|[是能可会应]否|可不可以|可以.{0,6}(?:吗|(?<![什怎多这那])么)|[对行]吗|还是|"
    r"(.)[不没]\1|有没有|"
    r"^(?:is|are|do|does|can|may|must|was|were)\b"
)
_MOST = "最(?:[多少高大小早晚长短贵便远快慢老强弱]|低(?!生活保障|工资))"
_ASKS_MOST = re.compile(
    rf"(?:哪|谁|什么(?!时))[^,，。]{{0,12}}{_MOST}|{_MOST}[^,，。]{{0,8}}(?:哪(?![天日年月])|谁|什么(?!时))"
    r"|\bwhich\b.*(?<!at )\b(?:most|least|largest|highest|lowest|biggest|smallest)\b"
)
_TELLS_MOST = re.compile(
    r"最|第一|首[位家个例]|居首|居前|前[两三四五十\d]|榜首|冠军|排名|名列|之首|头名"
    r"|\b(?:most|least|largest|highest|lowest|biggest|smallest|first)\b"
)
_ASKS_SUM = re.compile(
    r"(?P<counted>(?<!第)(?:(?:[二三四五六七八九十几\d]+[个家]|两[个家]?)|各|所有|全部)"
    r"(?:[县市区镇乡村]|街道|社区|学校|单位|公司|企业|项目|部门|机构))[^,，。]{0,12}(?:一共|总共|合计|共计)|加起来|相加|总和"
)
_TELLS_SUM = re.compile(r"共|合计|总|累计|全[县市区镇乡村省国]")
_DIGIT = re.compile(r"\d")
_MEANINGFUL = re.compile(r"[a-z0-9]+|[^\W_]")
_GRAMMAR = frozenset("的了是在和与及或把被将对从向为以于之其这那该本各也都就不有个吗呢吧啊关于")
_SAYS_MUCH = frozenset("免")
_FIGURES = {"number", "phone", "time"}
_NEW = 2
"""Characters (a number, a word or 免 counts as two) that a sentence must say beyond the question and what is known
beside it."""


def is_statement(setting: Setting) -> bool:
    """Whether the sentence states anything at all."""
    sentence = setting.sentence.strip()
    is_heading = setting.stored.sentences[setting.number].level > 0
    return not (is_heading or _CONTENTS.search(sentence) or _ASKS.search(sentence) or _is_bare_lead(setting))


def leads_to_list(setting: Setting) -> bool:
    """Whether the sentence only leads to what follows it, and the passage has that."""
    return is_lead_in(setting.sentence) and setting.number + 1 < len(setting.texts)


def _is_bare_lead(setting: Setting) -> bool:
    return is_lead_in(setting.sentence) and not leads_to_list(setting)


def says_more(question: str, setting: Setting) -> bool:
    """Whether the sentence says something that the question does not; a question whether something is so may be met
    with its own words."""
    folded = fold(question)
    if _WHETHER.search(folded):
        return True
    asked, known = folded, "\n".join(setting.headings)
    room = 0
    for piece in _MEANINGFUL.findall(_TAG.sub("", setting.sentence)):
        if piece in _GRAMMAR or piece in asked:
            continue
        if not (len(piece) > 1 or piece.isdigit()) and piece in known:
            continue
        room += 2 if piece.isascii() or piece in _SAYS_MUCH else 1
        if room >= _NEW:
            return True
    return leads_to_list(setting)


def has_kind(question: str, asked: Asked, setting: Setting) -> bool:
    """Whether the sentence, or the list that it leads to, holds the kind of thing that is asked for. The cells of a
    table say by their headings what they are (人口：1286, 姓名：韩景春): they need no unit."""
    folded = fold(question)
    if not _tells_measure(folded, setting.sentence):
        return False
    if is_row(setting.sentence):
        return not _FIGURES & set(asked.kinds) or _DIGIT.search(setting.sentence) is not None
    if _WHETHER.search(folded) or not asked.lacked_by(setting.sentence):
        return True
    return leads_to_list(setting) and not asked.lacked_by("".join(setting.texts[setting.number :]))


def _tells_measure(question: str, sentence: str) -> bool:
    """Asked for the most of many, or for a sum over many, one of them is no answer."""
    if _ASKS_MOST.search(question) and not _TELLS_MOST.search(sentence):
        return False
    summed = _ASKS_SUM.search(question)
    if summed is None or _TELLS_SUM.search(sentence):
        return True
    return summed["counted"] is not None and summed["counted"] in sentence
