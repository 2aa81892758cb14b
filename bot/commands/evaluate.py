"""`wenju eval`: questions with known answers, asked one after another, and how well they were answered."""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.console import err, ingest_bar, note
from bot.render.visible import visible
from bot.session import asking, settings
from retrieval.errors import WenjuError

if TYPE_CHECKING:
    from retrieval.evaluation.corpus import Corpus
    from retrieval.service import KnowledgeBase

FINE, BELOW = 0, 1


class SquadUnit(StrEnum):
    """What is one document of a SQuAD file."""

    PARAGRAPH = "paragraph"
    ARTICLE = "article"


def evaluate(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Questions: JSON Lines, SQuAD or RGB.")],
    corpus: Annotated[
        list[Path] | None,
        typer.Option(metavar="PATH", help="Ask over these documents, indexed for the time."),
    ] = None,
    distractors: Annotated[
        list[Path] | None,
        typer.Option(metavar="PATH", help="Index these too; of a .txt.gz each line is a document."),
    ] = None,
    limit_distractors: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Take the first N of the distractors.")
    ] = None,
    by: Annotated[SquadUnit | None, typer.Option(help="What is one document of a SQuAD file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on one line.")] = False,
    items: Annotated[bool, typer.Option("--items", help="With --json: each question too.")] = False,
    compare: Annotated[
        Path | None, typer.Option(metavar="OLD.json", help="Show what changed since an earlier --json.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE.html", help="Write a page with plots and misses.")
    ] = None,
    floors: Annotated[
        Path | None, typer.Option(metavar="FILE.json", help="Exit with 1 when a metric is below its floor.")
    ] = None,
) -> int:
    """Ask questions whose answers are known, and measure how well they are answered.

    The documents are those that `wenju ask` answers from, or with --corpus, --distractors and for SQuAD and RGB files
    an index that is made for the time and removed afterwards. Exit codes: 0 done, 1 below a floor, 2 error.
    """
    from retrieval.evaluation.compare import below, read_floors, read_result
    from retrieval.evaluation.compare import compare as against
    from retrieval.evaluation.corpus import Corpus
    from retrieval.evaluation.datasets import load
    from retrieval.evaluation.run import evaluate as run
    from retrieval.evaluation.run import missing_note, summary

    if items and not as_json:
        raise typer.BadParameter("--items goes with --json")
    if limit_distractors and not distractors:
        raise typer.BadParameter("--limit-distractors goes with --distractors")
    sets = load(files, by)
    earlier = read_result(compare) if compare else None
    least = read_floors(floors) if floors else {}
    if html is not None:
        _check_writable(html)
    texts = {name: text for question_set in sets for name, text in question_set.texts.items()}
    documents = Corpus(texts, corpus or (), distractors or (), limit_distractors)
    documents.check()
    if not (documents.is_empty or corpus) and any(question_set.names_documents for question_set in sets):
        raise WenjuError("The questions are about documents that lie elsewhere: name them with --corpus PATH.")
    questions = [question for question_set in sets for question in question_set.questions]
    with _asked(documents) as base, _asking_bar(len(questions)) as progress:
        evaluation = run(base, questions, progress)
    if message := missing_note(evaluation):
        note(message)
    comparison = against(evaluation, earlier) if earlier else None
    if html is not None:
        from retrieval.evaluation.report import page

        _write(html, page(evaluation))
    if as_json:
        from bot.render.json import one_line

        compared = {"compare": comparison.plain()} if comparison else {}
        sys.stdout.write(one_line(summary(evaluation, items=items) | compared) + "\n")
    else:
        from bot.render.evaluation import show

        show(evaluation, comparison)
    failed = below(evaluation, least)
    for line in failed:
        err().print(visible(line), markup=False)
    return BELOW if failed else FINE


def _check_writable(path: Path) -> None:
    """Before minutes of work."""
    if not os.access(path if path.exists() else path.absolute().parent, os.W_OK) or path.is_dir():
        raise WenjuError(f"{path} cannot be written. Name a file in a folder that exists and is yours.")


def _write(path: Path, page: str) -> None:
    try:
        path.write_bytes(page.encode("utf-8", "replace"))  # a file name may hold bytes that are no text
    except OSError as error:
        raise WenjuError(f"{path} cannot be written: {error.strerror or error}.") from error
    note(f"Wrote {path}.")


@contextmanager
def _asked(corpus: "Corpus") -> "Iterator[KnowledgeBase]":
    """What the questions are asked of: an index for the time, or that of `wenju ask`, which is only read."""
    from retrieval.evaluation.corpus import deep_enough, index

    with ExitStack() as stack:
        if corpus.is_empty:
            base = stack.enter_context(asking())
            base.settings = deep_enough(base.settings)
            yield base
            return
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="wenju-eval-", ignore_cleanup_errors=True))
        with ingest_bar("Indexing") as progress:
            base, report = index(Path(folder), corpus, settings(), note, progress)
        stack.callback(base.close)
        for failure in report.failures:
            note(f"left out: {failure}")
        yield base


@contextmanager
def _asking_bar(total: int) -> Iterator[Callable[[int], None]]:
    """A progress bar over the questions; silent where stderr is no terminal."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = err()
    columns = (TextColumn("Asking"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=total)
        yield lambda done: bar.update(task, completed=done)
