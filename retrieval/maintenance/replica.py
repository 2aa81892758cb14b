"""An index that follows the backups which another machine writes into a folder or an object store, and answers from
the newest.

Only the index is taken over: what the bot remembers, keys and files that were sent are each machine's own.
"""

import errno
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from retrieval.errors import AwayError, ConfirmationRequired, IndexMismatchError, StorageError
from retrieval.index.base import IndexStore
from retrieval.index.following import FollowedBackup, follow, follow_no_more, followed
from retrieval.index.model_and_recipe import ModelAndRecipe
from retrieval.index.sqlite_files import storage_errors
from retrieval.index.upkeep import Replacement
from retrieval.ingestion.ingest import Progress
from retrieval.maintenance.archive import INDEX, Archive, Beside, check_space, opened
from retrieval.maintenance.published import newest_published

_PART, _REFUSED = ".part", ".made-by"
"""End the names of what is copied of an index, and of what tells by which model and recipe one was made that did not
fit the settings, so that it is not copied again at each look. The names begin with its checksum."""
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, slots=True)
class ReplicaReport:
    """What was taken over: documents, from the backup of this name, and when that was made."""

    documents: int
    backup: str
    made: str


def take_newest(
    store: IndexStore,
    place: Path | str,
    beside: Beside,
    differs: Callable[[ModelAndRecipe], str | None],
    *,
    wait_seconds: float,
    confirmed: bool,
    notify: Callable[[str], None],
    progress: Callable[[Progress], None],
) -> ReplicaReport | None:
    """Put the index of the newest backup in a folder, or at its address, in the place of this one, in one step,
    when it is whole and `differs` finds that the settings fit it; None when it is there already. Copying goes on
    where an earlier try was cut short. Whatever fails, what was there goes on answering. `notify` is told of files
    that are passed over.

    Raises ConfirmationRequired when documents would be replaced that were indexed here, BusyError, IndexMismatchError
    and StorageError.
    """
    root = _root(store)
    now = followed(root)
    with (
        _newest(place, beside, now, notify) if isinstance(place, Path) else newest_published(place, beside, now)
    ) as archive:
        if archive is None:
            return None
        index = archive.members[INDEX]
        then = FollowedBackup(str(place), archive.name, archive.made, index.sha256)
        if now is not None and now.sha256 == index.sha256:
            if now != then:  # the same by another name
                follow(root, then)
            return None
        with store.replacing(wait_seconds) as replacement:
            if now is None:
                held = replacement.document_count()
                _refuse_to_replace(root, place, held, confirmed=confirmed)
                if held == 0:  # what was indexed here stays this machine's own until something is taken over
                    follow(root, FollowedBackup(str(place)))
            documents = _exchanged(replacement, archive, root, differs, progress)
            follow(root, then)
    return ReplicaReport(documents, then.backup, then.made)


def _exchanged(
    replacement: Replacement,
    archive: Archive,
    root: Path,
    differs: Callable[[ModelAndRecipe], str | None],
    progress: Callable[[Progress], None],
) -> int:
    """Have the index of the backup answer in the place of the present one; how many documents it has. What the
    settings do not fit is remembered, and not fetched again."""
    refused = root / f"{archive.members[INDEX].sha256[:16]}{_REFUSED}"
    if (made_by := _refused_before(refused)) and (difference := differs(made_by)):
        raise _mismatch(archive, difference)
    part = _fetched(archive, root, progress)
    with storage_errors(root):
        part.replace(replacement.dump())
    if wrong := replacement.why_unusable():
        raise StorageError(f"{archive.place} cannot be followed: {wrong}. What was there goes on answering.")
    if difference := differs(made_by := replacement.made_by()):
        with storage_errors(root):
            refused.write_text(json.dumps(asdict(made_by)), "utf-8")
        raise _mismatch(archive, difference)
    documents = replacement.prepare()
    replacement.switch()
    return documents


