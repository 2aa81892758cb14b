"""From one engine to another: what one has of its documents, as another takes it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from operator import itemgetter

from retrieval.embedding.base import Vectors
from retrieval.errors import StorageError
from retrieval.index.base import IndexedDocument, IndexStore, text_key
from retrieval.index.upkeep import DamagedError, KeptDocument
from retrieval.types import Sentence, quote


@contextmanager
def documents_of(store: IndexStore) -> Iterator[Iterator[IndexedDocument]]:
    """All documents of a store while nobody else writes there, in the order in which they were put: of passages that
    answer equally well, as copies of a file do, the earlier is cited first. Raises StorageError for one that is
    damaged."""
    with store.writing(0) as index, store.salvaging() as salvage:

        def documents() -> Iterator[IndexedDocument]:
            for number, path in sorted(salvage.documents().items(), key=itemgetter(0)):
                try:
                    kept = salvage.read(number)
                    salvage.check_vectors(number)
                except DamagedError as error:
                    raise StorageError(f"{path or 'A document'} is damaged: {error}.") from error
                whole = index.document(kept.document_id)
                left_out = whole.left_out if whole else ()
                told = replace(kept, document=replace(kept.document, left_out=left_out))
                yield indexed(told, index.known_vectors({key for own in kept.keys for key in own}))

        yield documents()


def indexed(kept: KeptDocument, vectors: Mapping[bytes, Vectors]) -> IndexedDocument:
    """A kept document as one that is put; `vectors` are those of its keys."""
    text, sentences, found = kept.document.text, dict[int, Sentence](), dict[bytes, Vectors]()
    for stored, keys in zip(kept.passages, kept.keys, strict=True):
        sentences |= enumerate(stored.sentences, stored.passage.first)
        texts = [
            stored.passage.searched(stored.text),
            *(quote(text, sentence.spans) for sentence in stored.sentences),
        ]
        # By the keys that are made of them today: an older index may have made others.
        found |= {text_key(own): vectors[key] for own, key in zip(texts, keys, strict=True)}
    in_order = [sentences.get(i, Sentence(())) for i in range(max(sentences, default=-1) + 1)]
    passages = [stored.passage for stored in kept.passages]
    return IndexedDocument(kept.document_id, kept.sha256, kept.document, in_order, passages, found)
