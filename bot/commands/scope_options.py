"""The options that narrow a question to some documents or to a time."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from retrieval.service import Scope

Since = Annotated[
    str | None,
    typer.Option("--since", metavar="DATE", help="Only articles of that day or later: 2025, 2025-07 or 2025-07-03."),
]
Until = Annotated[
    str | None, typer.Option("--until", metavar="DATE", help="Only articles of that day, month or year, or earlier.")
]
Documents = Annotated[
    list[str] | None,
    typer.Option("--document", metavar="NAME", help="Only this document (id, path or name; repeatable)."),
]
Folders = Annotated[
    list[Path] | None, typer.Option("--folder", metavar="PATH", help="Only documents below this folder (repeatable).")
]


def scope_of(
    since: str | None, until: str | None, documents: list[str] | None, folders: list[Path] | None
) -> "Scope | None":
    """The scope that the options name; None when they name none."""
    from retrieval.service import Scope

    return Scope.of(since, until, documents or (), folders or ())
