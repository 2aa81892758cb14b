"""A question to its answer: embed, search, weigh, compose."""

import time

from config.settings import Settings
from retrieval.answer import CITATIONS, compose
from retrieval.embedding.base import Embedder
from retrieval.errors import QuestionError
from retrieval.evidence import QuestionTerms, content_tokens
from retrieval.index.base import PassageIndex
from retrieval.search import search
from retrieval.text.sounds import asked_sounds
from retrieval.text.tokens import tokenize
from retrieval.types import Answer

QUESTION_LENGTH = 1_000
"""Characters of a question at most; models read about 500 tokens, and nobody asks so much at once."""


def checked_question(question: str) -> str:
    """The question on one line. Raises QuestionError when it is empty, without words, or too long."""
    asked = " ".join(question.split())
    if not asked:
        raise QuestionError("The question is empty. Ask something, for example: wenju ask 左云县有多少网格员")
    if any("\ud800" <= character <= "\udfff" for character in asked):
        raise QuestionError("The question is not valid text (UTF-8).")
    if not any(character.isalnum() for character in asked):
        raise QuestionError(f"The question {asked[:20]} has no words in it.")
    if len(asked) > QUESTION_LENGTH:
        raise QuestionError(
            f"The question has {len(asked):,} characters; at most {QUESTION_LENGTH:,} are taken. Ask shorter."
        )
    return asked


def answer(
    index: PassageIndex, embedder: Embedder, question: str, settings: Settings, citations: int = CITATIONS
) -> Answer:
    """The answer that the index gives, with milliseconds by stage in `timing_ms`."""
    asked = checked_question(question)
    started = time.perf_counter()
    vector = embedder.embed_questions([asked])[0]
    embedded = time.perf_counter()
    hits = search(index, vector, [*tokenize(asked), *asked_sounds(asked)], settings.search)
    searched = time.perf_counter()
    content = content_tokens(asked)
    terms = QuestionTerms.weighted(content, index.statistics(content))
    composed = compose(question, hits, terms, settings.answer, citations)
    done = time.perf_counter()
    stages = {"embed": embedded - started, "search": searched - embedded, "answer": done - searched}
    composed.timing_ms.update({name: round(seconds * 1000, 2) for name, seconds in stages.items()})
    composed.timing_ms["total"] = round((done - started) * 1000, 2)
    return composed