def leave(store: IndexStore) -> None:
    """Follow no longer: what is there is this machine's own from now on."""
    root = _root(store)
    follow_no_more(root)
    _forget_parts(root)


def _root(store: IndexStore) -> Path:
    if store.folder is None:
        raise StorageError(
            "An index on a server needs no replica: machines that answer need its address alone (index.milvus_uri)."
        )
    return store.folder


def _refuse_to_replace(root: Path, place: Path | str, held: int | None, *, confirmed: bool) -> None:
    if held == 0 or confirmed:
        return
    index = "an index that cannot be read" if held is None else f"an index of {held} documents"
    raise ConfirmationRequired(
        f"Nothing was changed: to follow {place} would replace {index} in {root}.", "confirm_replacement"
    )


@contextmanager
def _newest(
    folder: Path, beside: Beside, now: FollowedBackup | None, notify: Callable[[str], None]
) -> Iterator[Archive]:
    """The backup that came last. One that is still being copied there is none yet, and the one before counts; but one
    made before that which is followed counts only when that one is gone, and is not just being written."""
    try:
        files = [path for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")]
        files.sort(key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)
    except OSError as error:
        raise StorageError(
            f"The folder of backups {folder} cannot be read: {error.strerror or error}. What was there goes on "
            "answering."
        ) from error
    older, unread = None, None
    with ExitStack() as kept:
        for path in files:
            with ExitStack() as stack:
                try:
                    archive = stack.enter_context(opened(path, beside))
                except StorageError as error:
                    notify(str(error))
                    if older is None or (now is not None and path.name == now.backup):
                        unread = path.name
                    continue
                is_older = now is not None and archive.made < now.made
                if not is_older or older is None:
                    kept.push(stack.pop_all())
            if not is_older:
                break
            older = older or archive
        else:
            archive = _gone_back(folder, older, unread)
        if older is not None and older is not archive:
            notify(f"{older.place} came last, but {archive.name} was made after it: delete that one to go back.")
        yield archive


def _gone_back(folder: Path, older: Archive | None, unread: str | None) -> Archive:
    if older is None:
        raise StorageError(
            f"There is no backup in {folder}. On the machine that indexes, write one: `wenju backup FILE`."
        )
    if unread is not None:
        raise StorageError(
            f"{older.place} is not taken over, and what was there goes on answering, which was made after it: "
            f"{unread} may be on its way. To go back, delete {unread}."
        )
    return older


def _refused_before(path: Path) -> ModelAndRecipe | None:
    """What made the index, where it was copied before and did not fit."""
    try:
        return ModelAndRecipe.of(json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError, KeyError):
        return None  # it is copied, and looked at


def _mismatch(archive: Archive, difference: str) -> IndexMismatchError:
    return IndexMismatchError(
        f"{archive.place} is not taken over, and what was there goes on answering. {difference}. Set here what the "
        "machine that indexes has."
    )


def _fetched(archive: Archive, root: Path, progress: Callable[[Progress], None]) -> Path:
    """The index of the backup, whole, in a file beside the generations; nothing of it is left on a full disk."""
    index = archive.members[INDEX]
    part = root / f"{index.sha256[:16]}{_PART}"
    _forget_parts(root, part)
    try:
        with storage_errors(root):
            check_space(root, index.size - (part.stat().st_size if part.exists() else 0))
        archive.go_on(INDEX, part, lambda done, total: progress(Progress(done, total, Path(archive.name))))
    except AwayError:
        raise  # it goes on from there
    except StorageError as error:
        cause = error.__cause__
        if not isinstance(cause, OSError) or cause.errno in _FULL:  # else it goes on from there
            part.unlink(missing_ok=True)
        raise
    return part


def _forget_parts(root: Path, but: Path | None = None) -> None:
    with storage_errors(root):
        for left in (*root.glob(f"*{_PART}"), *root.glob(f"*{_REFUSED}")):
            if left != but:
                left.unlink(missing_ok=True)
