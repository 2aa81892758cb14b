"""`wenju ask`: one question, or many from a file."""

import json
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.near import print_near
from bot.commands.scope_options import Documents, Folders, Since, Until, scope_of
from bot.console import out
from bot.next_steps import in_terminal
from bot.render.visible import visible
from bot.session import asking, readable_base
from config.example import EXAMPLE
from retrieval.errors import NotFoundError, QuestionError, WenjuError

if TYPE_CHECKING:
    from retrieval.service import KnowledgeBase, Scope


def ask(
    question: Annotated[list[str] | None, typer.Argument(help=f"The question, for example {EXAMPLE}")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object on one line, with citations and offsets.")
    ] = False,
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="FILE",
            help="Ask each line of FILE (- for stdin), plain or JSON Lines with a `question`; one JSON line each.",
        ),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="All rows that match, where an answer lists the first of them.")
    ] = False,
    since: Since = None,
    until: Until = None,
    document: Documents = None,
    folder: Folders = None,
) -> int:
    """Answer a question from the indexed documents, with citations.

    Exit codes: 0 answered or told of the library, 1 not answered (of several questions: not all), 2 error; with
    --from 0 unless a question failed.
    """
    scope = scope_of(since, until, document, folder)
    if source is not None:
        if question:
            raise typer.BadParameter("give a question or --from, not both")
        return _ask_many(source, scope)
    from bot.message import answered
    from bot.render.json import answers_object, one_line
    from bot.render.tally import rest_of
    from bot.render.terminal import render_answer, render_rest
    from bot.wording import is_told
    from retrieval.service import checked_question

    asked = " ".join(question or ())
    try:
        checked_question(asked)  # before anything is loaded
    except QuestionError as error:
        told: WenjuError = error
        with suppress(WenjuError), readable_base() as base:  # an index that cannot be opened is another matter
            told = _with_own_example(error, base)
        raise told from None
    with asking() as base:
        answers = answered(partial(base.ask, scope=scope), asked)
        if as_json:
            sys.stdout.write(one_line(answers_object(answers)) + "\n")
        for answer in () if as_json else answers:
            console = out()
            if len(answers) > 1:
                console.print(visible(answer.question), style="bold", markup=False)
            console.print(render_answer(answer, marks=not console.is_terminal or console.no_color), end="")
            if everything:
                console.print(render_rest(answer), end="")
            elif rest := rest_of(answer):
                console.print(f"[dim]{len(rest):,} more: --all[/dim]")
            if scope is None:
                print_near(base, answer)
    return 0 if all(map(is_told, answers)) else 1


def _ask_many(source: str, scope: "Scope | None") -> int:
    from bot.message import answered
    from bot.render.json import answers_object, one_line

    failed = False
    lines = _lines(source)  # before anything is loaded
    with asking() as base:
        for line in lines:
            if not line.strip():
                continue
            question = line.strip()
            try:
                question = _question_of(line)
                result = answers_object(answered(partial(base.ask, scope=scope), question))
            except WenjuError as error:
                failed = True
                result = {"question": question, "error": in_terminal(_with_own_example(error, base))}
            sys.stdout.write(one_line(result) + "\n")
            sys.stdout.flush()
    return 2 if failed else 0


def _with_own_example(error: WenjuError, base: "KnowledgeBase") -> WenjuError:
    """The error with a question for an example that these documents are known to answer, or without one: that of the
    samples asks for what stands in them alone."""
    from bot.suggested import Suggestions
    from retrieval.samples import are_samples

    if error.step != "ask_something" or base.is_empty or are_samples(base):
        return error
    known = Suggestions(base).known
    if not known:
        return QuestionError(f"{error.fact} Ask something.")
    return QuestionError(error.fact, error.step, example=known[0])


def _lines(source: str) -> list[str]:
    from retrieval.service import UndecodableError, decode

    try:
        data = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
        return decode(data).split("\n")
    except OSError as error:
        raise NotFoundError(f"{source} cannot be read: {error.strerror or error}.") from error
    except UndecodableError as error:
        raise NotFoundError(f"{source} {error}.") from error


def _question_of(line: str) -> str:
    if not line.lstrip().startswith("{"):
        return line.strip()
    try:
        question = json.loads(line)["question"]
    except (ValueError, KeyError, RecursionError) as error:
        raise QuestionError("This line is not JSON with a `question`.") from error
    if not isinstance(question, str):
        raise QuestionError("The `question` of this line is not text.")
    return question
