"""Documents for an index, and what a search in it finds, scored."""

from collections.abc import Iterable
from pathlib import Path

from retrieval.index.base import IndexedDocument, PassageIndex, text_key
from retrieval.index.model_and_recipe import ModelAndRecipe
from retrieval.ranking.candidates import Candidate, by_words, candidates
from retrieval.text.tokens import tokenize
from retrieval.types import Context, Document, Paragraph, Passage, Sentence
from tests.support.paper import PaperEmbedder

GRID, CANTEEN, ELECTION = "左云县有网格员51名。", "云溪县有食堂52处。", "青禾县完成选举。"
SENTENCES = (GRID, CANTEEN, ELECTION, "网格员和志愿者参加培训。", "食堂食堂食堂。")
EVERYTHING = 1_000
MADE_BY = ModelAndRecipe(PaperEmbedder().identity, "recipe")


def made(document_id: str, *sentences: str, folder: Path = Path("/docs")) -> IndexedDocument:
    """A document with one passage for each sentence: the first is `<document_id>-0`."""
    starts = [sum(len(sentence) + 1 for sentence in sentences[:i]) for i in range(len(sentences))]
    spans = [((start, start + len(sentence)),) for start, sentence in zip(starts, sentences, strict=True)]
    document = Document(
        path=folder / f"{document_id}.txt",
        title=f"标题 {document_id}",
        text="\n".join(sentences),
        paragraphs=tuple(Paragraph(own) for own in spans),
        date="2025-07-03",
        url="https://example.org/a",
        page_starts=(0,),
    )
    passages = [
        Passage(f"{document_id}-{i}", i, i, i + 1, own, "节", 1, Context("题", "左云县", "2025-07-03"))
        for i, own in enumerate(spans)
    ]
    embedded = PaperEmbedder().embed_passages(sentences)
    vectors = dict(zip(map(text_key, sentences), embedded, strict=True))
    searched = [passage.searched(sentence) for passage, sentence in zip(passages, sentences, strict=True)]
    vectors |= zip(map(text_key, searched), embedded, strict=True)
    return IndexedDocument(
        document_id, f"sha of {sentences}", document, [Sentence(own) for own in spans], passages, vectors
    )


def scored(
    index: PassageIndex,
    question: str,
    count: int = EVERYTHING,
    *,
    tokens: Iterable[str] | None = None,
    within: Iterable[int] | None = None,
) -> list[Candidate]:
    """The candidates for a question, by its vector and by these tokens (None: its own)."""
    asked = tokenize(question) if tokens is None else list(tokens)
    words = by_words(index, asked, count, None if within is None else list(within))
    return candidates(index, words, PaperEmbedder().embed_questions([question])[0])


def found(index: PassageIndex, question: str, count: int = EVERYTHING) -> dict[str, tuple[float, float]]:
    """(dense, lexical) by passage id of what a search finds and the index still has; lexical is 0 where the words do
    not propose the passage."""
    proposed = set(index.search_words(tokenize(question), EVERYTHING))
    candidates = scored(index, question, count)
    hits = {hit.key: hit for hit in candidates}
    assert len(hits) == len(candidates), "a passage is a candidate once"
    return {
        stored.passage.passage_id: (hits[key].dense, hits[key].lexical if key in proposed else 0.0)
        for key, stored in index.load([*hits]).items()
    }


def ids(index: PassageIndex, keys: Iterable[int]) -> set[str]:
    """Passage ids."""
    return {stored.passage.passage_id for stored in index.load(list(keys)).values()}


def keys(index: PassageIndex) -> list[int]:
    """All keys."""
    return index.search_vectors(PaperEmbedder().embed_questions(["网格员"])[0], EVERYTHING)
