"""Hits and questions to work out by hand."""

from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

from retrieval.features import Closeness
from retrieval.index.base import TermStatistics
from retrieval.query.question import Question
from retrieval.query.question_text import QuestionText
from retrieval.ranking.evidence import features_of, scores_of
from retrieval.types import Context, DocumentRecord, Hit, Passage, Sentence, StoredPassage

PASSAGES = 10


def asking(text: str, held: dict[str, int] | None = None) -> Question:
    """The question over an index of ten passages; each token stands in one of them unless `held` says otherwise."""
    asked = QuestionText(text)
    counts = dict.fromkeys(asked.tokens, 1) | (held or {})
    return Question.of(asked, TermStatistics(PASSAGES, counts))


def stored(
    sentences: Sequence[str],
    *,
    title: str = "标题",
    section: str | None = None,
    place: str | None = None,
    date: str | None = None,
    levels: Sequence[int] = (),
    document_id: str = "d",
) -> StoredPassage:
    ends = list(accumulate(map(len, sentences)))
    spans = zip([0, *ends], ends, strict=False)
    own = tuple(Sentence((span,), level) for span, level in zip(spans, levels or [0] * len(ends), strict=True))
    record = DocumentRecord(
        document_id, Path(f"/docs/{document_id}.txt"), title, date, None, ends[-1], 1, "sha", "now"
    )
    context = Context(title, place, date)
    passage = Passage(f"{document_id}-p", 0, 0, len(ends), ((0, ends[-1]),), section, None, context)
    return StoredPassage(passage, record, "".join(sentences), own)


def hit(
    question: Question,
    sentences: Sequence[str],
    cosines: Sequence[float],
    *,
    closeness: Sequence[float] = (0.5, 0.5, 0.5),
    passage: StoredPassage | None = None,
    document_id: str = "d",
) -> Hit:
    """A hit with the features that the sentences have; `closeness` is dense, lexical and best."""
    passage = passage or stored(sentences, document_id=document_id)
    (features,) = features_of(question, [passage], [Closeness(*closeness)], [cosines])
    return Hit(passage, 0.9, 1.0, tuple(cosines), tuple(features), scores_of(features))
