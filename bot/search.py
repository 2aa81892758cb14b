"""What more than one door looks for without an answer: passages near a question, and documents by their names."""

import unicodedata
from collections.abc import Iterable
from typing import Any

from bot.render.json import citation_object
from retrieval.service import KnowledgeBase, Scope, cite
from retrieval.types import DocumentRecord


def passages_near(base: KnowledgeBase, question: str, count: int, scope: Scope | None = None) -> list[dict[str, Any]]:
    """At most so many, best first, each as the JSON object of a citation."""
    _, hits = base.search(question, scope=scope)
    return [
        citation_object(cite(number, hit.stored, round(hit.score, 4), hit.also))
        for number, hit in enumerate(hits[:count], start=1)
    ]


def documents_matching(records: Iterable[DocumentRecord], words: str) -> list[DocumentRecord]:
    """Those that have each of the words in their title or the name of their file, in their order."""
    wanted = _flat(words).split()
    return [record for record in records if all(word in _flat(f"{record.title}\n{record.name}") for word in wanted)]


def newest_first(records: Iterable[DocumentRecord]) -> list[DocumentRecord]:
    """By the date of their own; those without one last, by when they were added."""
    return sorted(records, key=lambda record: (record.date or "", record.indexed_at), reverse=True)


def _flat(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
