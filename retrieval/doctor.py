"""Is everything in place? One check a part; a part that fails says what to do."""

import os
import platform
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from config.settings import Settings
from retrieval.embedding.engine import damaged_model_files
from retrieval.errors import WenjuError
from retrieval.service import KnowledgeBase

_SPACE = 500 * 2**20


@dataclass(frozen=True, slots=True)
class Check:
    """`detail` is what was found, or what to do when not `ok`."""

    name: str
    ok: bool
    detail: str


def examine(settings: Settings, notify: Callable[[str], None]) -> Iterator[Check]:
    """All checks in order; none raises."""
    yield Check("python", True, f"{platform.python_version()} on {platform.system()} {platform.machine()}")
    yield Check("settings", True, f"home {settings.home}, cache {settings.cache_dir}, model {settings.model}")
    yield _disk(settings.home)
    base = KnowledgeBase(settings, notify)
    try:
        yield _model(base)
        yield _index(base)
    finally:
        base.close()


def _disk(home: Path) -> Check:
    existing = next(path for path in (home, *home.parents) if path.exists())
    if not os.access(existing, os.W_OK):
        return Check("disk", False, f"{existing} cannot be written; mend its permissions or set WENJU_HOME")
    free = shutil.disk_usage(existing).free
    detail = f"{free / 2**30:.1f} GB free in {existing}"
    return Check("disk", free >= _SPACE, detail if free >= _SPACE else f"only {detail}; free some space")


def _model(base: KnowledgeBase) -> Check:
    try:
        vector = base.embedder().embed_questions(["左云县有多少网格员"])[0]
        damaged = damaged_model_files(base.settings)
        if damaged:
            folders = " and ".join(sorted({str(path.parent) for path in damaged}))
            return Check("model", False, f"{', '.join(path.name for path in damaged)}: damaged; delete {folders}")
    except WenjuError as error:
        return Check("model", False, str(error))
    model = base.embedder()
    return Check("model", True, f"{model.identity.name}, {vector.size} dimensions; {model.engine}")


def _index(base: KnowledgeBase) -> Check:
    if not base.exists:
        return Check("index", True, "nothing is indexed yet; run `wenju index FOLDER`")
    try:
        base.check()
        problem = base.integrity()
        counts = base.stats()
    except WenjuError as error:
        return Check("index", False, str(error))
    if problem:
        return Check("index", False, f"the database is damaged ({problem}); restore a copy, or index again elsewhere")
    return Check("index", True, f"{counts['documents']} documents, {counts['passages']} passages")
