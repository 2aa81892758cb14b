"""What became of a paper that is no document itself, where another names it among those that it ends."""

import datetime
import re
from collections.abc import Callable, Iterator
from functools import partial

from retrieval.answering.versions.later_papers import LaterPapers, RuleUpdate
from retrieval.index.base import PassageIndex
from retrieval.query.library.paper import Paper
from retrieval.ranking.evidence import sentence_texts
from retrieval.text.codes import FILE
from retrieval.text.fold import fold
from retrieval.text.tokens import tokenize
from retrieval.types import Citation

_LOOKED_AT = 100
_NAMED = re.compile(rf"(?P<title>(?:[^\W\d_]|\([试暂]行\)){{4,60}})》?(?:的通知)?(?:\(原?(?P<file>{FILE})[^()]*\))?")
"""As a list or a sentence names a paper: 《供水办法》（柏政发〔2016〕3号）, or without the marks."""


def end_of_unheld(
    index: PassageIndex, paper: Paper, text_of: Callable[[str], str], today: datetime.date
) -> tuple[str, RuleUpdate] | None:
    """The title as it is named there, and what ended it; None where nothing is found, or several go by that name.
    `text_of` gives the folded text of a document of the index."""
    asked = paper.title or (f"{paper.file.maker[-2:]}{paper.file.year} {paper.file.number}号" if paper.file else "")
    holding = index.holding(tokenize(asked), _LOOKED_AT)
    named = {found for stored in holding for text in sentence_texts(stored) for found in _named(fold(text), paper)}
    ended = []
    for title, file in sorted(named):
        rule = Citation(1, "", "", None, "", "", title, None, None, None, None, (), "", 0.0)
        papers = LaterPapers(index, partial(_text, text_of, f"\n{file}\n"), today, holding)
        if (later := papers.newest_of(rule, is_ended=True)) is not None:
            ended.append((title, later))
    return ended[0] if len({title for title, _ in ended}) == 1 else None


def _text(text_of: Callable[[str], str], own: str, document_id: str) -> str:
    return text_of(document_id) if document_id else own


def _named(text: str, paper: Paper) -> Iterator[tuple[str, str]]:
    """Title and number of the papers in a folded text that go by what is asked; the number may be empty."""
    for match in _NAMED.finditer(text):
        title, file = match["title"], match["file"] or ""
        if paper.title is not None:
            if title.endswith(paper.title):
                yield title, file
        elif paper.file is not None and file and paper.file.is_borne_by(f"\n{file}\n"):
            yield title, file
