"""Where in a sentence the figure stands that the question asks for."""

from collections.abc import Sequence

from retrieval.answering.statements import StatementReader
from retrieval.query.second import second_part
from retrieval.query.terms import Terms
from retrieval.query.wanted import WantedFigure, wanted_figure
from retrieval.text.fold import fold_with_offsets
from retrieval.text.numbers import Day, Quantity, days, quantities
from retrieval.types import Span


def asked_figures(question: str, sentence: str) -> tuple[Span, ...]:
    """The figures with their units, or the date, [start, end) each; none where it is not plain which is asked."""
    asked = wanted_figure(question)
    if asked is None or second_part(question) is not None:
        return ()
    folded, offsets = fold_with_offsets(sentence)
    ends = [*offsets[1:], len(sentence)]
    found: Sequence[Quantity | Day] = list(days(folded)) if asked.is_date else _figures(asked, folded)
    if asked.is_date and len(found) != 1:
        return ()
    return tuple(sorted({(offsets[figure.start], ends[figure.end - 1]) for figure in found}))


def _figures(asked: WantedFigure, sentence: str) -> list[Quantity]:
    """Those beside the thing; or else the only one that has a unit of the kind."""
    for head, _ in asked.heads():
        if beside := [figure for _, figure in StatementReader(asked, head, Terms({})).figures(sentence)]:
            return beside
    fitting = [figure for figure in quantities(sentence) if figure.kind is not None and figure.kind in asked.kinds]
    return fitting if len(fitting) == 1 else []
