"""A place of the documents, for an example of what may be asked next: 那云溪县呢？"""

from retrieval.errors import NotFoundError
from retrieval.service import KnowledgeBase
from retrieval.types import DocumentRecord

_LOOKED_INTO, _SHORT = 10, 300
"""So many documents are looked into, none of more passages."""


def example_place(base: KnowledgeBase) -> str | None:
    """One that a passage belongs to, of the first documents; None where there is none."""
    short = (record for record in base.documents(0, _LOOKED_INTO) if record.passages <= _SHORT)
    return next((place for record in short if (place := _place_of(base, record)) is not None), None)


def _place_of(base: KnowledgeBase, record: DocumentRecord) -> str | None:
    try:
        passages = base.passages_of(record.document_id)
    except NotFoundError:  # removed meanwhile
        return None
    return next((stored.passage.context.place for stored in passages if stored.passage.context.place), None)
