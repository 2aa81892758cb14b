"""The questions to offer that were found in an index, kept until it changes."""

import json
from contextlib import closing
from pathlib import Path

from bot.memory.database import FILE, open_database, tolerating, transaction
from retrieval.errors import NotFoundError, StorageError
from retrieval.service import KnowledgeBase

Suggestion = tuple[str, str]
"""The id of the document that puts the question, and the question."""


def kept_suggestions(base: KnowledgeBase, state: str) -> tuple[Suggestion, ...] | None:
    """Those that were found when the index was in this state; None where none were looked for, or one is not to be
    seen any more."""
    if not _file(base).exists():  # a door that has no memory yet begins none for this
        return None
    try:
        with tolerating(), closing(open_database(base.settings.home)) as database:
            asked = "SELECT questions FROM suggestions WHERE view = ? AND state = ?"
            row = database.execute(asked, (_view(base), state)).fetchone()
            found = (
                tuple((document_id, question) for document_id, question in json.loads(row["questions"]))
                if row
                else ()
            )
            return found if row and all(_is_seen(base, document_id) for document_id, _ in found) else None
    except StorageError:
        pass  # they are looked for once more
    return None


def keep_suggestions(base: KnowledgeBase, state: str, found: tuple[Suggestion, ...]) -> None:
    """In the place of those of other states: what was removed from the index does not stay here."""
    if not _file(base).exists():
        return
    with tolerating(), closing(open_database(base.settings.home)) as database, transaction(database):
        database.execute("DELETE FROM suggestions WHERE state != ?", (state,))
        row = (_view(base), state, json.dumps(found, ensure_ascii=False))
        database.execute("INSERT OR REPLACE INTO suggestions VALUES (?, ?, ?)", row)


def _file(base: KnowledgeBase) -> Path:
    return base.settings.home / FILE


def _view(base: KnowledgeBase) -> str:
    """Who may see what by the same rule is offered the same."""
    hidden, only = base.visibility.hidden, base.visibility.only
    seen = [sorted(map(str, hidden)), None if only is None else sorted(map(str, only)), base.folder]
    return json.dumps(seen, ensure_ascii=False)


def _is_seen(base: KnowledgeBase, document_id: str) -> bool:
    try:
        base.find(document_id)
    except NotFoundError:
        return False
    return True
