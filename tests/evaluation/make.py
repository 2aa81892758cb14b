"""Questions and answers made by hand."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from config.settings import AnswerSettings
from retrieval.evaluation.judge import judge, rank_of
from retrieval.evaluation.questions import LabelledQuestion
from retrieval.evaluation.run import Evaluation, Item
from retrieval.types import Answer, Citation, Quote, Span, Status


def question(text: str = "青禾县有多少网格员", **fields: Any) -> LabelledQuestion:
    return LabelledQuestion(**{"id": text, "text": text, "kind": "easy"} | fields)


def citation(number: int, text: str, document: str = "a.txt", spans: tuple[Span, ...] = ((0, 1),)) -> Citation:
    return Citation(
        number=number,
        document=document,
        path=f"/{document}",
        url=None,
        document_id=document,
        passage_id=f"{document}:{text[:20]}",
        title="标题",
        section=None,
        place=None,
        date=None,
        page=None,
        spans=spans,
        text=text,
        score=0.5,
    )


def answer(*texts: str | Citation, quoted: Sequence[tuple[int, str]] = (), confidence: float = 0.5) -> Answer:
    """An answer that cites the texts, of a.txt where they are given as texts; `quoted` names citations by number and
    the words quoted of each. Nothing cited: not_found; nothing quoted: related."""
    cited = [
        cited_text if isinstance(cited_text, Citation) else citation(n, cited_text)
        for n, cited_text in enumerate(texts, start=1)
    ]
    starts = [(number, cited[number - 1].text.index(words), len(words)) for number, words in quoted]
    quotes = tuple(Quote(number, start, start + length) for number, start, length in starts)
    status: Status = "answered" if quoted else "related" if cited else "not_found"
    shown = "\n".join(words for _, words in quoted) or None
    return Answer("?", status, confidence, None, shown, quotes, tuple(cited), {"total": 10.0})


def item(asked: LabelledQuestion, given: Answer) -> Item:
    return Item(asked, given, rank_of(asked, given.citations), judge(asked, given))


def evaluation(*items: Item, missing: tuple[str, ...] = ()) -> Evaluation:
    return Evaluation(items, missing, 3, AnswerSettings().thresholds(read=False))


def write_lines(path: Path, *rows: object) -> Path:
    """A file of JSON Lines."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


def squad(*articles: Sequence[tuple[str, Sequence[tuple[str, str]]]]) -> dict[str, Any]:
    """SQuAD: articles of paragraphs, each a text and its questions with their answers."""
    return {
        "data": [
            {
                "title": f"article {a}",
                "paragraphs": [
                    {
                        "context": context,
                        "qas": [
                            {
                                "id": f"{a}-{p}-{q}",
                                "question": asked,
                                "answers": [{"text": gold, "answer_start": context.index(gold)}],
                            }
                            for q, (asked, gold) in enumerate(qas)
                        ],
                    }
                    for p, (context, qas) in enumerate(paragraphs)
                ],
            }
            for a, paragraphs in enumerate(articles)
        ]
    }
