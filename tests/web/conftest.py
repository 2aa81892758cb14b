"""The server over four small documents; skipped where the extra is not installed."""

from collections.abc import Callable, Iterator
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.visibility import Role
from bot.web.keys import Keys
from config.settings import load_settings
from retrieval.service import KnowledgeBase
from tests.support.paper import PaperEmbedder
from tests.web.browsing import Visit, browser
from tests.web.running import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser

QUESTION = "左云县有多少网格员"
GRID = "左云县配备专职网格员51名，兼职网格员7名。"
DOCUMENTS = {
    "左云县网格员队伍.md": "---\ntitle: 左云县网格员队伍\ndate: 2026-06-30\nurl: https://example.org/a\n---\n\n"
    f"左云县把全县52个小区编成58个网格。{GRID}每天巡查两次。\n",
    "平山县通知.txt": "平山县网格员通知\n\n平山县配备网格员36名。培训每月一次。\n",
    "长者食堂.txt": "云溪县长者食堂\n\n云溪县长者食堂每天中午十一点半开饭。志愿者有12名。\n",
    "选举公告.txt": "青禾县选举公告\n\n青禾县选举于2025年3月12日举行。选举委员会由7人组成。\n",
}
StartServer = Callable[..., Server]
Look = Callable[..., Visit]
PHONE, DESKTOP = (390, 844), (1100, 800)
OVERHANGING = """() => [...document.querySelectorAll("body *")].filter((part) => {
  const { left, right, width } = part.getBoundingClientRect();
  return width > 1 && (right > innerWidth + 1 || left < -1) && !part.matches(".skip, .hidden");
}).map((part) => part.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="session")
def web() -> None:
    """Skips what starts a server where the extra is not installed."""
    if find_spec("starlette") is None or find_spec("uvicorn") is None:
        pytest.skip("needs the extra wenju[web]")


def make_home(folder: Path) -> Path:
    """A home with the documents, which lie beside it."""
    documents, home = folder / "documents", folder / "home"
    documents.mkdir()
    for name, text in DOCUMENTS.items():
        (documents / name).write_text(text, "utf-8")
    with closing(opened(home)) as base:
        assert not base.add([documents]).failures
    return home


def opened(home: Path) -> KnowledgeBase:
    """As the server has it."""
    return KnowledgeBase(load_settings(home=home).model_copy(update={"reader": "none"}), embedder=PaperEmbedder())


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return make_home(tmp_path)


@pytest.fixture
def start(home: Path) -> Iterator[StartServer]:
    """Starts a server with settings of the test's own; none is left running."""
    servers: list[Server] = []

    def started(*idle: str, **settings: str) -> Server:
        servers.append(Server(home, settings, ("-m", "tests.web.paper", *idle)))
        return servers[-1].start()

    yield started
    for server in servers:
        if server.process.poll() is None:
            server.kill()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests of a module, without limits."""
    server = Server(make_home(tmp_path_factory.mktemp("web")), {"WEB__RATE": "100000"}).start()
    yield server
    server.kill()
    assert "bug in Wenju" not in server.log


@pytest.fixture
def server(shared: Server) -> Server:
    return shared


@pytest.fixture
def key(server: Server) -> Callable[[Role], str]:
    """A key of the shared server with that role."""
    keys = Keys(server.home)

    def made(role: Role) -> str:
        if any(known_key.name == role for known_key in keys.all()):
            keys.remove(role)
        return keys.add(role, role)

    return made


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    with browser() as opened_browser:
        yield opened_browser


@pytest.fixture
def look(chromium: "Browser", server: Server) -> Iterator[Look]:
    """Opens the page of the shared server, or of another. At the end nothing had gone to another host, and Chromium
    had nothing to complain of."""
    visits: list[tuple[Visit, Server]] = []

    def visit(
        size: tuple[int, int] = DESKTOP, language: str = "zh-CN", scheme: str = "light", of: Server = server,
        path: str = "/",
    ) -> Visit:  # fmt: skip
        page = chromium.new_page(
            viewport={"width": size[0], "height": size[1]},
            locale=language,
            color_scheme=scheme,
            accept_downloads=True,
        )
        visits.append((Visit(page), of))
        page.goto(f"http://{of.place}{path}")
        return visits[-1][0]

    yield visit
    for seen, of in visits:
        seen.page.close()
        assert [address for address in seen.called if not _is_of(address, of)] == []
        assert seen.complaints == []


def _is_of(address: str, server: Server) -> bool:
    return address.startswith((f"http://{server.place}/", f"blob:http://{server.place}/"))
