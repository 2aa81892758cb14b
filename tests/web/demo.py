"""`make demo-web`: `wenju serve` over the sample documents in a real Chromium, with pictures of what it shows."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image
from rich.console import Console

from bot.web.keys import Keys
from tests.web.browsing import Visit, browser, lacking
from tests.web.running import ROOT, Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PICTURES = ROOT / "docs" / "pictures"
_DESKTOP, _PHONE = (1000, 800), (390, 760)
_LARGEST = 120_000
"""Bytes of a picture."""
_COLOURS = 64
_WARMING_SECONDS = 120
_NOTICE = "白水县供销社便民通知\n\n白水县现有供销社47家，其中乡镇28家。春耕期间每天7点开门，周末不休息。\n"


class Demo:
    """What is played, and the pictures of it, called after what they show."""

    def __init__(self, console: Console, chromium: "Browser", place: str, key: str) -> None:
        self._console = console
        self._chromium = chromium
        self._place = place
        self._key = key

    def run(self) -> None:
        self._ask()
        self._go_on_by_phone()
        self._look_at_a_pdf()
        self._add()

    def _ask(self) -> None:
        """A question in Chinese and one in English, light and dark, and the sentence in its document."""
        visit = self._visit(_DESKTOP, "zh-CN", "light")
        visit.page.wait_for_selector("#suggested")
        self._shoot(visit, "first-zh-desktop")
        self._timed(visit, "左云县有多少网格员")
        self._shoot(visit, "answer-zh-desktop")
        visit.page.click("#citation-1 >> text=看上下文")
        visit.page.wait_for_selector("#reading-text mark")
        self._shoot(visit, "marked-zh-desktop")
        english = self._visit(_DESKTOP, "en", "dark")
        self._timed(english, "How many boat dwellers are covered by the water grids in Yunxi County?")
        self._shoot(english, "answer-en-desktop-dark")

    def _go_on_by_phone(self) -> None:
        """An answer, and a question that goes on from it."""
        visit = self._visit(_PHONE, "zh-CN", "light")
        self._timed(visit, "左云县有多少网格员")
        self._shoot(visit, "answer-zh-phone")
        self._timed(visit, "青禾县呢")
        self._shoot(visit, "follow-up-zh-phone")
        dark = self._visit(_PHONE, "en", "dark")
        self._timed(dark, "左云县有多少网格员")
        self._shoot(dark, "answer-en-phone-dark")

    def _look_at_a_pdf(self) -> None:
        """The page of a PDF with a box around what is quoted."""
        visit = self._visit(_DESKTOP, "zh-CN", "light")
        self._timed(visit, "云溪县2025年有多少名专职网格员")
        visit.page.locator("article", has_text=".pdf").first.locator("text=看上下文").click()
        visit.page.wait_for_selector("#reading-picture")
        self._shoot(visit, "page-zh-desktop")

    def _add(self) -> None:
        """The documents, and an administrator who adds one; it is asked, and removed."""
        visit = self._visit(_DESKTOP, "zh-CN", "light")
        page = visit.page
        visit.use_key(self._key)
        page.click("#go-library")
        page.wait_for_selector("#documents > li")
        page.set_input_files(
            "#files", {"name": "白水县通知.txt", "mimeType": "text/plain", "buffer": _NOTICE.encode()}
        )
        page.click("#send button[type=submit]")
        page.wait_for_selector("#sent >> text=已收录")
        self._console.print(f"   {page.inner_text('#sent')}", markup=False)
        page.fill("#wanted", "通知")  # wherever the project lies: the list is in order of path
        page.press("#wanted", "Enter")
        page.wait_for_selector("#documents >> text=白水县通知.txt")
        self._shoot(visit, "documents-zh-desktop")
        page.click("#go-ask")
        self._timed(visit, "白水县有多少家供销社")
        phone = self._visit(_PHONE, "en", "dark")
        phone.page.click("#go-library")
        phone.page.wait_for_selector("#documents > li")
        self._shoot(phone, "documents-en-phone-dark")

    def _visit(self, size: tuple[int, int], language: str, scheme: str) -> Visit:
        page = self._chromium.new_page(
            viewport={"width": size[0], "height": size[1]}, locale=language, color_scheme=scheme
        )
        page.goto(f"http://{self._place}/")
        return Visit(page)

    def _timed(self, visit: Visit, question: str) -> None:
        began = time.perf_counter()
        visit.ask(question)
        seconds = time.perf_counter() - began
        said = visit.page.inner_text("#said")
        self._console.print(f"{question}\n   {said}\n   {seconds:.2f} s from the key to the page", markup=False)

    def _shoot(self, visit: Visit, name: str) -> None:
        file = PICTURES / f"{name}.png"
        taken = Image.open(BytesIO(visit.page.screenshot(animations="disabled")))
        taken.convert("RGB").quantize(_COLOURS).save(file, optimize=True)
        size = file.stat().st_size
        self._console.print(f"   docs/pictures/{file.name} ({size // 1000} kB)", markup=False)
        if size > _LARGEST:
            raise SystemExit(f"{file.name} has {size} bytes, more than {_LARGEST}")
        if visit.complaints:
            raise SystemExit(f"Chromium complains: {visit.complaints}")


def _warm(server: Server) -> None:
    """Have the reader loaded, and the questions found that are offered: both come with the first who wants them."""
    server.ask("左云县有多少网格员")
    deadline = time.monotonic() + _WARMING_SECONDS
    while not server.get("/api/suggestions").json["questions"] and time.monotonic() < deadline:
        time.sleep(1)


@contextmanager
def samples_served() -> Iterator[Server]:
    """`wenju serve` over the samples in a home of its own, warm."""
    with tempfile.TemporaryDirectory(prefix="wenju-demo-") as folder:
        settings = {"WEB__ANSWER_SECONDS": "300", "WEB__RATE": "100000"}  # the first question loads the reader
        server = Server(Path(folder) / "home", settings, ("-m", "bot.cli", "serve"))
        index = [sys.executable, "-m", "bot.cli", "index", str(ROOT / "data" / "corpus")]
        subprocess.run(index, cwd=ROOT, env=server.environment(), check=True, stdout=subprocess.DEVNULL)
        server.start()
        try:
            _warm(server)
            yield server
        finally:
            server.stop()


def main() -> None:
    """Index the samples into a home of its own, serve them, play, and clean up."""
    if (reason := lacking()) is not None:
        raise SystemExit(reason)
    console = Console(highlight=False, width=96)
    PICTURES.mkdir(exist_ok=True)
    console.print("== Indexing the sample documents, and starting wenju serve, and Chromium", style="dim")
    with samples_served() as server, browser() as chromium:
        Demo(console, chromium, server.place, Keys(server.home).add("demo", "administrator")).run()


if __name__ == "__main__":
    main()
