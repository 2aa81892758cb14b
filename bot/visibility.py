"""Who sees which documents, at whichever door: what `access.collections` and the collections of a key say.

A door tells who it answers by `Views.of` or by setting `VIEWER`, which tasks and the threads of `WaitingLine` take
along. Where it tells nothing, it is nobody whom a setting could name: then no restricted document is seen.
"""

from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from config.access import AccessSettings
from retrieval.service import KnowledgeBase, Visibility

Role = Literal["reader", "feeder", "administrator"]
ROLES: tuple[Role, ...] = get_args(Role)
"""Each may do what those before it may."""
_VIEWS = 1000
"""So many combinations of folders are remembered at a time."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whoever looks: by which names settings may let him in, and the only folders that he sees (None: any)."""

    names: frozenset[str] = frozenset()
    only: frozenset[Path] | None = None

    @classmethod
    def of(cls, *names: str, role: Role | None = None, only: Iterable[Path] | None = None) -> "Viewer":
        """Somebody with these names, such as user:42, and with all that the role may."""
        roles = () if role is None else ROLES[: ROLES.index(role) + 1]
        return cls(frozenset((*names, *(f"role:{own}" for own in roles))), None if only is None else frozenset(only))


NOBODY = Viewer()
VIEWER: ContextVar[Viewer] = ContextVar("viewer", default=NOBODY)
"""For whom is looked now."""


class Views:
    """Documents as those see them who may ask. Safe to use from several threads."""

    def __init__(self, base: KnowledgeBase) -> None:
        self._base = base
        self._views: dict[Visibility, KnowledgeBase] = {}

    def now(self) -> KnowledgeBase:
        """As the present viewer sees them."""
        return self.of(VIEWER.get())

    def of(self, viewer: Viewer) -> KnowledgeBase:
        visibility = visible_to(viewer, self._base.settings.access)
        if visibility.is_everything:
            return self._base
        if len(self._views) >= _VIEWS:
            self._views = {}
        return self._views.setdefault(visibility, self._base.seen_by(visibility))

    def shows(self, path: Path) -> bool:
        """Whether the present viewer would see the document of a file that is put there."""
        return visible_to(VIEWER.get(), self._base.settings.access).would_show(path)


def restricting_nothing(base: KnowledgeBase) -> list[Path]:
    """Folders of the setting below which no document lies: one may be misspelt, and then hides nothing."""
    shown = [Visibility(frozenset({folder})) for folder in base.settings.access.collections]
    paths = [record.path for record in base.documents()] if shown else []
    return [folder for without in shown for folder in without.hidden if all(map(without.would_show, paths))]


def visible_to(viewer: Viewer, access: AccessSettings) -> Visibility:
    hidden = (folder for folder, who in access.collections.items() if viewer.names.isdisjoint(who))
    return Visibility(frozenset(hidden), viewer.only)
