"""The engines that keep the contract of an index. A new one joins `ENGINES`."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pytest

from config.settings import IndexSettings
from retrieval.index.base import IndexStore, PassageIndex, PassageWriter
from retrieval.index.engine import open_store
from tests.index.caches import create
from tests.support.indexes import CANTEEN, ELECTION, GRID, MADE_BY, made

OpenStore = Callable[[Path], IndexStore]
"""Opens the store of a folder; called again it opens the same one, as another process would."""
Open = Callable[[], IndexStore]


def on_milvus(server: Path) -> OpenStore:
    """Stores of milvus-lite in this file, each by its folder."""

    def open_milvus(folder: Path) -> IndexStore:
        return open_store(folder, milvus_settings(server, folder))

    return open_milvus


def milvus_settings(server: Path, folder: Path) -> IndexSettings:
    """Where the collections have names of their own for each folder."""
    prefix = f"t{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}"
    return IndexSettings(engine="milvus", milvus_uri=str(server), milvus_prefix=prefix)


ENGINES: dict[str, Callable[[Path], OpenStore]] = {"embedded": lambda _: open_store, "milvus": on_milvus}


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One milvus-lite for all tests: to start one takes a second."""
    if find_spec("milvus_lite") is None:
        pytest.skip("needs milvus-lite, which comes with the extra wenju[dev]")
    return tmp_path_factory.mktemp("milvus") / "milvus.db"


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> OpenStore:
    server = request.getfixturevalue("server") if request.param == "milvus" else Path()
    return ENGINES[request.param](server)


@pytest.fixture
def open_again(engine: OpenStore, tmp_path: Path) -> Iterator[Open]:
    """Opens the store once more, with an empty index in it at first."""
    opened: list[IndexStore] = []

    def open_again() -> IndexStore:
        opened.append(engine(tmp_path / "index"))
        opened[-1].create(MADE_BY)
        return opened[-1]

    yield open_again
    for store in opened:
        store.close()


@pytest.fixture
def store(open_again: Open) -> IndexStore:
    return open_again()


@pytest.fixture
def index(store: IndexStore) -> Iterator[PassageWriter]:
    """The only writer."""
    with store.writing(5) as writer:
        yield writer


@pytest.fixture
def reader(index: PassageWriter, open_again: Open) -> PassageIndex:  # noqa: ARG001 - it is made first
    """Another process that reads what `index` writes."""
    return open_again().current()


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """The folder of an index of four passages, caches saved, closed."""
    with closing(create(tmp_path / "index")) as index:
        index.put(made("a", GRID, CANTEEN))
        index.put(made("b", ELECTION, GRID))
        index.publish()
        index.save_caches()
        return index.folder
