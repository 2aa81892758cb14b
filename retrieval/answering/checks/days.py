"""Is the sentence of the days that 明天 or 下周 means, and does what it says hold on the day on which is asked?"""

import datetime
import re

from retrieval.answering.checks.setting import Setting
from retrieval.query.asked.times import AskedTime
from retrieval.text.day_spans import day_spans, near_spans
from retrieval.text.times import NOW

_SIGNED = re.compile(r"[^:,。;]*(?:19|20)\d\d年\d{1,2}月\d{1,2}[日号]\s*")
"""The line of who issued a paper when."""
_LONG_AGO = datetime.date(1970, 1, 1)
"""When a day is whose year nothing tells."""


def is_of_days(asked: AskedTime, setting: Setting) -> bool:
    """Whether the nearest that tells of any day around the sentence tells of one that is asked."""
    if asked.near is None or asked.today is None:
        return True
    written = setting.written
    around = (
        *setting.near_to_far[: setting.number + 1],
        *setting.texts[setting.number + 1 :],
        *reversed(setting.headings),
    )
    for text in around:
        if _SIGNED.fullmatch(text) is None:
            told = [*day_spans(text, written or asked.today), *near_spans(text, written or asked.today)]
            if told:
                return any(span.meets(asked.near) for span in told)
    return True


def is_in_force(asked: AskedTime, setting: Setting) -> bool:
    """Whether what the sentence says has begun, where no time is named and no change is asked; and has not ended,
    where it is asked what holds now."""
    today = asked.today
    if today is None or asked.names_time or asked.is_of_change or NOW.search(setting.sentence):
        return True
    spans = day_spans(setting.sentence, setting.written or _LONG_AGO)
    begun = [span.first <= today for span in spans if span.told == "on"]
    if begun:
        return any(begun)
    terms = [span for span in spans if span.told == "between" and span.last.year > _LONG_AGO.year]
    return not asked.is_now or not terms or any(today <= span.last for span in terms)
