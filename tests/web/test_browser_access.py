"""The page in a real Chromium for everybody: a phone, the keyboard, WCAG by axe, the language."""

from collections.abc import Callable, Iterator

import pytest

from bot.visibility import Role
from tests.web.browsing import Visit, lacking
from tests.web.conftest import OVERHANGING, PHONE, QUESTION, Look

if (reason := lacking()) is not None:
    pytest.skip(reason, allow_module_level=True)

pytestmark = pytest.mark.usefixtures("web", "loopback")

NARROW = (320, 640)


def _states(visit: Visit) -> Iterator[str]:
    """The page as people meet it, one state after the other."""
    page = visit.page
    yield "first"
    visit.ask(QUESTION)
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    page.locator("#answer button[aria-pressed]").last.click()
    yield "answered"
    page.locator("#citation-1 button").first.click()
    page.wait_for_selector("#reading-text mark")
    yield "reading"
    page.click("#reading-close")
    visit.ask("大同县有多少网格员")
    yield "not answered"
    page.click("#go-library")
    page.wait_for_selector("#documents > li")
    yield "library"
    page.click("#go-key")
    page.wait_for_selector("#keying")
    yield "key"


@pytest.mark.parametrize("size", [PHONE, NARROW], ids=["phone", "narrow"])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_nothing_hangs_over_on_a_phone(
    look: Look, key: Callable[[Role], str], size: tuple[int, int], language: str
) -> None:
    visit = look(size, language)
    visit.use_key(key("administrator"))
    for state in _states(visit):
        assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), state
        assert visit.page.evaluate(OVERHANGING) == [], state


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(look: Look, key: Callable[[Role], str], scheme: str, language: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    visit = look(language=language, scheme=scheme)
    visit.use_key(key("administrator"))
    axe, looked_at = Axe(), 0
    for state in _states(visit):
        found = axe.run(visit.page).response
        looked_at += len(found["passes"])
        told = [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found["violations"]]
        assert told == [], state
    assert looked_at > 100


def test_axe_would_find_it(look: Look) -> None:
    """A field without a label, and text that is too pale."""
    from axe_playwright_python.sync_playwright import Axe

    page = look().page
    page.evaluate("document.querySelector('label[for=question]').remove()")
    page.evaluate("document.querySelector('h1').style.color = '#cccccc'")
    found = {rule["id"] for rule in Axe().run(page).response["violations"]}
    assert {"label", "color-contrast"} <= found


def test_the_keyboard_is_enough(look: Look) -> None:
    visit = look()
    page = visit.page

    def focused() -> str:
        told: str = page.evaluate("document.activeElement.id || document.activeElement.textContent")
        if page.evaluate("document.activeElement === document.body"):  # after the last, before the first
            return ""
        ring = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert told in ("main", "reading-title") or ring != "none", f"the focus is not seen on {told}"
        return told

    def go_to(wanted: str) -> None:
        for _ in range(40):
            page.keyboard.press("Tab")
            if focused() == wanted:
                return
        raise AssertionError(f"Tab does not come to {wanted}")

    page.keyboard.press("Tab")
    assert focused() == "跳到正文" and page.evaluate("document.activeElement.getBoundingClientRect().left >= 0")
    page.keyboard.press("Enter")
    assert focused() == "main"
    go_to("question")
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_selector("#answer blockquote mark")
    go_to("看上下文")
    page.keyboard.press("Enter")
    page.wait_for_selector("#reading-text mark")
    assert focused() == "reading-title"
    go_to("reading-text")
    page.keyboard.press("Escape")
    page.wait_for_selector("#reading", state="hidden")
    assert focused() == "看上下文"
    go_to("有用")
    page.keyboard.press("Space")
    page.wait_for_selector("#answer >> text=谢谢，已记下。")
    go_to("go-library")
    page.keyboard.press("Enter")
    page.wait_for_selector("#documents > li")
    go_to("阅读")


def test_the_language_is_kept(look: Look) -> None:
    page = look(language="en").page
    assert page.inner_text("#ask button[type=submit]") == "Ask" and page.title() == "问据 Wenju"
    page.click("#go-language")
    assert page.inner_text("#ask button[type=submit]") == "提问"
    page.reload()
    assert page.inner_text("#ask button[type=submit]") == "提问"
    assert page.get_attribute("html", "lang") == "zh-CN"
