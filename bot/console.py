"""What goes to the terminal: results on stdout, everything else on stderr; no colour and no bars in pipes."""

import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from bot.render.visible import visible
from config.secret import without_tokens

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


def note(message: str) -> None:
    """One line on stderr for the person at the terminal."""
    err().print(Text(visible(message), "dim"))


def complain(message: str) -> None:
    err().print(Text.assemble(("wenju:", "bold red"), f" {visible(message)}"))


def complain_at_length(error: BaseException) -> None:
    """The traceback of an error on stderr."""
    lines = "".join(traceback.format_exception(error)).rstrip("\n").split("\n")
    sys.stderr.write("\n".join(visible(without_tokens(line)) for line in lines) + "\n")


@contextmanager
def ingest_bar(label: str, every: float = 30.0) -> Iterator[Callable[["IngestProgress"], None]]:
    """A progress bar over the files of an ingest, with passages per second and the time left; where stderr is no
    terminal, a line `every` so many seconds."""
    console = err()
    with Progress(
        TextColumn("{task.description}", markup=False),
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
        told = time.monotonic()
        first: tuple[int, float] | None = None  # passages and time of the first report: before it the model is loaded

        def advance(progress: "IngestProgress") -> None:
            nonlocal first, told
            name = visible(progress.path.name)
            if progress.passages and first is None:
                first = progress.passages, time.monotonic()
            elif first is not None and (seconds := time.monotonic() - first[1]) > 0:
                bar.update(task, speed=f"{(progress.passages - first[0]) / seconds:.0f} passages/s")
            bar.update(task, completed=progress.done, total=progress.total, description=f"{label} {name}")
            if not console.is_terminal and time.monotonic() - told >= every:
                told = time.monotonic()
                passages = f", {progress.passages} passages" if progress.passages else ""
                note(f"{label} {name}: {progress.done} of {progress.total}{passages}")

        yield advance
