"""`wenju unanswered`: what people asked the bot and the documents did not answer."""

import sys
from typing import Annotated

import typer

from bot.console import note, out
from bot.render.visible import visible
from bot.session import settings


def unanswered(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, with all forms asked.")] = False,
) -> None:
    """Print the questions that the bot could not answer, the newest first, those that ask the same as one, with how
    often each was asked. What was erased or has expired is not among them, nor who asked."""
    from contextlib import closing

    from bot.memory.database import open_database
    from bot.memory.unanswered import unanswered as found_in
    from bot.render.json import one_line

    chosen = settings()
    with closing(open_database(chosen.home)) as database:
        found = found_in(database, chosen.telegram.keep_days)
    for group in found:
        if as_json:
            sys.stdout.write(one_line(group.row()) + "\n")
        else:
            line = (
                f"{group.count:>5}  {group.row()['last'][:10]}  {group.status:<9}  {' '.join(group.question.split())}"
            )
            out().print(visible(line), markup=False)
    if not found:
        note("Nothing that was asked in Telegram and is still stored was left unanswered.")
