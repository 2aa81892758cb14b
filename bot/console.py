"""What goes to the terminal: results on stdout, everything else on stderr; no colour and no bars in pipes."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from retrieval.service import Progress as IngestProgress


def out() -> Console:
    """Stdout; in a pipe lines are not wrapped."""
    return _console(sys.stdout)


def err() -> Console:
    return _console(sys.stderr)


class _PipeConsole(Console):
    """A console that leaves it to the entry point what a reader's leaving means; rich would end with code 1."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


@lru_cache(maxsize=2)  # one console a stream, so that a note and a running bar know of each other
def _console(stream: TextIO) -> Console:
    return _PipeConsole(file=stream, soft_wrap=not stream.isatty(), highlight=False, emoji=False)


def visible(text: str) -> str:
    """The text on one line, with control characters shown instead of sent to the terminal."""
    return "".join(_visible_character(character) for character in text)


def _visible_character(character: str) -> str:
    if character.isprintable() or character == " ":
        return character
    return " " if character in "\n\t" else character.encode("unicode_escape").decode("ascii")


def note(message: str) -> None:
    """One line on stderr for the person at the terminal."""
    err().print(f"[dim]{escape(visible(message))}[/dim]")


def complain(message: str) -> None:
    err().print(f"[bold red]wenju:[/bold red] {escape(visible(message))}")


@contextmanager
def ingest_bar(label: str) -> Iterator[Callable[["IngestProgress"], None]]:
    """A progress bar over the files of an ingest, with passages per second and the time left; silent where stderr is
    no terminal."""
    console = err()
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[speed]}"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
        redirect_stdout=False,
        redirect_stderr=False,
    ) as bar:
        task = bar.add_task(label, total=None, speed="")
        first: tuple[int, float] | None = None  # passages and time of the first report: before it the model is loaded

        def advance(progress: "IngestProgress") -> None:
            nonlocal first
            name = escape(visible(progress.path.name))
            if progress.passages and first is None:
                first = progress.passages, time.monotonic()
            elif first is not None and (seconds := time.monotonic() - first[1]) > 0:
                bar.update(task, speed=f"{(progress.passages - first[0]) / seconds:.0f} passages/s")
            bar.update(task, completed=progress.done, total=progress.total, description=f"{label} {name}")

        yield advance
