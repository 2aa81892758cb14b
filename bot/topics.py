"""What is in here, by the topics that the newest documents share."""

from collections.abc import Sequence

from retrieval.errors import NotFoundError
from retrieval.service import KnowledgeBase, topics
from retrieval.types import DocumentRecord

_TITLES = 2000
_LOOKED_INTO, _SHORT = 30, 300
"""Of so many the headings inside are looked at too, where they have no more passages than this."""


def topics_of(base: KnowledgeBase, newest: Sequence[DocumentRecord]) -> list[str]:
    """At most five words; none where nothing sensible can be told."""
    headings = [_headings(base, record) for record in newest[:_LOOKED_INTO]]
    return topics([*headings, *({record.title} for record in newest[_LOOKED_INTO:_TITLES])])


def _headings(base: KnowledgeBase, record: DocumentRecord) -> set[str]:
    if record.passages > _SHORT:
        return {record.title}
    try:
        passages = [stored.passage for stored in base.passages_of(record.document_id)]
    except NotFoundError:  # removed meanwhile
        return set()
    inside = {text for passage in passages for text in (passage.context.title, passage.section) if text}
    return {record.title, *inside}
