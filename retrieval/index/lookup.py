"""Which of the indexed documents and passages a word, a path, an id or a vanished file stands for."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from retrieval.documents.discover import Discovery, absolute
from retrieval.documents.structure.layout import shown_pages_without_text
from retrieval.errors import ConfirmationRequired, NotFoundError
from retrieval.index.base import PassageIndex
from retrieval.left_out import LeftOut
from retrieval.types import Document, DocumentRecord, StoredPassage


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A passage with the text of its document before and after it."""

    before: str
    raw: str
    """The document's text from the passage's first to its last character."""
    after: str
    passage: StoredPassage
    left_out: tuple[LeftOut, ...] = ()
    """What the document's reader left out of its file; nothing where that was not yet kept."""
    without_text: tuple[int, ...] = ()
    """Pages of the document that hold none."""


def find(index: PassageIndex, target: str) -> DocumentRecord:
    """The document by id, path or file name. Raises NotFoundError when none or several go by it."""
    exact = index.at(absolute(Path(target)))
    named = [exact] if exact else index.documents_named(target)
    if len(named) == 1:
        return named[0]
    if named:
        several = ", ".join(str(record.path) for record in named)
        raise NotFoundError(f"{len(named)} documents are called {target}; give one path: {several}")
    raise NotFoundError(f"No document {target} is in the index. `wenju list` shows those that are.")


def text_of(index: PassageIndex, target: str) -> Document:
    """The document with its text, by what `find` takes."""
    document = index.document(find(index, target).document_id)
    if document is None:
        raise NotFoundError(f"{target} was removed a moment ago.")
    return document


def passage(index: PassageIndex | None, passage_id: str) -> StoredPassage:
    """Raises NotFoundError when it is not in the index, or there is none."""
    stored = index.passage(passage_id) if index else None
    if stored is None:
        raise NotFoundError(
            f"No passage {passage_id} is in the index. Its document may have changed or been removed; ask again."
        )
    return stored


def surroundings(index: PassageIndex, stored: StoredPassage, characters: int) -> Surroundings:
    """The passage with about so many characters of its document's text on either side."""
    document = index.document(stored.document.document_id)
    text = document.text if document else ""
    start, end = stored.passage.spans[0][0], stored.passage.spans[-1][1]
    before, after = text[max(0, start - characters) : start], text[end : end + characters]
    if document is None:
        return Surroundings(before, text[start:end], after, stored)
    pages = tuple(shown_pages_without_text(document))
    return Surroundings(before, text[start:end], after, stored, document.left_out, pages)


def select(index: PassageIndex, target: str, confirmed: bool, sha256: str | None = None) -> list[DocumentRecord]:
    """What to remove: all below a folder, or one document. Raises ConfirmationRequired for several at once, and
    NotFoundError when there is none, or one was read from another file than that of `sha256`."""
    folder = absolute(Path(target))
    found = list(below(index.documents(), [folder])) or [find(index, target)]
    if len(found) > 1 and not confirmed:
        raise ConfirmationRequired(
            f"Nothing was removed: {len(found)} documents lie below {folder}.", "confirm_removal"
        )
    if sha256 is not None and any(record.sha256 != sha256 for record in found):
        raise NotFoundError(f"Nothing was removed: {target} has changed. `wenju list` shows what there is now.")
    return found


def to_prune(
    records: Sequence[DocumentRecord], roots: Sequence[Path], found: Discovery, confirmed: bool
) -> list[DocumentRecord]:
    """Documents below the roots whose files are gone. What lies below a folder that could not be listed is not known
    to be gone. Raises ConfirmationRequired when it looks like a mistake: a root is missing, or most would go."""
    present = set(found.files)
    unseen = [failure.path for failure in found.failures if _may_exist(failure.path)]
    candidates = list(below(records, roots))
    gone = [
        record
        for record in candidates
        if record.path not in present and not any(_is_below(record.path, path) for path in unseen)
    ]
    missing = [root for root in roots if not _may_exist(root)]
    if confirmed or not gone:
        return gone
    if missing:
        why = f"{missing[0]} is missing"
    elif len(gone) * 2 > len(candidates):
        why = f"{len(gone)} of {len(candidates)} documents would go"
    else:
        return gone
    raise ConfirmationRequired(
        f"Nothing was indexed or pruned: {why}. Is the disk mounted?", "confirm_prune", count=len(gone)
    )


def below(records: Iterable[DocumentRecord], roots: Sequence[Path]) -> Iterator[DocumentRecord]:
    """Documents that lie in one of the folders, or are one of the files."""
    return (record for record in records if any(_is_below(record.path, root) for root in roots))


def _may_exist(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # who may not look cannot know
        return True


def _is_below(path: Path, root: Path) -> bool:
    return path == root or root in path.parents
