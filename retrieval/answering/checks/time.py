"""Is the sentence of the time that is asked? 2024 is not answered from 2018, nor 上半年 with the whole year."""

import re

from retrieval.answering.checks.days import is_in_force, is_of_days
from retrieval.answering.checks.setting import Setting
from retrieval.query.asked.times import AskedTime
from retrieval.text.codes import YEAR_AND_NUMBER
from retrieval.text.fold import fold
from retrieval.text.lists import is_row
from retrieval.text.times import NOW, days_in, periods_in, recent_in, relative_years, seasons_in, years_in

_FULL_DATE = re.compile(r"(?:19|20)\d\d年\d{1,2}月\d{1,2}[日号]|(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}")
_THEN = re.compile("以前|过去|从前|原先|曾经|原来(?!是)")
_YEARLY = frozenset({"year"})
_COMPARED = re.compile(r"[比较](?:(?:19|20)\d\d年|去年|上年|前年)(?:同期|同月|全年|年?[末底])?")
"""Of such a year is what a figure is compared with, not the figure."""
_AGAINST = re.compile(
    "(?:[与同和]|[高低好多]于)(?:去年|上年|前年)|(?:去年|上年|前年)(?:同期|[^,。;]{0,6}(?:以来|起(?!草)))"
)
"""The same of 去年, and since when something holds."""
_DATE = r"((?:19|20)\d\d)年(?:\d{1,2}月(?:\d{1,2}[日号])?)?"
_SINCE = re.compile(rf"(?:[自从]{_DATE}[^,。;\d]{{0,8}}?|{_DATE})(?:(?<!一)起(?![至到步草诉—~-])|开始)")
"""From when something holds, and still does."""
_BASIS = re.compile(
    r"(?:根据|按照|依据|依照)[^,。;]{0,20}?(?:19|20)\d\d年[^,。;]{0,20}?(?:文件|规定|通知|要求|标准)|"
    rf"{YEAR_AND_NUMBER}"
)
_OF_PERSONS = re.compile(
    rf"(?<!截[止至])(?:{_DATE}[至到—~-])?{_DATE}(?:\([^()]{{1,6}}\))?"
    r"(?:[之以]前|前(?![一二三四六九\d])|[^,。;]{0,4}(?:出生|[应往]届)(?![^,。;]{0,12}(?:[率数]|人口|\d[人名])))"
)
"""Of such a year is who may have what the sentence promises: 2020年8月31日前出生的儿童."""
_IN_BRACKETS = re.compile(r"[(\[〔【][^)\]〕】]*[)\]〕】]")
_LIMIT = re.compile(r"[日号](?:[之以]?[前后内]|[至到起止—~-])|(?:截[止至]|至|到)(?:20\d\d年)?\d{1,2}月")


def is_of_time(asked: AskedTime, setting: Setting) -> bool:
    """Whether the sentence may be of the years, parts of the year and days that are asked."""
    written = setting.stored.passage.context.date
    if asked.is_impossible:
        return False
    if asked.is_now and _THEN.search(setting.sentence) and not NOW.search(setting.sentence):
        return False
    return (
        _is_of_year(asked, setting, written)
        and _is_of_year_meant(asked, setting, written)
        and _is_recent(asked, setting, written)
        and _is_of_period(asked, setting)
        and (not asked.days or _is_of_day(asked, setting))
        and is_of_days(asked, setting)
        and is_in_force(asked, setting)
    )


def _is_of_year(asked: AskedTime, setting: Setting, written: str | None) -> bool:
    if not asked.years:
        return True
    own = years_in(_COMPARED.sub(" ", setting.sentence), written or _year_of_title(setting))
    if asked.years & own:
        return _is_of_season(asked, setting)
    if own and not asked.is_when:
        return False
    if asked.years & years_in("\n".join(setting.headings), written):
        return True
    # The date of a signature above the text is not what the text is about.
    told = next((years for text in reversed(setting.before) if (years := years_in(_FULL_DATE.sub(" ", text)))), None)
    if told is not None:
        return bool(asked.years & told)
    if written and written[:4].isdigit() and int(written[:4]) in asked.years:
        return True
    return bool(asked.years & years_in(setting.document))


