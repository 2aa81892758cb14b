"""Prices and fees whose term is over: 执行期限为2023年1月1日至2024年12月31日, 自2023年3月1日起施行，有效期2年.

A paper tells the term of all that stands in it, or a sentence that of its own.
"""

import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache, partial
from typing import TypeVar

from retrieval.answering.checks.setting import Setting
from retrieval.answering.compose import only_related
from retrieval.query.asked.times import AskedTime
from retrieval.query.demands import Demands
from retrieval.query.question import Question
from retrieval.ranking.evidence import sentence_spans
from retrieval.reasons import Reason
from retrieval.text.day_spans import LONG_AGO, day_spans
from retrieval.text.lists import without_mark
from retrieval.text.numbers import integer
from retrieval.types import Answer, Hit

_TERM = re.compile(
    r"(?:(?:执行|实施|施行|试行|优惠|适用|有效)(?:期限?|时[间限])|(?:执行|施行|实施|有效)(?=[至到]))(?:暂?[定为是]|:)*(?P<told>[^。;\n]*)"
)
_LASTS = re.compile(
    r"(?<![\d〇零一二三四五六七八九十])(?:\d{1,2}|[二三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])"
    r"(?=年(?![\d一二三四五六七八九十度底末初])|个月)"
)
"""For how long, and not until which year: 至2024年, 至二〇二六年底."""
_SENTENCE = re.compile(r"[^。;\n]+")
_PAPER = "通知|通告|公告|办法|规定|方案|文件|政策|细则|意见|决定|价格|票价|标准|收费"
_OF_ALL = re.compile(
    rf"(?:本次?|该|此|上述|以上|前述|上列|调整后的?|新)?的?(?:销售|收费)?(?:{_PAPER})+|[自从]|(?:之日)?起|[\d年月日]+|"
    "印发|发布|公布|正式|开始|[执施试]行|实施|生效|[,、:及和]"
)
"""What may stand before a term that is that of all of a paper."""

_YEAR = re.compile(r"(?:19|20)\d\d(?=[年./-])")
_SINCE_ISSUE = re.compile("(?:印发|发布|公布|颁布|下发)之日起")

K = TypeVar("K", bound=Hashable)
TextOf = Callable[[str], str]
"""The text of a document, folded, by its id."""


def over_beside_others(asked: AskedTime, likely: Mapping[K, Setting]) -> list[K]:
    """Those whose term had ended at the time that is asked, where a price or a fee is, beside others that answer as
    well and whose has not."""
    over = [place for place, setting in likely.items() if _over_since(asked, setting) is not None]
    return over if len(over) < len(likely) else []


def without_over(question: Question, hits: Sequence[Hit], composed: Answer, text_of: TextOf, today: date) -> Answer:
    """Only related, with the last day of the term, where what is quoted first was over then."""
    asked = Demands.of(question, (), today).time
    for quote in composed.quotes[:1]:
        passage_id = composed.citations[quote.citation - 1].passage_id
        for stored in (hit.stored for hit in hits if hit.stored.passage.passage_id == passage_id):
            spans = enumerate(sentence_spans(stored))
            quoted = [number for number, (start, end) in spans if start < quote.end and quote.start < end]
            document = partial(text_of, stored.document.document_id)
            ended = [_over_since(asked, Setting(stored, number, document)) for number in quoted]
            if days := [day for day in ended if day is not None]:
                reason = Reason("term_over", question.language, day=max(days).isoformat())
                return replace(only_related(question, composed), reason=reason, closest=quote)
    return composed


def _over_since(asked: AskedTime, setting: Setting) -> date | None:
    """The last day of its term; None where that has none, or not ended at the time that is asked."""
    if not asked.is_of_price or asked.is_of_the_past or asked.is_when or asked.today is None:
        return None
    year = min(asked.years, default=asked.meant_year)
    day = asked.today if year is None or year == asked.today.year else date(year, 1, 1)
    last = max(_ends(setting), default=None)
    return last if last is not None and last < (asked.near.first if asked.near else day) else None


def _ends(setting: Setting) -> Iterator[date]:
    """The last days that the sentence, or else its document, tells."""
    written = setting.written or LONG_AGO
    own = [*_last_days(setting.sentence, written)]
    yield from own or (
        last
        for sentence in _SENTENCE.findall(setting.document)
        if (term := _TERM.search(sentence)) and not _OF_ALL.sub("", without_mark(sentence[: term.start()]))
        for last in _last_days(sentence, written)
    )


@lru_cache(256)
def _last_days(sentence: str, written: date) -> tuple[date, ...]:
    """Of each term in a folded sentence, where the year in which it ends is known: no 每年4月1日至10月31日."""
    return tuple(last for term in _TERM.finditer(sentence) if (last := _last_day(sentence, term["told"], written)))


def _last_day(sentence: str, told: str, written: date) -> date | None:
    since = [span.first for span in day_spans(sentence, written) if span.relation == "on"]
    since += [written] if _SINCE_ISSUE.search(sentence) and written != LONG_AGO else []
    if since and (lasts := _LASTS.search(told)):
        count = integer(lasts[0]) * (12 if told.startswith("年", lasts.end()) else 1)
        year, month = divmod(since[0].year * 12 + since[0].month - 1 + count, 12)
        return date(year, month + 1, 1) + timedelta(since[0].day - 2)
    years = [int(year) for year in _YEAR.findall(told)]
    spans = day_spans(told, written)
    if not years or any(span.relation == "on" for span in spans):
        return None
    return max((span.last for span in spans), default=date(max(years), 12, 31))
