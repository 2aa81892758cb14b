"""When the files below some paths change."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from retrieval.errors import NotFoundError, WenjuError

_TURN = 300
"""Milliseconds that each watch is waited for in turn."""


def changes(paths: Sequence[Path]) -> Iterator[None]:
    """Once when the watch stands, for nobody saw what happened before, then after each change of a file that would be
    indexed. Raises NotFoundError when none of the paths is there, WenjuError when the system refuses to watch."""
    try:
        yield from _changes(paths)
    except (OSError, RuntimeError) as error:
        raise WenjuError(
            f"The system refuses to watch: {error}. Name fewer or smaller folders, raise its limit of watched files "
            "(Linux: fs.inotify.max_user_watches), or run `wenju index` without --watch now and then."
        ) from error


def _changes(paths: Sequence[Path]) -> Iterator[None]:
    from watchfiles import watch

    from retrieval.service import absolute, is_passed_over

    named = [path for path in map(absolute, paths) if path.exists()]
    if not named:
        raise NotFoundError("There is nothing to watch: none of the paths exists.")
    # Some systems tell changes by the name behind all links.
    roots = list(dict.fromkeys(root for path in named for root in (path, path.resolve())))
    folders = [path for path in named if path.is_dir()]
    # Most editors replace a file, and a watch stays with the replaced one: the folder's sees it.
    around = list(dict.fromkeys(root.parent for root in roots if not root.is_dir()))

    def concerns(_: object, changed: str) -> bool:
        path = Path(changed)
        return any(path == root or (root in path.parents and not is_passed_over(path, root)) for root in roots)

    watches = [
        watch(*places, watch_filter=concerns, recursive=recursive, rust_timeout=_TURN, yield_on_timeout=True)
        for places, recursive in ((folders, True), (around, False))
        if places
    ]
    stands = False
    for found in zip(*watches, strict=True):
        if any(found) or not stands:
            yield
        stands = True
