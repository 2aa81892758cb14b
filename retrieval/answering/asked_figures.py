"""Where in a sentence the figure stands that the question asks for."""

import re
from collections.abc import Iterator

from retrieval.answering.statements import StatementReader, may_answer
from retrieval.query.asked.wanted import WantedFigure
from retrieval.query.question_text import QuestionText
from retrieval.query.words.terms import Terms
from retrieval.text.fold import fold_with_offsets
from retrieval.text.numbers import Quantity, days, quantities
from retrieval.types import Answer, Span

_PART = "凌晨|清晨|早[上晨]|上午|中午|下午|傍晚|晚上?|夜[间里]"
_CLOCK = re.compile(
    rf"(?:(?:{_PART})?(?<![\d.:])(?:2[0-4]|1\d|0?\d)|(?:{_PART})[一二两三四五六七八九十]{{1,3}})"
    r"(?::[0-5]\d(?!\d)|[时点](?:半|一刻|[0-5]?\d分?)?(?!意见|建议|要求|内容|经验|体会))",
    re.ASCII,
)
_DAY = re.compile(
    r"每?(?:周|星期)[一二三四五六日天末]|每[天日]|20\d\d-\d{1,2}-\d{1,2}|(?<!\d)(?:[12]\d|3[01]|0?[1-9])[日号](?!线|楼|院|文)",
    re.ASCII,
)
"""Beside those with their month."""
_JOINED = re.compile(r"[\s至到和起止、,()~—\-的]{0,4}(?:[次当][日天]| at )?")
"""Between the ends of a time, and its day and hours: 5月6日(周二)8时至17时."""
_GROUND = re.compile(r"(?:根据|按照?|依[据照])[^,。;]{0,12}$")
"""Before the date of a paper on which what is told rests."""


def asked_figures(answer: Answer, sentence: str) -> tuple[Span, ...]:
    """The figures that the question of the answer asks for, with their units, or the time, [start, end) each; none
    where it is not plain which is asked."""
    question = QuestionText(answer.understood or answer.question)
    if question.has_second_part:
        return ()
    folded, offsets = fold_with_offsets(sentence)
    ends = [*offsets[1:], len(sentence)]
    if (when := question.wanted_time) is not None:
        found = _time(folded, of_clock=when == "hour")
    else:
        asked = question.wanted_figure
        found = [(figure.start, figure.end) for figure in _figures(asked, folded)] if asked is not None else []
    return tuple(sorted({(offsets[start], ends[end - 1]) for start, end in found}))


def _time(sentence: str, *, of_clock: bool) -> list[Span]:
    """The only one that is told, from its beginning to its end."""
    hours = [match.span() for match in _CLOCK.finditer(sentence)]
    dates = [(day.start, day.end) for day in days(sentence)]
    dates += [match.span() for match in _DAY.finditer(sentence)]
    found = list(_joined(sentence, hours if of_clock else [*dates, *hours]))
    dated = [time for time in found if any(time[0] <= start < time[1] for start, _ in dates)]
    found = dated or found
    return found if len(found) == 1 and _GROUND.search(sentence[: found[0][0]]) is None else []


def _joined(sentence: str, parts: list[Span]) -> Iterator[Span]:
    """Those that stand beside each other as one."""
    start = end = -1
    for begins, ends in sorted(parts):
        if end < 0 or (begins > end and _JOINED.fullmatch(sentence, end, begins) is None):
            if end >= 0:
                yield start, end
            start = begins
        end = max(end, ends)
    if end >= 0:
        yield start, end


def _figures(asked: WantedFigure, sentence: str) -> list[Quantity]:
    """Those beside the thing; or else the only one that has a unit of the kind."""
    for head, _ in asked.heads():
        if beside := [figure for _, figure in StatementReader(asked, head, Terms({})).figures(sentence)]:
            return beside
    fitting = [figure for figure in quantities(sentence) if figure.kind and may_answer(asked, figure, sentence)]
    return fitting if len(fitting) == 1 else []
