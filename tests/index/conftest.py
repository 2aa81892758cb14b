"""The engines that keep the contract of an index. A new one joins `ENGINES`."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pytest

from config.settings import IndexSettings
from retrieval.index.base import IndexStore, PassageIndex, PassageWriter
from retrieval.index.engine import open_store
from retrieval.index.milvus.client import Milvus
from tests.index.caches import create
from tests.support.indexes import CANTEEN, ELECTION, GRID, MADE_BY, made

OpenStore = Callable[[Path], IndexStore]
"""Opens the store of a folder; called again it opens the same one, as another process would."""
Open = Callable[[], IndexStore]


FOLDERS = SCHOOLS, HOSPITALS = Path("/docs/schools"), Path("/docs/hospitals")
"""By which engines that divide documents do so."""
CLUSTER = "MILVUS_OF_TESTS"
"""The variable with the settings of a Milvus to run the tests on in place of milvus-lite, as JSON."""
_made = set[str]()


def on_milvus(server: str) -> OpenStore:
    """Stores of Milvus at this address, or of milvus-lite in this file, each by its folder."""

    def open_milvus(folder: Path) -> IndexStore:
        return open_store(folder, milvus_settings(server, folder), FOLDERS)

    return open_milvus


def milvus_settings(server: str, folder: Path) -> IndexSettings:
    """Where the collections have names of their own for each folder."""
    prefix = f"t{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}"
    _made.add(prefix)
    own = {"milvus_uri": server, "milvus_prefix": prefix, **json.loads(os.environ.get(CLUSTER, "{}"))}
    return IndexSettings.model_validate({"engine": "milvus", **own})


ENGINES: dict[str, Callable[[str], OpenStore]] = {"embedded": lambda _: open_store, "milvus": on_milvus}


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One Milvus for all tests: to start one takes a second. What they made on a server of somebody's goes again."""
    if CLUSTER in os.environ:
        yield (address := str(json.loads(os.environ[CLUSTER])["milvus_uri"]))
        _drop_made(address)
        return
    if find_spec("milvus_lite") is None:
        pytest.skip("needs milvus-lite, which comes with the extra wenju[dev]")
    yield str(tmp_path_factory.mktemp("milvus") / "milvus.db")


def _drop_made(address: str) -> None:
    from retrieval.index.milvus.client import Milvus

    with closing(Milvus(milvus_settings(address, Path()))) as milvus:
        for name in milvus.collections():
            if name.partition("_")[0] in _made:
                milvus.drop(name)


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> OpenStore:
    server = request.getfixturevalue("server") if request.param == "milvus" else ""
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


@pytest.fixture
def own(server: str, tmp_path: Path) -> IndexSettings:
    return milvus_settings(server, tmp_path)


@pytest.fixture
def name(own: IndexSettings) -> str:
    """Of an index that no other test has."""
    return f"{own.milvus_prefix}_index"


@pytest.fixture
def milvus(own: IndexSettings) -> Iterator[Milvus]:
    with closing(Milvus(own)) as milvus:
        yield milvus
