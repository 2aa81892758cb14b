"""`wenju verify`, `backup` and `restore`: whether all is as it was stored, and copies of it."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.console import complain, ingest_bar, note, out
from bot.render.visible import visible
from bot.session import knowledge_base

if TYPE_CHECKING:
    from retrieval.service import Verification

_NEWS = {"changed": "has changed since", "vanished": "is gone since", "unreadable": "cannot be read"}


def verify(as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False) -> int:
    """Hold each quote against its document, each document against its checksum, each file against the index.

    Nothing is written. Exit codes: 0 all as it was stored (files may have changed or vanished since: that is news, no
    damage), 2 when something is damaged.
    """
    from bot.render.json import one_line

    with knowledge_base() as base, ingest_bar("Verifying") as progress:
        found = base.verify(progress)
        if not base.exists:
            note("Nothing is indexed yet. Run: wenju index FOLDER")
    if as_json:
        sys.stdout.write(one_line(_as_json(found)) + "\n")
    else:
        _tell(found)
    return 0 if found.sound else 2


def backup(
    file: Annotated[
        str, typer.Argument(help="The file to write: /backup/wenju-monday.zip, or s3://bucket/wenju/monday.zip.")
    ],
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there already.")] = False,
) -> None:
    """Write one file with everything that cannot be made again, while others index and answer.

    It holds the index, what the bot remembers, and the files that were sent to it; no cache, no setting, no token.
    """
    from bot.memory.beside_the_index import beside_the_index

    with knowledge_base() as base, ingest_bar("Backing up") as progress:
        made = base.maintenance.backup(file, beside_the_index(base.settings.home), force=force, progress=progress)
    counts = f"{made.documents} documents and {made.files} files that were sent to the bot"
    out().print(visible(f"Backed up {counts} into {file} ({made.size / 2**20:,.1f} MB)."), markup=False)


def restore(
    file: Annotated[str, typer.Argument(help="A file that `wenju backup` wrote, or its address.")],
    yes: Annotated[bool, typer.Option("--yes", help="Replace the index, and what the bot remembers.")] = False,
) -> None:
    """Put everything back from a backup, while others answer. It is looked through first; one that is damaged changes
    nothing."""
    from bot.memory.beside_the_index import beside_the_index

    with knowledge_base() as base, ingest_bar("Restoring") as progress:
        found = base.maintenance.restore(file, beside_the_index(base.settings.home), confirmed=yes, progress=progress)
    counts = f"{found.documents} documents and {found.files} files that were sent to the bot"
    out().print(visible(f"Restored {counts} from {file}."), markup=False)
    if found.kept:
        note(f"The index before was damaged. It is kept in {found.kept}; delete it when nobody needs it any more.")


def _tell(found: "Verification") -> None:
    console = out()
    for problem in found.database:
        complain(f"the database is damaged: {problem}")
    for document in found.damaged:
        complain(f"not whole: {document.name}: {'; '.join(document.problems)}")
    if found.database:
        for document in found.readable:
            console.print(visible(f"Readable whole: {document.name}"), markup=False)
    for state, said in _NEWS.items():
        for document in found.documents:
            if document.file == state:
                console.print(visible(f"{document.name} {said}"), markup=False)
    if not found.has_checksums:
        note("This index has no checksums yet: it gets them when it is next opened, by `wenju stats` for example.")
    passages, sentences = (
        sum(getattr(document, name) for document in found.whole) for name in ("passages", "sentences")
    )
    counts = f"{len(found.whole)} of {len(found.documents)} documents are as they were stored"
    counts += f", with {passages} passages and {sentences} sentences quoted exactly"
    console.print(
        f"{counts}; {_count(found, 'changed')} files changed and {_count(found, 'vanished')} vanished since."
    )
    if not found.sound:
        readable, all_of_them = len(found.readable), len(found.documents)
        complain(
            f"The index is damaged: {readable} documents can be read whole, {all_of_them - readable} not. It is left "
            "as it is. Restore a backup (`wenju restore FILE`), or index the files above again."
        )


def _count(found: "Verification", state: str) -> int:
    return sum(document.file == state for document in found.documents)


def _as_json(found: "Verification") -> dict[str, Any]:
    documents = [
        {
            "document_id": document.document_id, "path": str(document.path) if document.path else None,
            "whole": not document.problems, "readable": document.readable,
            "problems": list(document.problems), "file": document.file,
        }
        for document in found.documents
    ]  # fmt: skip
    counts = {state: _count(found, state) for state in _NEWS}
    return {
        "sound": found.sound, "database": list(found.database), "checksums": found.has_checksums,
        "whole": len(found.whole),
        "readable": len(found.readable), "damaged": len(found.damaged), **counts, "documents": documents,
    }  # fmt: skip
