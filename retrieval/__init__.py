"""Wenju from Python: open a knowledge base over a home, feed it documents, ask it.

    from retrieval import KnowledgeBase, load_settings

    with closing(KnowledgeBase(load_settings(home=Path("home")))) as base:
        base.add([Path("documents")])
        print(base.ask("左云县有多少网格员").answer)

Names are loaded when they are first used: a module below this one costs no more than it needs.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from config.settings import Settings, load_settings
    from retrieval.errors import WenjuError
    from retrieval.service import KnowledgeBase
    from retrieval.types import Answer, Citation

__all__ = ["Answer", "Citation", "KnowledgeBase", "Settings", "WenjuError", "load_settings"]

_WHERE = {
    "Answer": "retrieval.types",
    "Citation": "retrieval.types",
    "KnowledgeBase": "retrieval.service",
    "Settings": "config.settings",
    "WenjuError": "retrieval.errors",
    "load_settings": "config.settings",
}


def __getattr__(name: str) -> object:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