def _year_of_title(setting: Setting) -> str | None:
    """The year in which 今年 was written, where the headings name one alone; 2027年度 is told of before it begins."""
    headings = "\n".join(setting.headings)
    years = years_in(headings) if not seasons_in(headings) else set()
    return str(*years) if len(years) == 1 else None


def _is_of_season(asked: AskedTime, setting: Setting) -> bool:
    """Whether the sentence does not only tell days of the year whose 年度 is asked, in a paper of another one's."""
    told = seasons_in("\n".join(setting.headings))
    if not asked.seasons or not told or asked.seasons & told:
        return True
    return bool(asked.years & years_in(_FULL_DATE.sub(" ", setting.sentence)))


def _is_of_year_meant(asked: AskedTime, setting: Setting, written: str | None) -> bool:
    """Whether the sentence names no other year than the one that 去年 means on the day on which is asked. One that
    names none, or says 去年 as well, may mean it, and so may one that holds since an earlier year."""
    meant = asked.meant_year
    if meant is None or asked.shifts & relative_years(setting.sentence):
        return True
    text = _BASIS.sub(" ", _COMPARED.sub(" ", setting.sentence))
    text = _SINCE.sub(lambda since: " " if int(since[1] or since[2]) <= meant else since[0], text)
    own = years_in(text)
    if not own and (shifts := relative_years(_AGAINST.sub(" ", text))):
        is_dated = written is not None and written[:4].isdecimal()
        # A text without a date may be an old one, but none is written later than it is asked about.
        return meant in years_in(text, written) if is_dated else max(shifts) >= max(asked.shifts)
    if not own and is_row(setting.sentence):  # a table of 2025 tells what was then
        own = years_in(_IN_BRACKETS.sub(" ", fold(setting.stored.passage.context.title)))
    if not own or meant in own:
        return True
    paper = "\n".join((written or "", *setting.headings))
    if meant in years_in(paper) and not years_in(_OF_PERSONS.sub(" ", text)):
        return True
    return asked.is_when and meant in years_in(f"{paper}\n{setting.document}", written)


def _is_recent(asked: AskedTime, setting: Setting, written: str | None) -> bool:
    """Whether a figure is not of years before the last N, where 近N年 is asked; fewer of them than N may answer,
    but no figure of all of 近五年 who asks of three."""
    if asked.recent is None or asked.today is None or not asked.is_number:
        return True
    if (told := recent_in(setting.sentence)) and asked.recent not in told:
        return False
    own = years_in(_SINCE.sub(" ", setting.sentence), written)
    return not own or max(own) >= asked.today.year - asked.recent


def _is_of_period(asked: AskedTime, setting: Setting) -> bool:
    # Asked of a year, a half of it is too little; asked of a day or of nothing, any may be meant.
    wanted = asked.periods or (
        _YEARLY if (asked.years or asked.is_over) and asked.is_number and not asked.days else frozenset()
    )
    for text in setting.near_to_far if wanted else ():
        told = periods_in(text)
        if told:
            return bool(wanted & told)
        if wanted == _YEARLY and years_in(text):
            return True
    if not wanted or wanted == _YEARLY:
        return True
    told = periods_in(setting.document)  # one that tells of several does not say which it means here
    return bool(told) and told <= wanted


def _is_of_day(asked: AskedTime, setting: Setting) -> bool:
    def told(text: str) -> bool:
        return any(
            m == month and (day is None or d is None or d == day)
            for m, d in days_in(text)
            for month, day in asked.days
        )

    if told(setting.sentence):
        return True
    # What another day had is no answer; until when and from when something holds is not its day.
    is_of_another = any(day is not None for _, day in days_in(setting.sentence))
    if is_of_another and not asked.is_when and not _LIMIT.search(setting.sentence):
        return False
    around = (*setting.before, *setting.headings, setting.stored.passage.context.date or "")
    return any(map(told, around))
