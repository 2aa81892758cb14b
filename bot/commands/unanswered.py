"""`wenju unanswered`: what people asked the bot and the documents did not answer, and answers added to it."""

import sys
from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from bot.console import note, out
from bot.render.visible import visible
from bot.session import knowledge_base, settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.memory.unanswered import UnansweredQuestion


def unanswered(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, with all forms asked.")] = False,
    answer: Annotated[
        tuple[int, str] | None,
        typer.Option(
            metavar="NUMBER PASSAGE_ID",
            help="Add an answer to the question of that number: the passage, by the id that stands in a citation.",
        ),
    ] = None,
) -> None:
    """Print the questions that the bot could not answer, the newest first, those that ask the same as one, with how
    often each was asked and its number. What was erased or has expired is not among them, nor who asked."""
    from bot.memory.database import open_database, storage_errors
    from bot.memory.unanswered import answer_added
    from bot.memory.unanswered import unanswered as found_in

    chosen = settings()
    with closing(open_database(chosen.home)) as database:
        found = found_in(database, chosen.telegram.keep_days)
        if answer is None:
            _list(found, as_json=as_json)
            return
        answered = _add(found, *answer)
        with storage_errors(chosen.home):
            answer_added(database, answered)


def _list(found: "Sequence[UnansweredQuestion]", *, as_json: bool) -> None:
    from bot.render.json import one_line

    for group in found:
        if as_json:
            sys.stdout.write(one_line(group.row()) + "\n")
        else:
            day, asked = group.row()["last"][:10], " ".join(group.question.split())
            line = f"{group.count:>5}  {f'#{group.number}':>6}  {day}  {group.status:<9}  {asked}"
            out().print(visible(line), markup=False)
    if not found:
        note("Nothing that was asked in Telegram and is still stored was left unanswered.")


def _add(found: "Sequence[UnansweredQuestion]", number: int, passage_id: str) -> "UnansweredQuestion":
    """Add the passage as the answer to the question of that number. Raises NotFoundError."""
    from bot.added_answers import FILE, add_answer
    from retrieval.errors import NotFoundError

    asked = next((group for group in found if group.number == number), None)
    if asked is None:
        raise NotFoundError(
            f"There is no #{number} among the questions left unanswered. `wenju unanswered` lists them."
        )
    with knowledge_base() as base:
        added = add_answer(base, asked, base.passage(passage_id))
    out().print(visible(f"Added to {FILE}: {added.question} → {added.answer} ({added.source})"), markup=False)
    return asked
