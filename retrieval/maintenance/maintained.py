"""The part of the door by which an index is looked after."""

from collections.abc import Callable, Iterator
from pathlib import Path

from config.settings import Settings
from retrieval.embedding.base import ModelIdentity
from retrieval.embedding.engine import identify
from retrieval.index.base import IndexStore
from retrieval.index.following import Followed, followed
from retrieval.ingestion.ingest import Progress
from retrieval.ingestion.passages import recipe
from retrieval.maintenance.archive import Beside
from retrieval.maintenance.backup import BackupReport, back_up
from retrieval.maintenance.object_store import is_address
from retrieval.maintenance.published import publish
from retrieval.maintenance.replica import ReplicaReport, leave, take_newest
from retrieval.maintenance.restore import RestoreReport, restore
from retrieval.maintenance.verify import Verification, verify
from retrieval.models import Models


def ignore(_: object) -> None:
    """For those who do not want to be told."""


class Maintained:
    """What a KnowledgeBase offers for that."""

    settings: Settings
    _store: IndexStore
    _models: Models

    @property
    def exists(self) -> bool:
        """Whether anything was ever indexed."""
        return self._store.exists()

    def integrity(self) -> str | None:
        """What the index finds wrong with its storage, looking quickly; None when nothing."""
        return self._store.integrity()

    def server(self) -> Iterator[str]:
        """What is met on the way to an index on a server, step by step; raises at the step that fails."""
        return self._store.server()

    def verify(self, progress: Callable[[Progress], None] = ignore) -> Verification:
        """Whether all is as it was stored; damage is told, not raised. Nothing is written."""
        return verify(self._store, progress) if self.exists else Verification((), ())

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
            lambda made_by: made_by.differs(*self._made_now()),
            wait_seconds=self.settings.index.wait_seconds,
            confirmed=confirmed,
            notify=notify,
            progress=progress,
        )

    def followed(self) -> Followed | None:
        """What the index follows; None when it is this machine's own."""
        return None if self._store.folder is None else followed(self._store.folder)

    def leave(self) -> None:
        """Follow no longer, and be written to again."""
        leave(self._store)

    def _made_now(self) -> tuple[ModelIdentity, str]:
        """The model and the recipe by which the settings would make an index."""
        return self._models.loaded_identity or identify(self.settings), recipe(self.settings.passages)


def _place(place: Path | str) -> Path | str:
    """A path, or an address as it is."""
    return place if is_address(place) else Path(place)
