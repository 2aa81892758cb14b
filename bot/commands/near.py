"""What may be asked instead of a question that was not answered, in a terminal."""

from typing import TYPE_CHECKING

from bot.console import out
from bot.render.visible import visible

if TYPE_CHECKING:
    from retrieval.service import KnowledgeBase
    from retrieval.types import Answer


def print_near(base: "KnowledgeBase", answer: "Answer") -> None:
    """The near questions that the documents do answer, one a line; nothing where there are none."""
    from bot.near import near_questions

    questions = near_questions(base, answer)
    if questions:
        out().print("\nThe documents answer:", style="dim")
    for question in questions:
        out().print(visible(f"  · {question}"), markup=False)
