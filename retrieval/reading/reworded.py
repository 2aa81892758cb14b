"""How a question is put to the reader: in the words of the text, and apart from what is known beside the text."""

import datetime
from collections.abc import Sequence

from retrieval.query.words.widening import Widening
from retrieval.reading.base import Reader
from retrieval.reading.inputs import apart, question_input
from retrieval.text.day_spans import WEEKLY, day_spans, near_in_figures
from retrieval.text.fold import fold, simplified
from retrieval.text.times import in_figures


def read_in_their_words(
    reader: Reader,
    question: str,
    texts: Sequence[str],
    widening: Widening,
    year: int | None = None,
    today: datetime.date | None = None,
) -> list[float]:
    """Log odds of each text, as `Reader.read` gives them, with the question in the words of the text: a small model
    knows neither the synonyms of an office nor which `year` is meant by 去年, or which day by 明天 `today`, and few
    traditional characters."""
    return _read(reader, [_in_words_of(text, question, widening, year, today) for text in texts])


def read_apart(
    reader: Reader,
    question: str,
    texts: Sequence[str],
    widening: Widening,
    year: int | None = None,
    today: datetime.date | None = None,
) -> list[float]:
    """The same where neither question nor text repeats what title, file and place say. A small model is put out by
    names, abbreviated ones above all; that they fit is checked by form."""
    return _read(reader, [apart(*_in_words_of(text, question, widening, year, today)) for text in texts])


def _in_words_of(
    text: str, question: str, widening: Widening, year: int | None, today: datetime.date | None
) -> tuple[str, str]:
    """Question and text. Where one of them has traditional characters and the other none, both are simplified."""
    if (simplified(question) == question) != (simplified(text) == text):
        question, text = simplified(question), simplified(text)
    if year is not None and f"{year}年" in text:
        question = in_figures(question, year)
    if today is not None and day_spans(fold(text), today):
        question = near_in_figures(question, today, of_week=WEEKLY.search(fold(text)) is not None)
    return widening.reworded(question, text), text


def _read(reader: Reader, pairs: Sequence[tuple[str, str]]) -> list[float]:
    questions = [question_input(question) for question, _ in pairs]
    logits = [0.0] * len(pairs)
    for wording in dict.fromkeys(questions):
        own = [number for number, wanted in enumerate(questions) if wanted == wording]
        read = reader.read(wording, [pairs[number][1] for number in own]).tolist()
        for number, logit in zip(own, read, strict=True):
            logits[number] = logit
    return logits
