"""`wenju chat`: ask again and again, and look closer at what was cited."""

import sys
import webbrowser
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rich.markup import escape

from bot.commands.near import print_near
from bot.commands.scope_options import Documents, Folders, Since, Until, scope_of
from bot.console import complain, note, out
from bot.next_steps import in_terminal
from bot.render.visible import visible
from bot.session import asking
from retrieval.errors import NotFoundError, WenjuError

if TYPE_CHECKING:
    from prompt_toolkit.history import History

    from retrieval.service import KnowledgeBase, Scope
    from retrieval.types import Answer, Citation

_HELP = """Type a question, or:
  /more         the passages, or the rows, that were not shown yet (an answer shows a few at first); so does 还有呢
  /context N    passage N in its surroundings
  /open N       the file of passage N, or its address, in the program that opens it
  /as-asked     ask the last question again as it was typed, without the one before it
  /new          forget the question before (那兴县呢 or "when?" go on from it)
  /help         these lines
  /quit         leave (or Ctrl-D)"""
_SHOWN_FIRST = 1


def chat(since: Since = None, until: Until = None, document: Documents = None, folder: Folders = None) -> None:
    """Ask in a conversation: a prompt with history and line editing, where a short question goes on from the one
    before. /help lists the commands."""
    scope = scope_of(since, until, document, folder)
    with asking() as base:
        console = out()
        if sys.stdin.isatty():
            console.print("[bold]Wenju 问据[/bold]  Ask about your documents. /help for commands, /quit to leave.")
        converse(Conversation(base, scope), _lines(base.settings.home), interactive=sys.stdin.isatty())


def converse(conversation: "Conversation", lines: Iterable[str], *, interactive: bool) -> None:
    """Take line after line, to the end or until one says to leave. Where somebody types, Ctrl-C ends what is being
    computed and not the conversation."""
    for line in lines:
        try:
            if not conversation.take(line.strip()):
                break
        except WenjuError as error:
            complain(in_terminal(error))
        except KeyboardInterrupt:
            if not interactive:
                raise
            note("Interrupted. /quit leaves.")


