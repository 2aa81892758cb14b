"""A question as it may be asked: on one line, not too long, of words."""

from config.example import EXAMPLE
from retrieval.errors import QuestionError

QUESTION_LENGTH = 1_000
"""Characters of a question at most; models read about 500 tokens, and nobody asks so much at once."""


def checked_question(question: str) -> str:
    """The question on one line. Raises QuestionError when it is empty, without words, or too long."""
    asked = " ".join(question.split())
    if not asked:
        raise QuestionError("The question is empty.", "ask_something", example=EXAMPLE)
    if any("\ud800" <= character <= "\udfff" for character in asked):
        raise QuestionError("The question is not valid text (UTF-8).")
    if not any(character.isalnum() for character in asked):
        raise QuestionError(f"The question {asked[:20]} has no words in it.")
    if len(asked) > QUESTION_LENGTH:
        raise QuestionError(
            f"The question has {len(asked):,} characters; at most {QUESTION_LENGTH:,} are taken. Ask shorter."
        )
    return asked
