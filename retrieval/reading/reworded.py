"""Sentences are read with the question in their own words: a small model does not know the synonyms of an office."""

from collections.abc import Sequence

from retrieval.query.widening import Widening
from retrieval.reading.base import Reader
from retrieval.reading.inputs import question_input


def read_in_their_words(reader: Reader, question: str, texts: Sequence[str], widening: Widening) -> list[float]:
    """Log odds of each text, as `Reader.read` gives them."""
    questions = [question_input(widening.reworded(question, text)) for text in texts]
    logits = [0.0] * len(texts)
    for wording in dict.fromkeys(questions):
        own = [number for number, wanted in enumerate(questions) if wanted == wording]
        for number, logit in zip(own, reader.read(wording, [texts[number] for number in own]).tolist(), strict=True):
            logits[number] = logit
    return logits