class Conversation:
    """One sitting at the prompt: the last answer is what /more, /context and /open speak of."""

    def __init__(self, base: "KnowledgeBase", scope: "Scope | None" = None) -> None:
        self._base = base
        self._scope = scope
        self._before: str | None = None
        self._asked: str | None = None
        self._answer: Answer | None = None
        self._unseen: tuple[Citation, ...] = ()
        self._has_rest = False
        self._commands: dict[str, Callable[[str], None]] = {
            "/more": self._more,
            "/context": self._context,
            "/open": self._open,
            "/as-asked": self._as_asked,
            "/new": self._forget,
            "/help": lambda _: out().print(escape(_HELP)),
        }
        self._said = {"more": self._more, "again": self._again, "why": self._why, "new": self._forget}

    def take(self, line: str) -> bool:
        """Do what the line says; False when it says to leave."""
        from retrieval.service import what_is_said

        command, _, argument = line.partition(" ")
        if command in ("/quit", "/exit", "/q"):
            return False
        if command in self._commands:
            self._commands[command](argument.strip())
        elif command.startswith("/"):
            complain(f"There is no command {command}. /help lists them.")
        elif self._answer is not None and (said := what_is_said(line)) in self._said:
            self._said[said]("")
        elif line:
            self._ask(line)
        return True

    def _ask(self, question: str) -> None:
        from bot.message import answered, is_met
        from bot.wording import message_of
        from retrieval.service import thread_of

        answers = answered(partial(self._base.ask, scope=self._scope), question, self._before)
        if is_met(answers[0]):
            out().print(visible(message_of(answers[0]) or ""), markup=False)
            return
        self._asked = question
        for answer in answers:
            if len(answers) > 1:
                out().print(visible(answer.question), style="bold", markup=False)
            self._before = thread_of(answer) or self._before
            self._show(answer)

    def _show(self, answer: "Answer") -> None:
        from dataclasses import replace

        from bot.render.tally import rest_of
        from bot.render.terminal import render_answer

        self._answer = answer
        told = answer.quotes or ((answer.closest,) if answer.closest is not None else ())
        first = {*(quote.citation for quote in told), *(figure.citation for figure in answer.figures)} or {1}
        shown = tuple(cited for cited in answer.citations if cited.number in first or cited.number <= _SHOWN_FIRST)
        self._unseen = tuple(cited for cited in answer.citations if cited not in shown)
        console = out()
        console.print(
            render_answer(replace(answer, citations=shown), marks=not console.is_terminal or console.no_color), end=""
        )
        self._has_rest = bool(rest_of(answer))
        if count := len(self._unseen) + len(rest_of(answer)):
            console.print(f"[dim]{count:,} more: /more[/dim]")
        if self._scope is None:
            print_near(self._base, answer)

    def _again(self, _: str) -> None:
        if self._answer is not None:
            self._show(self._answer)

    def _why(self, _: str) -> None:
        quotes = self._answer.quotes if self._answer is not None else ()
        self._context(str(quotes[0].citation if quotes else 1))

    def _as_asked(self, _: str) -> None:
        if self._asked is None:
            raise NotFoundError("There is no question yet; ask one first.")
        self._before = None
        self._ask(self._asked)

    def _forget(self, _: str) -> None:
        self._before = None
        note("The next question stands by itself.")

    def _more(self, _: str) -> None:
        from bot.render.terminal import render_citation, render_rest

        self._citations()
        if self._answer is not None and self._has_rest:
            out().print(render_rest(self._answer), end="")
        elif not self._unseen:
            raise NotFoundError("There are no more passages; all of them were shown.")
        console = out()
        for citation in self._unseen:  # no sentence of the answer stands in these
            console.print(render_citation(citation, marks=not console.is_terminal or console.no_color))
        self._unseen, self._has_rest = (), False

    def _context(self, argument: str) -> None:
        from bot.render.passage import render_surroundings

        citation = self._numbered("/context", argument)
        out().print(render_surroundings(self._base.surroundings(citation.passage_id)), end="")

    def _open(self, argument: str) -> None:
        citation = self._numbered("/open", argument)
        path = Path(citation.path)
        file = next((place for place in (path, *path.parents) if place.is_file()), path)  # it may lie in an archive
        target = citation.url or file.as_uri()
        if citation.url is None and not file.exists():
            raise NotFoundError(f"{citation.path} is no longer there; `wenju text` prints what was stored of it.")
        out().print(visible(citation.url or citation.path), markup=False)
        webbrowser.open(target)

    def _citations(self) -> "tuple[Citation, ...]":
        if self._answer is None or not self._answer.citations:
            raise NotFoundError("There are no passages yet; ask a question first.")
        return self._answer.citations

    def _numbered(self, command: str, argument: str) -> "Citation":
        citations = self._citations()
        # The length first: int() refuses numbers of thousands of digits.
        number = int(argument) if len(argument) < 10 and argument.isdecimal() else 0
        if not 1 <= number <= len(citations):
            raise NotFoundError(f"{command} wants the number of a passage, 1 to {len(citations)}.")
        return citations[number - 1]


def _lines(home: Path) -> Iterator[str]:
    """What is typed, line by line, with history and editing at a terminal."""
    if not sys.stdin.isatty():
        yield from sys.stdin
        return
    from prompt_toolkit import PromptSession

    session: PromptSession[str] = PromptSession("问 › ", history=prompt_history(home / "chat_history"))
    while True:
        try:
            yield session.prompt()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return


def prompt_history(file: Path) -> "History":
    """What was typed before, kept in the file; where that cannot be written, for this conversation alone."""
    from prompt_toolkit.history import FileHistory, InMemoryHistory

    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a+b"):
            return FileHistory(str(file))
    except OSError:
        return InMemoryHistory()
