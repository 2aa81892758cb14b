"""`wenju index`, `list`, `remove`, `show`, `text`: the documents."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.console import complain, ingest_bar, note, out
from bot.next_steps import in_terminal
from bot.render.left_out import not_whole
from bot.render.visible import visible
from bot.session import knowledge_base, readable_base
from config.formats import TYPES

if TYPE_CHECKING:
    from retrieval.service import IngestReport, KnowledgeBase

_NAMED = 20
"""Files named one by one in a report; beyond it a count says enough."""


def index(
    paths: Annotated[
        list[Path] | None, typer.Argument(help=f"Files and folders, read with all below: {TYPES}.")
    ] = None,
    prune: Annotated[
        bool, typer.Option("--prune", help="Also remove from the index what is gone from these folders.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Prune even when a folder is missing or most would go.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Stay, and follow changes until Ctrl-C.")] = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Make the whole index anew with the present settings.")
    ] = False,
) -> int:
    """Index documents, and those of older programs (.doc .wps .ppt) where LibreOffice is installed. What is unchanged
    by content is left as it is.

    Exit codes: 0 all read, 2 when a file could not be read (the others are indexed all the same).
    """
    if not paths and (prune or watch or not rebuild):
        raise typer.BadParameter("name at least one file or folder")
    with knowledge_base() as base:
        failures: list[str] = []
        try:
            if rebuild:
                with ingest_bar("Rebuilding") as progress:
                    report = base.rebuild(progress)
                out().print(f"Rebuilt the index: {report.passages} passages of {len(report.added)} documents.")
                _tell_waits(report)
            if paths:
                failures = _report(_index_once(base, paths, prune=prune, yes=yes))
        except KeyboardInterrupt:
            note("What is indexed is kept; run it again to go on.")
            raise
        if watch and paths:
            _follow(base, paths, prune=prune, yes=yes, told=failures)
    return 2 if failures else 0


def list_documents(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List the indexed documents."""
    from bot.render.json import one_line, record_object

    with knowledge_base() as base:
        records = base.documents()
    console = out()
    for record in records:
        if as_json:
            sys.stdout.write(one_line(record_object(record)) + "\n")
        else:
            line = f"{record.document_id}  {record.passages:>4} passages  {record.title}  {record.path}"
            console.print(visible(line), markup=False)
    if not records:
        note("Nothing is indexed yet. Run: wenju index FOLDER")


def remove(
    target: Annotated[str, typer.Argument(help="A document's id, path or file name, or a folder.")],
    yes: Annotated[bool, typer.Option("--yes", help="Remove even several documents at once.")] = False,
) -> None:
    """Remove documents from the index. The files themselves stay where they are."""
    with knowledge_base() as base:
        for record in base.remove(target, confirmed=yes):
            out().print(visible(f"Removed {record.path} ({record.passages} passages)."), markup=False)


def show(
    passage_id: Annotated[str, typer.Argument(help="The id that stands in a citation.")],
    context: Annotated[int, typer.Option(help="Characters of the document to show on either side.", min=0)] = 0,
) -> None:
    """Show a passage as it stands in its document."""
    from bot.render.passage import render_surroundings

    with readable_base() as base:
        out().print(render_surroundings(base.surroundings(passage_id, context)), end="")


def text(
    target: Annotated[str, typer.Argument(help="A document's id, path or file name.", metavar="DOCUMENT")],
) -> None:
    """Print the stored text of a document: the text that the spans of citations count in."""
    with readable_base() as base:
        stored = base.text(target).text
    sys.stdout.write("\n".join(map(visible, stored.split("\n"))) if sys.stdout.isatty() else stored)


def _index_once(base: "KnowledgeBase", paths: list[Path], *, prune: bool, yes: bool) -> "IngestReport":
    with ingest_bar("Indexing") as progress:
        return base.add(paths, prune=prune, confirmed=yes, progress=progress)


def _report(report: "IngestReport") -> list[str]:
    """Say what became of the files; the failures among it."""
    console = out()
    if not (report.added or report.changed or report.unchanged or report.removed or report.failures):
        console.print(f"There are no documents there. Wenju reads {TYPES}, folders with all below.")
        return []
    for verb, files in (("Added", report.added), ("Changed", report.changed), ("Removed", report.removed)):
        for path in files[:_NAMED]:
            console.print(visible(f"{verb} {path}"), markup=False)
        if len(files) > _NAMED:
            console.print(f"{verb} {len(files) - _NAMED} more")
    for failure in report.failures:
        complain(f"not indexed: {failure}")
    for path in dict.fromkeys([*report.without_text, *report.left_out]):
        for line in not_whole(report.left_out.get(path, ()), report.without_text.get(path, ())):
            complain(f"not whole: {path}: {line}")
    counts = f"{len(report.added)} added, {len(report.changed)} changed, {report.unchanged} unchanged"
    counts += f", {len(report.removed)} removed, {len(report.failures)} not readable"
    console.print(f"{counts}; {report.passages} new passages, {report.embedded} texts embedded.")
    _tell_waits(report)
    return [str(failure) for failure in report.failures]


def _tell_waits(report: "IngestReport") -> None:
    """What took the time, where there was something to do."""
    if report.added or report.changed:
        reading, model, disk = (report.waited.get(what, 0.0) for what in ("reading", "model", "disk"))
        out().print(
            f"Waited {reading:.1f} s for files to be read, {model:.1f} s for the model, {disk:.1f} s for the disk."
        )


def _follow(base: "KnowledgeBase", paths: list[Path], *, prune: bool, yes: bool, told: list[str]) -> None:
    """Index again after each change, and say it when there is news: failures beside those `told` already, or more."""
    from bot.watch import changes
    from retrieval.errors import WenjuError

    try:
        for turn, _ in enumerate(changes(paths)):
            if turn == 0:
                note(f"Watching {', '.join(map(str, paths))}. Ctrl-C ends it.")
            try:
                report = _index_once(base, paths, prune=prune, yes=yes)
            except WenjuError as error:  # a full disk, a prune to confirm: say it and go on following
                complain(in_terminal(error))
                continue
            if report.added or report.changed or report.removed or told != list(map(str, report.failures)):
                told = _report(report)
    except KeyboardInterrupt:
        note("Stopped watching.")
