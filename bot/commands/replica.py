"""`wenju replica`: answer from what another machine indexes."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from bot.console import complain, ingest_bar, note, out
from bot.next_steps import in_terminal
from bot.render.visible import visible
from bot.session import knowledge_base

if TYPE_CHECKING:
    from retrieval.service import KnowledgeBase


def replica(
    folder: Annotated[
        str | None,
        typer.Argument(help="The folder, or its address, into which the machine that indexes writes its backups."),
    ] = None,
    seconds: Annotated[float, typer.Option(min=1, max=86_400, help="How often it is looked at.")] = 60,
    once: Annotated[bool, typer.Option("--once", help="Look once, and end.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Replace documents that were indexed here.")] = False,
    leave: Annotated[bool, typer.Option("--leave", help="Follow no longer: index here from now on.")] = False,
) -> None:
    """Follow the backups of the machine that indexes, until Ctrl-C. `wenju serve`, `wenju bot` and `wenju ask` answer
    from the newest meanwhile, and nothing is indexed here.

    Each is copied, held against its checksums, and put in the place of the one before in one step."""
    from retrieval.errors import ConfirmationRequired, WenjuError

    if leave == (folder is not None):
        raise typer.BadParameter("name the folder of backups, or --leave")
    with knowledge_base() as base:
        if folder is None:
            base.maintenance.leave()
            note("The index follows nothing any more: `wenju index` adds to it.")
            return
        news = _News()
        while True:
            try:
                _look(base, folder, news, yes=yes)
            except WenjuError as error:
                if once or isinstance(error, ConfirmationRequired):
                    raise
                news.tell(in_terminal(error), complain)
            if once:
                return
            news.looked()
            time.sleep(seconds)


class _News:
    """Tells what a look finds, but not what the one before found as well: once, however long it lasts."""

    def __init__(self) -> None:
        self._before: set[str] = set()
        self._now: set[str] = set()

    def tell(self, line: str, how: Callable[[str], None] = note) -> None:
        if line not in self._before | self._now:
            how(line)
        self._now.add(line)

    def looked(self) -> None:
        self._before, self._now = self._now, set()


def _look(base: "KnowledgeBase", folder: str, news: _News, *, yes: bool) -> None:
    from bot.memory.beside_the_index import beside_the_index

    beside = beside_the_index(base.settings.home)
    with ingest_bar("Copying") as progress:
        taken = base.maintenance.take_newest(folder, beside, confirmed=yes, notify=news.tell, progress=progress)
    if taken is not None:
        line = f"Took over {taken.documents} documents from {taken.backup}, made {taken.made}."
        out().print(visible(line), markup=False)
