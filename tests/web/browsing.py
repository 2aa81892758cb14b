"""A real Chromium over the page: where it is found, how it is started, and what of its doing is written down."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
_QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
"""No sandbox, which root cannot have: it opens our own page alone. The others keep it from calling home."""
_SECONDS = 120


def lacking() -> str | None:
    """What is not there of what a browser needs, None when all is."""
    if find_spec("playwright") is None or find_spec("axe_playwright_python") is None:
        return "needs the extra wenju[browser]: make test-browser"
    return None if _chromium() else "needs Chromium (on Debian: apt install chromium)"


def _chromium() -> str | None:
    return next(filter(None, map(shutil.which, _NAMES)), None)


@contextmanager
def browser() -> Iterator["Browser"]:
    """The machine's own Chromium: playwright's is never fetched."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=_chromium(), args=_QUIET, timeout=_SECONDS * 1000)
        try:
            yield opened
        finally:
            opened.close()


@dataclass
class Visit:
    """Somebody before the page: `called` are the addresses that it asked for, `complaints` what Chromium says is
    wrong, such as a script that threw and what the policy forbids."""

    page: "Page"
    called: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(_SECONDS * 1000)
        self.page.on("request", lambda request: self.called.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console", lambda said: self.complaints.append(said.text) if said.type in ("error", "warning") else None
        )

    def ask(self, question: str) -> None:
        """Type it, press Enter, and wait for what comes."""
        before = self.page.locator("#answer").inner_html()
        self.page.fill("#question", question)
        self.page.press("#question", "Enter")
        self.page.wait_for_function("before => document.getElementById('answer').innerHTML !== before", arg=before)

    def say(self, said: str, told: str) -> None:
        """Type what is no question, press Enter, and wait to be told so."""
        self.page.fill("#question", said)
        self.page.press("#question", "Enter")
        self.page.wait_for_function("told => document.getElementById('said').innerText.includes(told)", arg=told)

    def use_key(self, key: str) -> None:
        """Enter one that is known."""
        self.page.click("#go-key")
        self.page.fill("#key", key)
        self.page.press("#key", "Enter")
        self.page.wait_for_selector("#key-told:text-matches('密钥可用|The key is known')")
        self.page.click("#key-close")
