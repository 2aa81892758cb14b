"""Is everything in place? One check a part; a part that fails says what to do."""

import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from config.example import EXAMPLE
from config.settings import Settings
from retrieval.embedding.engine import damaged_model_files
from retrieval.embedding.torch_extra import HOW, has_torch
from retrieval.errors import WenjuError
from retrieval.reading.engine import damaged_reader_files, open_reader
from retrieval.service import KnowledgeBase, ignore

_SPACE = 500 * 2**20
_PYTHON = (3, 11)


@dataclass(frozen=True, slots=True)
class Check:
    """`detail` is what was found, or what to do when not `ok`."""

    name: str
    ok: bool
    detail: str


def examine(
    settings: Settings, notify: Callable[[str], None], word: Callable[[WenjuError], str] = str
) -> Iterator[Check]:
    """All checks in order; none raises. `word` gives the line that tells of an error."""
    yield python(sys.version_info)
    yield Check("settings", True, f"home {settings.home}, cache {settings.cache_dir}, model {settings.model}")
    yield _disk(settings.home)
    base = KnowledgeBase(settings, notify)
    try:
        yield _model(base, word)
        yield _reader(base, word)
        yield _torch()
        yield from server(base, word)
        yield index(base, word)
    finally:
        base.close()


def python(version: tuple[int | str, ...]) -> Check:
    """Whether the version, as in `sys.version_info`, is one that Wenju runs on."""
    found = f"{'.'.join(map(str, version[:3]))} on {platform.system()} {platform.machine()}"
    if version[:2] < _PYTHON:
        return Check("python", False, f"{found}; Wenju needs {'.'.join(map(str, _PYTHON))} or newer")
    return Check("python", True, found)


def _disk(home: Path) -> Check:
    try:
        existing = next(path for path in (home, *home.parents) if path.exists())
        free = shutil.disk_usage(existing).free
    except OSError as error:
        return Check("disk", False, f"{home}: {error.strerror or error}; mend it or set WENJU_HOME")
    if not existing.is_dir():
        return Check("disk", False, f"{existing} is no folder; move it away or set WENJU_HOME")
    if not os.access(existing, os.W_OK):
        return Check("disk", False, f"{existing} cannot be written; mend its permissions or set WENJU_HOME")
    detail = f"{free / 2**30:.1f} GB free in {existing}"
    return Check("disk", free >= _SPACE, detail if free >= _SPACE else f"only {detail}; free some space")


def _model(base: KnowledgeBase, word: Callable[[WenjuError], str]) -> Check:
    try:
        vector = base.embedder().embed_questions([EXAMPLE])[0]
        damaged = damaged_model_files(base.settings)
        if damaged:
            folders = " and ".join(sorted({str(path.parent) for path in damaged}))
            return Check("model", False, f"{', '.join(path.name for path in damaged)}: damaged; delete {folders}")
    except WenjuError as error:
        return Check("model", False, word(error))
    model = base.embedder()
    return Check("model", True, f"{model.identity.name}, {vector.size} dimensions; {model.engine}")


def _reader(base: KnowledgeBase, word: Callable[[WenjuError], str]) -> Check:
    try:
        reader = open_reader(base.settings, ignore)
        if reader is None:
            return Check("reader", True, "none: questions are answered without one, less reliably")
        reader.read(EXAMPLE, ["【网格员51名】"])
        damaged = damaged_reader_files(base.settings)
    except WenjuError as error:
        return Check("reader", False, word(error))
    if damaged:
        folders = " and ".join(sorted({str(path.parent) for path in damaged}))
        return Check("reader", False, f"{', '.join(path.name for path in damaged)}: damaged; delete {folders}")
    return Check("reader", True, f"{reader.name}; {reader.engine}")


def _torch() -> Check:
    """Who needs it and has it not is told so by the model or the reader."""
    if has_torch():
        return Check("torch", True, f"{metadata.version('torch')}, for other models than the bundled ones")
    return Check("torch", True, f"not installed; the bundled models do without, for others: {HOW}")


def server(base: KnowledgeBase, word: Callable[[WenjuError], str] = str) -> Iterator[Check]:
    """How far one comes to an index on a server."""
    met = list[str]()
    try:
        met.extend(base.maintenance.server())
    except WenjuError as error:
        yield Check("server", False, "; ".join([*met, word(error)]))
    else:
        if met:
            yield Check("server", True, "; ".join(met))


def index(base: KnowledgeBase, word: Callable[[WenjuError], str] = str) -> Check:
    try:
        followed = base.maintenance.followed()
        if not base.exists:
            nothing = "nothing is indexed yet; run `wenju index FOLDER`"
            return Check("index", True, f"no backup yet in {followed.folder}" if followed else nothing)
        base.check()
        problem = base.maintenance.integrity()
        counts = base.stats()
    except WenjuError as error:
        return Check("index", False, word(error))
    if problem:
        told = "`wenju verify` tells what is readable; restore a backup, or index again elsewhere"
        return Check("index", False, f"the database is damaged ({problem}); {told}")
    copied = f", copied from {followed.backup} in {followed.folder}" if followed else ""
    return Check("index", True, f"{counts['documents']} documents, {counts['passages']} passages{copied}")
