"""A corpus as large as wanted, near real news: documents of real sentences in new orders, vectors near real ones.

What it keeps of the real: sentences, and with them words, their frequencies and lengths; where vectors lie. What it
does not: that the sentences of a document have to do with each other, and that a vector is that of its text. So it
tells what things cost, and how well an approximate search does what an exact one does; not whether answers are right.
"""

import hashlib
import random
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from benchmarks.common.documents import sentences
from retrieval.embedding.base import ModelIdentity, Vectors
from retrieval.index.embedded.document_database import DocumentDatabase
from retrieval.index.embedded.generations import GenerationFolders
from retrieval.index.embedded.index import DATABASE, EmbeddedIndex
from retrieval.ingestion.ingest import Ingest, Progress, sha256_of
from retrieval.service import KnowledgeBase
from retrieval.types import Document, Paragraph

FOLDER = Path("/near-real")
"""Where the documents say that they lie."""
_LENGTH = 3_000
"""Characters of a document that is put together: about nine passages."""
_PASSAGES = 9
_LEARNED_FROM = 20_000
"""Real vectors that others are mixed of, at most."""
_PARAGRAPH = 4
"""Sentences of a paragraph."""
_MIX = (0.6, 1.0)
"""Share of the nearer of two real vectors that a new one is mixed of."""
_NOISE = 0.25
"""Length of what is added to it in a random direction."""


class NearReal:
    """An embedder that gives each text a vector near real ones, always the same."""

    engine = "mixed real vectors"

    def __init__(self, real: Vectors, identity: ModelIdentity) -> None:
        self._real = real
        self.identity = identity

    def embed_questions(self, questions: Sequence[str]) -> Vectors:
        return self.embed_passages(questions)

    def embed_passages(self, passages: Sequence[str]) -> Vectors:
        """Shape (passages, dimension), unit length: two real vectors mixed, and noise."""
        seed = hashlib.blake2b("\0".join(passages).encode(), digest_size=8).digest()
        draw = np.random.default_rng(int.from_bytes(seed, "little"))
        count = len(passages)
        share = draw.uniform(*_MIX, size=(count, 1)).astype(np.float32)
        first, other = (self._real[draw.integers(len(self._real), size=count)] for _ in range(2))
        noise = draw.standard_normal((count, self._real.shape[1]), np.float32) * np.float32(
            _NOISE / np.sqrt(self._real.shape[1])
        )
        mixed = share * first + (1 - share) * other + noise
        vectors: Vectors = mixed / np.linalg.norm(mixed, axis=1, keepdims=True)
        return vectors


def recombined(known: Sequence[str], seed: int, length: int) -> Iterator[tuple[Document, str]]:
    """Documents of about so many characters, each with the SHA-256 of its text, without end."""
    draw = random.Random(seed)
    number = 0
    while True:
        text, spans = "", []
        while len(text) < length:
            paragraph = "".join(draw.choices(known, k=_PARAGRAPH))
            spans.append((len(text), len(text) + len(paragraph)))
            text += paragraph + "\n"
        title = draw.choice(known)[:24]
        path = FOLDER / f"{seed}" / f"{seed}-{number:07}.txt"
        paragraphs = tuple(Paragraph((span,)) for span in spans)
        yield (
            Document(path, title, text, paragraphs, date=f"20{draw.randint(20, 25)}-{draw.randint(1, 12):02}-15"),
            (sha256_of(text.encode())),
        )
        number += 1


def mix(
    base: KnowledgeBase, home: Path, size: int, say: Callable[[str], None], apart_from: Path | None = None
) -> None:
    """Fill the index up to so many passages with near-real documents, without the sentences of the files in
    `apart_from`."""
    folder = GenerationFolders(home / "index").current()
    store = DocumentDatabase(folder / DATABASE)
    learned = store.vectors.own(store.added_since(0, store.stamp().seq)[:_LEARNED_FROM])[1]
    store.close()
    embedder = NearReal(learned, base.embedder().identity)
    documents = recombined(sentences(apart_from), int(base.stats()["documents"]), _LENGTH)
    index = EmbeddedIndex(folder)
    with index.writing(5):
        while (missing := size - int(index.stats()["passages"])) > 0:
            count = -(-missing // _PASSAGES)
            Ingest(index, lambda: embedder, base.settings, _every(20_000, missing, say)).carry(
                islice(documents, count), count
            )
        index.save_caches(whole=True)
    index.close()


def _every(passages: int, total: int, say: Callable[[str], None]) -> Callable[[Progress], None]:
    told = 0

    def tell(progress: Progress) -> None:
        nonlocal told
        if progress.passages >= told + passages:
            told = progress.passages
            say(f"  {told:,} of {total:,} near-real passages")

    return tell
