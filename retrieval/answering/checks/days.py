"""Is the sentence of the days that 明天 or 下周 means, and does what it says hold on the day on which is asked?"""

import re

from retrieval.answering.checks.setting import Setting
from retrieval.query.asked.times import AskedTime
from retrieval.text.day_spans import LONG_AGO, WEEKLY, day_spans, near_spans
from retrieval.text.times import NOW, seasons_in

_SIGNED = re.compile(r"[^:,。;]*(?:19|20)\d\d年\d{1,2}月\d{1,2}[日号]\s*")
"""The line of who issued a paper when."""
_HOLDS_FROM = re.compile(
    r"[自从][^,。;]{2,20}起|起[^。;]{0,20}?(?:执行|实施|施行|生效|调整|提高|降低|[改变]为|任命|担任)"
)
"""Of what holds from a day on; what is begun then (12月5日起报名) may be asked about before."""


def is_of_days(asked: AskedTime, setting: Setting) -> bool:
    """Whether the nearest that tells of any day around the sentence tells of one that is asked. What is so every
    week may be of any, and 明天 in a text that does not say when it was written is of none that is known."""
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
            near = near_spans(text, written or asked.today)
            known = near if written else [span for span in near if span.first < span.last]
            told = [*day_spans(text, written or asked.today), *known]
            if told or near:
                return any(span.meets(asked.near) for span in told)
            if WEEKLY.search(text):
                return True
    return True


def is_in_force(asked: AskedTime, setting: Setting) -> bool:
    """Whether what the sentence says has begun, where no time is named and no change is asked; and has not ended,
    where it is asked what holds now. What is of this 年度 holds, until whenever it was to be paid."""
    today = asked.today
    if today is None or asked.names_time or asked.is_of_change or NOW.search(setting.sentence):
        return True
    spans = day_spans(setting.sentence, setting.written or LONG_AGO)
    begun = [span.first <= today for span in spans if span.relation == "on"]
    if begun and _HOLDS_FROM.search(setting.sentence):
        return any(begun)
    if not asked.is_now:
        return True
    seasons = seasons_in(setting.sentence)
    if today.year in seasons:
        return True
    if seasons and min(seasons) > today.year:
        return False
    terms = [span for span in spans if span.relation == "between" and span.last.year > LONG_AGO.year]
    return not terms or any(today <= span.last for span in terms)
