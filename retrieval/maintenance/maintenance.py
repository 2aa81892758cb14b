"""How the index of a home is looked after: what `KnowledgeBase.maintenance` offers."""

from collections.abc import Callable, Iterator
from pathlib import Path

from config.settings import Settings
from retrieval.index.base import IndexStore
from retrieval.index.following import FollowedBackup, followed
from retrieval.index.model_and_recipe import ModelAndRecipe
from retrieval.ingestion.ingest import Progress
from retrieval.maintenance.archive import Beside
from retrieval.maintenance.backup import BackupReport, back_up
from retrieval.maintenance.object_store import is_address
from retrieval.maintenance.published import publish
from retrieval.maintenance.replica import ReplicaReport, leave, take_newest
from retrieval.maintenance.restore import RestoreReport, restore


def ignore(_: object) -> None:
    """For those who do not want to be told."""


class Maintenance:
    """The upkeep of the index in a store; `differs` says in what one is made otherwise than the settings would make
    it, None where they fit."""

    def __init__(
        self, settings: Settings, store: IndexStore, differs: Callable[[ModelAndRecipe], str | None]
    ) -> None:
        self.settings = settings
        self._store = store
        self._differs = differs

    def integrity(self) -> str | None:
        """What the index finds wrong with its storage, looking quickly; None when nothing."""
        return self._store.integrity()

    def server(self) -> Iterator[str]:
        """What is met on the way to an index on a server, step by step; raises at the step that fails."""
        return self._store.server()

    def backup(
        self, file: Path | str, beside: Beside, *, force: bool = False, progress: Callable[[Progress], None] = ignore
    ) -> BackupReport:
        """Write one file, or to one address, with all that cannot be made again; see `back_up` and `publish`."""
        home, place = self.settings.home, _place(file)
        if isinstance(place, Path):
            return back_up(home, self._store, place, beside, force=force, progress=progress)
        return publish(home, self._store, place, beside, force=force, progress=progress)

    def restore(
        self,
        file: Path | str,
        beside: Beside,
        *,
        confirmed: bool = False,
        progress: Callable[[Progress], None] = ignore,
    ) -> RestoreReport:
        """Put all of it back; see `restore`."""
        return restore(self.settings, self._store, _place(file), beside, confirmed=confirmed, progress=progress)

    # -- a replica -----------------------------------------------------------------------------------------------

    def take_newest(
        self,
        folder: Path | str,
        beside: Beside,
        *,
        confirmed: bool = False,
        notify: Callable[[str], None] = ignore,
        progress: Callable[[Progress], None] = ignore,
    ) -> ReplicaReport | None:
        """Follow the backups in a folder or at its address, and answer from the newest; see `replica.take_newest`."""
        place = _place(folder)
        return take_newest(
            self._store,
            place.absolute() if isinstance(place, Path) else place.rstrip("/"),
            beside,
            self._differs,
            wait_seconds=self.settings.index.wait_seconds,
            confirmed=confirmed,
            notify=notify,
            progress=progress,
        )

    def followed(self) -> FollowedBackup | None:
        """What the index follows; None when it is this machine's own."""
        return None if self._store.folder is None else followed(self._store.folder)

    def leave(self) -> None:
        """Follow no longer, and be written to again."""
        leave(self._store)


def _place(place: Path | str) -> Path | str:
    """A path, or an address as it is."""
    return place if is_address(place) else Path(place)
