"""Does the sentence have the form of an answer?

It is no heading, contents line, question or line that only leads to a list, nor the question's own words alone; and
it holds the kind of thing that is asked.
"""

import re

from retrieval.answering.checks.setting import Setting
from retrieval.query.asked.forms import HAS, NAME, Kind
from retrieval.query.asked.measures import AskedMeasure
from retrieval.query.demands import Demands
from retrieval.text.fold import fold
from retrieval.text.lexicon import PLACES
from retrieval.text.lists import is_lead_in, is_row
from retrieval.text.tokens import is_unspaced

_CONTENTS = re.compile(
    r"(?:[.…·]\s*){3,}\s*\d{1,4}\s*$"
    r"|^(?:[^,，。]{1,4}、)?[^,，。;；、:：“”\"]*(?:[.…·]\s*){3,}$"
    r"|^(?:目录|目 录|contents)$",
    re.IGNORECASE,
)
_LIST = "名单|名册|清单|目录|明细|一览表"
_ATTACHED = re.compile(rf"(?P<list>{_LIST})表?[^,，。;；:：]{{0,4}}(?:详?见|参见|附后|另附)")
_ASKS = re.compile(r"[?？][”’」』）)\]\"']*$")
_TAG = re.compile(r"^(?:答|问|[aq])\s*[:：]", re.IGNORECASE)
_TELLS_MOST = re.compile(
    r"最|第一|首[位家个例]|居首|居前|前[两三四五十\d]|榜首|冠军|排名|名列|之首|头名|首[先次]|新[高低]|高峰"
    r"|\b(?:most|least|largest|highest|lowest|biggest|smallest|first)\b"
)
_TELLS_SUM = re.compile(rf"共|合计|总|累计|全[{PLACES}省国]")
_OF_PERSONS = re.compile("姓名|名字|[人者长员任记师]$")
"""Headings of cells that name persons."""
_OF_NO_PLACE = re.compile(r"\s*[\u4e00-\u9fff]{0,6}(?:条件|对象|材料|标准|依据|[时期]限|时间|电话|费用?):")
"""Begins a line that says itself that it tells something else."""
_DIGIT = re.compile(r"\d")
_MEANINGFUL = re.compile(r"[a-z0-9]+|[^\W_]")
_GRAMMAR = frozenset("的了是在和与及或把被将对从向为以于之其这那该本各也都就不有个吗呢吧啊关于")
_SAYS_MUCH = re.compile(r"[\x00-\x7f]|[免〇零二两三四五六七八九十百千万亿半]|一(?=[年月日天周岁元倍])")
_FIGURES: set[Kind] = {"number", "phone", "time"}
_ONLY_PHONES = re.compile(rf"(?:[^\d,。;:、]{{1,20}}[:是为]?\s*(?:{HAS['phone'].pattern})[,。;、\s]*){{1,6}}")
_LONG = 16
"""Characters of a heading from which on it may be a sentence."""
_NEW = 2
"""Characters (a number, in figures or not, a word or 免 counts as two) that a sentence must say beyond the question
and what is known beside it."""


def is_statement(setting: Setting) -> bool:
    """Whether the sentence states anything at all."""
    sentence = setting.sentence.strip()
    is_heading = setting.stored.sentences[setting.number].level > 0
    return not (is_heading or _CONTENTS.search(sentence) or _ASKS.search(sentence) or _is_bare_lead(setting))


def holds_list(demands: Demands, setting: Setting) -> bool:
    """Whether the sentence does not only say that the list which is asked for lies elsewhere: 名单见附件."""
    attached = _ATTACHED.search(fold(setting.sentence))
    return attached is None or not demands.says(attached["list"]) or demands.asks_where


def leads_to_list(setting: Setting) -> bool:
    """Whether the sentence only leads to what follows it, and the passage has that."""
    return is_lead_in(setting.sentence) and setting.number + 1 < len(setting.texts)


def _is_bare_lead(setting: Setting) -> bool:
    return is_lead_in(setting.sentence) and not leads_to_list(setting)


def says_more(demands: Demands, setting: Setting) -> bool:
    """Whether the sentence says something that the question does not; a question whether something is so may be met
    with its own words, but not with a telephone number."""
    if demands.measure.is_whether:
        return not _ONLY_PHONES.fullmatch(setting.sentence.strip()) or demands.asks_phone
    # The title tells of whom the paper is (关于郭志远等同志任职的通知), and not what about him: his name is new.
    known = "" if "person" in demands.kind.kinds else _beside(setting)
    room = 0
    sentence = _TAG.sub("", setting.sentence)
    for found in _MEANINGFUL.finditer(sentence):
        piece, says_much = found[0], _SAYS_MUCH.match(sentence, found.start()) is not None
        if piece in _GRAMMAR or demands.says(piece):
            continue
        if not (len(piece) > 1 or piece.isdigit()) and piece in known:
            continue
        room += 2 if says_much else 1
        if room >= _NEW:
            return True
    return leads_to_list(setting)


def _beside(setting: Setting) -> str:
    """What is known beside the text."""
    return "\n".join(heading for heading in setting.headings if not _is_text(heading, setting))


def _is_text(heading: str, setting: Setting) -> bool:
    """Whether the heading is a piece of the text itself: of a note without one the first line is its title."""
    return len(heading) > _LONG and (heading[:_LONG] in setting.sentence or setting.sentence.strip() in heading)


def has_kind(demands: Demands, setting: Setting) -> bool:
    """Whether the sentence, or the list that it leads to, holds the kind of thing that is asked for. The cells of a
    table say by their headings what they are (人口：1286, 姓名：韩景春): they need no unit, but who holds an office
    is named."""
    if not _tells_measure(demands.measure, setting.sentence):
        return False
    kind = demands.kind
    if is_row(setting.sentence):
        if kind.lacks_hour(setting.sentence):
            return False
        if demands.office is not None and "person" in kind.kinds and not _names_person(setting.sentence):
            return False
        has_figure = _DIGIT.search(setting.sentence) is not None or kind.told_in_words(setting.sentence)
        return has_figure or not _FIGURES & set(kind.kinds)
    if "place" in kind.kinds and _OF_NO_PLACE.match(setting.sentence) and not HAS["place"].search(setting.sentence):
        return False
    if demands.measure.is_whether or not kind.lacked_by(setting.sentence):
        return True
    is_lead = leads_to_list(setting) and not kind.asks_issuer  # whoever signs is no item of what is listed
    return is_lead and not kind.lacked_by("".join(setting.texts[setting.number :]))


def _names_person(row: str) -> bool:
    """Whether one of the cells of a row names a person, as far as its heading or its form tells. A row without a
    Chinese heading is left to the reader."""
    cells = [(head.strip(), value.strip()) for head, _, value in (cell.partition(":") for cell in row.split(" | "))]
    if not any(map(is_unspaced, row)):
        return True
    return any(
        _OF_PERSONS.search(head) is not None or (NAME.fullmatch(value) is not None and value[-1] not in PLACES)
        for head, value in cells
        if value and not _DIGIT.search(value) and head[-1:] not in {*PLACES}
    )


def _tells_measure(asked: AskedMeasure, sentence: str) -> bool:
    """Asked for the most of many, or for a sum over many, one of them is no answer."""
    if asked.is_most and not _TELLS_MOST.search(sentence):
        return False
    if not asked.is_sum or _TELLS_SUM.search(sentence):
        return True
    return asked.counted is not None and asked.counted in sentence
