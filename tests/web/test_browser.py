"""The page in a real Chromium: asking, reading, judging, sending files."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.visibility import Role
from retrieval.samples import SAMPLES
from tests.web.browsing import lacking
from tests.web.conftest import GRID, OVERHANGING, PHONE, QUESTION, Look, StartServer, opened

if (reason := lacking()) is not None:
    pytest.skip(reason, allow_module_level=True)

pytestmark = pytest.mark.usefixtures("web", "loopback")


# -- asking and reading ------------------------------------------------------------------------------------------


def test_a_question_is_answered_and_its_sentence_marked_in_its_document(look: Look) -> None:
    visit = look()
    visit.ask(QUESTION)
    page = visit.page
    assert page.inner_text("#answer blockquote mark") == GRID
    assert page.inner_text("#said") == f"已回答：{GRID}"
    assert page.inner_text("#citation-1 mark") == GRID and "2026-06-30" in page.inner_text("#citation-1")
    page.click("#citation-1 >> text=看上下文")
    mark = page.locator("#reading-text mark")
    assert mark.inner_text() == GRID and page.inner_text("#reading-title") == "左云县网格员队伍"
    page.click("#reading-whole")
    page.wait_for_selector("#reading-whole", state="hidden")
    assert mark.inner_text() == GRID and "每天巡查两次。" in page.inner_text("#reading-text")
    with page.expect_download() as coming:
        page.click("#reading-original")
    assert coming.value.suggested_filename == "左云县网格员队伍.md"
    assert GRID in Path(coming.value.path()).read_text("utf-8")


def test_what_is_told_beside_an_answer_is_in_the_language_of_the_page(look: Look) -> None:
    visit = look(language="en-GB")
    visit.ask("大同县有多少网格员")
    page = visit.page
    told = page.locator("#answer > p.text").first
    assert "occurs in none" in told.inner_text(timeout=5000)
    page.click("#go-language")
    page.wait_for_selector("#answer > p.text:text-matches('都没有提到')", timeout=20_000)


def test_near_questions_are_buttons_that_ask(look: Look) -> None:
    visit = look()
    page = visit.page
    page.route("**/api/near?*", lambda route: route.fulfill(json={"questions": [QUESTION]}))
    visit.ask("大同县有多少网格员")
    page.wait_for_selector("#near")
    offered = page.locator("#near-questions button")
    assert offered.all_inner_texts() == [QUESTION] and offered.get_attribute("lang") == "zh"
    visit.say("谢谢", "不客气")
    assert page.is_visible("#near"), "they stay with the answer"
    offered.click()
    page.wait_for_selector("#answer blockquote mark")
    assert page.inner_text("#answer blockquote mark") == GRID and not page.is_visible("#near")


def test_a_short_question_goes_on_until_one_begins_anew(look: Look) -> None:
    visit = look()
    visit.ask(QUESTION)
    visit.ask("平山县呢")
    page = visit.page
    assert "36名" in page.inner_text("#answer blockquote") and "平山县有多少网格员" in page.inner_text("#answer")
    assert "平山县" in page.inner_text("#going-on")
    page.click("#fresh")
    assert not page.is_visible("#going-on") and page.evaluate("document.activeElement.id") == "question"


def test_what_is_gone_on_from_is_told_as_it_was_asked(look: Look) -> None:
    """And without whom or what its answer named, which stands behind it."""
    visit = look()
    visit.ask("平山县有多少网格员")
    assert visit.page.inner_text("#going-on-from").endswith("：平山县有多少网格员")


def test_what_is_said_beside_asking_leaves_the_answer_where_it_is(look: Look) -> None:
    visit = look()
    page = visit.page
    visit.say("再说一遍", "上一个回答")
    assert page.locator("#answer > *").count() == 0
    visit.ask(QUESTION)
    visit.say("谢谢您的帮助", "不客气")
    visit.say("再说一遍", GRID)
    visit.say("请说得详细一点", "已在下面展开")
    assert page.locator("#answer details[open] article").first.is_visible()
    visit.say("你答错了", "抱歉")
    page.wait_for_selector("#answer >> text=已经过时")
    assert page.get_attribute("#answer .bad", "aria-pressed") == "true"
    visit.say("使用说明", "原文")
    assert page.inner_text("#answer blockquote mark") == GRID and "网格员" in page.inner_text("#going-on")
    visit.say("换个话题", "从头开始")
    assert not page.is_visible("#going-on")
    page.fill("#question", "为什么")
    page.press("#question", "Enter")
    page.wait_for_selector("#reading-text mark")
    assert page.inner_text("#reading-text mark") == GRID


def test_two_questions_in_one_message_are_both_answered(look: Look) -> None:
    from axe_playwright_python.sync_playwright import Axe

    visit = look()
    visit.ask(f"{QUESTION}？平山县呢？")
    page = visit.page
    first, second = page.locator("#answer blockquote mark").all_inner_texts()
    assert first == GRID and "36名" in second
    assert Axe().run(page).response["violations"] == []
    page.locator("#answer blockquote a").nth(1).click()
    assert "平山县" in page.inner_text("article:target h4")
    assert "平山县" in page.inner_text("#going-on")


def test_an_address_asks_and_a_document_can_be_asked_alone(look: Look) -> None:
    visit = look(path=f"/?q={QUESTION}")
    page = visit.page
    page.wait_for_selector("#answer blockquote mark")
    page.click("#go-library")
    page.fill("#wanted", "平山")
    page.press("#wanted", "Enter")
    page.wait_for_function("() => document.querySelectorAll('#documents > li').length === 1")
    page.click("#documents >> text=只查这篇")
    assert "平山县网格员通知" in page.inner_text("#within")
    visit.ask(QUESTION)
    assert "51名" not in page.inner_text("#answer")
    page.click("#everywhere")
    visit.ask(QUESTION)
    assert page.inner_text("#answer blockquote mark") == GRID


def test_a_question_is_narrowed_to_a_folder(look: Look, home: Path, start: StartServer) -> None:
    from axe_playwright_python.sync_playwright import Axe

    other = home.with_name("documents") / "平山"
    other.mkdir()
    (other / "新.txt").write_text("平山县来信\n\n平山县配备网格员40名。\n", "utf-8")
    with closing(opened(home)) as base:
        base.add([other])
    page = (visit := look(of=start(), size=PHONE)).page
    page.click("#narrow summary")
    page.wait_for_selector("#folder")
    assert page.locator("#folder option").all_inner_texts() == ["全部", "平山 (1)"]
    assert page.evaluate(OVERHANGING) == [] and Axe().run(page).response["violations"] == []
    page.focus("#folder")
    page.keyboard.press("ArrowDown")
    visit.ask("平山县有多少网格员")
    assert "40名" in page.inner_text("#answer blockquote") and "36名" not in page.inner_text("#answer")
    page.click("#go-library")
    page.locator("#documents > li", has_text="平山县通知.txt").locator("text=只查这篇").click()
    assert page.input_value("#folder") == "", "what was chosen last is what is asked"
    visit.ask("平山县有多少网格员")
    assert "36名" in page.inner_text("#answer blockquote") and "40名" not in page.inner_text("#answer")
    page.select_option("#folder", label="平山 (1)")
    assert not page.is_visible("#within")


def test_no_folder_is_offered_where_it_would_narrow_nothing(look: Look) -> None:
    page = (visit := look()).page
    with page.expect_response("**/api/folders"):
        page.click("#narrow summary")
    visit.ask(QUESTION)
    assert page.is_visible("#since") and not page.is_visible("#folder")


def test_of_a_pdf_its_page_is_shown(look: Look, home: Path, start: StartServer) -> None:
    name = "云溪县基层治理年报2025.pdf"
    file = home.with_name("documents") / name
    file.write_bytes((SAMPLES / name).read_bytes())
    with closing(opened(home)) as base:
        base.add([file])
    visit = look(of=start())
    visit.ask("云溪县基层治理年报的网格员")
    page = visit.page
    page.locator("article", has_text=name).first.locator("text=看上下文").click()
    page.wait_for_selector("#reading-picture")
    drawn = page.locator("#reading-picture")
    assert "页" in (drawn.get_attribute("aria-label") or "")
    assert drawn.evaluate("canvas => new Set(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)"
                          ".data).size > 2")  # fmt: skip
    assert page.inner_text("#reading-text mark")


def test_a_verdict_is_taken_with_its_reason(look: Look) -> None:
    visit = look()
    visit.ask(QUESTION)
    page = visit.page
    page.click("#answer >> text=不对")
    page.click("#answer >> text=已经过时")
    page.wait_for_selector("#answer >> text=谢谢，已记下。")


# -- whoever runs it ---------------------------------------------------------------------------------------------


def test_an_administrator_adds_asks_and_removes(look: Look, key: Callable[[Role], str]) -> None:
    visit = look()
    page = visit.page
    page.click("#go-library")
    assert not page.is_visible("#send")
    visit.use_key(key("administrator"))
    page.wait_for_selector("#send")
    page.set_input_files("#files", [
        {"name": "白水县.txt", "mimeType": "text/plain", "buffer": "白水县有网格员88名。\n".encode()},
        {"name": "空.txt", "mimeType": "text/plain", "buffer": b""},
    ])  # fmt: skip
    page.click("#send button[type=submit]")
    page.wait_for_selector("#sent .wrong")
    added, refused = page.locator("#sent li").all_inner_texts()
    assert added == "白水县.txt：已收录，1 段" and refused.startswith("空.txt: 没有成功")
    visit.complaints.clear()  # Chromium tells of the refusal
    page.wait_for_selector("#documents >> text=白水县.txt")
    page.click("#go-ask")
    visit.ask("白水县有多少网格员")
    assert "88名" in page.inner_text("#answer blockquote")
    page.click("#go-library")
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("#documents > li", has_text="白水县.txt").locator("text=移除").click()
    page.wait_for_selector("#counted >> text=已移除")
    assert "白水县.txt" not in page.inner_text("#documents")


def test_what_was_left_open_can_be_asked_again(look: Look, key: Callable[[Role], str]) -> None:
    visit = look()
    page = visit.page
    visit.ask("苍梧县渡口停航多少天")
    page.click("#answer >> text=不对")
    page.wait_for_selector("#answer >> text=谢谢，已记下。")
    page.click("#go-library")
    assert not page.is_visible("#open")
    visit.use_key(key("administrator"))
    page.click("#open summary")
    again = page.locator("#unanswered > li", has_text="苍梧县渡口停航多少天")
    assert "问过 1 次" in again.inner_text()
    again.locator("button").click()
    page.wait_for_selector("#answer h3")
    assert page.input_value("#question") == "苍梧县渡口停航多少天" and not page.is_visible("#library")


def test_a_key_that_nobody_made_is_refused(look: Look) -> None:
    visit = look()
    visit.page.click("#go-key")
    visit.page.fill("#key", "made-up")
    visit.page.press("#key", "Enter")
    visit.page.wait_for_selector("#key-told >> text=这里没有这个密钥")
    assert visit.page.is_visible("#keying") and not visit.page.is_visible("#send")
    visit.complaints.clear()  # 401
