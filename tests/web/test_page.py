"""The page as its files are: what a screen reader, a keyboard, a phone and a browser without a network need of it.
What it does with an answer is tried where there is node."""

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, get_args

import pytest

from bot.web.pages import texts_module
from config.formats import SUFFIXES
from retrieval.left_out import LeftOutKind
from tests.web.running import ROOT, Server

STATIC = ROOT / "bot" / "web" / "static"
FILES = {path.name: path.read_bytes() for path in sorted(STATIC.iterdir())} | {"texts.js": texts_module()}
"""What the browser gets; one of them is made of the texts of all doors."""
SCRIPTS = {name: data.decode() for name, data in FILES.items() if name.endswith(".js")}
HTML = (STATIC / "index.html").read_text("utf-8")
CSS = (STATIC / "style.css").read_text("utf-8")
WEIGHT = 60_000
"""Bytes, as docs/web.md says."""
NAMESPACE = "http://www.w3.org/2000/svg"
"""The name of a language, and no address that is called."""
FILLED_IN = ("reading-title", "reading-place", "going-on-from", "within-name")


class Page(HTMLParser):
    """Every element with its attributes, in order, and what text stands in elements of a kind."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def of(self, *tags: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.elements if tag in tags]


PAGE = Page(HTML)


TEXTS: dict[str, dict[str, str]] = json.loads(SCRIPTS["texts.js"].removeprefix("export const TEXTS = ").rstrip(";\n"))


def test_all_of_it_is_light() -> None:
    assert sum(map(len, FILES.values())) < WEIGHT


def test_nothing_stands_in_the_page_that_the_policy_forbids() -> None:
    for tag, attributes in PAGE.elements:
        assert not [name for name in attributes if name.startswith("on") or name == "style"], attributes
        assert tag not in {"style", "iframe", "object", "embed", "base"}
    assert all(script["src"] for script in PAGE.of("script"))
    assert re.findall(r"<script[^>]*>\s*</script>", HTML) and HTML.count("<script") == 1
    for name, script in SCRIPTS.items():
        barred = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|\.style\b|javascript:"
        assert not re.search(barred, script), name


@pytest.mark.parametrize("name", FILES)
def test_no_other_host_is_named(name: str) -> None:
    text = FILES[name].decode()
    found = re.findall(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]+[^\s\"']*", text)
    assert set(found) <= {NAMESPACE}
    assert "@import" not in text and "url(" not in text


@pytest.mark.usefixtures("web", "loopback")
def test_every_file_that_is_named_is_served(server: Server) -> None:
    named = {attributes.get("src") or attributes["href"] for attributes in PAGE.of("script", "link")}
    named |= {f"static/{name}" for script in SCRIPTS.values() for name in re.findall(r"from \"\./(.+?)\"", script)}
    assert {Path(name).name for name in named} == FILES.keys() - {"index.html"}
    for name in named:
        reply = server.get(f"/{name}")
        assert reply.status == 200 and reply.data == FILES[Path(name).name]
        again = server.get(f"/{name}", headers={"If-None-Match": reply.headers["ETag"]})
        assert again.status == 304 and not again.data
    assert server.get("/").text == HTML


# -- for everybody -----------------------------------------------------------------------------------------------


def test_every_field_has_a_label_and_every_button_a_kind() -> None:
    labelled = {attributes["for"] for attributes in PAGE.of("label")}
    fields = PAGE.of("input", "select", "textarea")
    assert {attributes["id"] for attributes in fields} == labelled
    assert all(attributes["type"] in ("button", "submit") for attributes in PAGE.of("button"))
    ids = [attributes["id"] for _, attributes in PAGE.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in PAGE.elements:
        for name in ("aria-labelledby", "aria-describedby"):
            assert name not in attributes or attributes[name] in ids
    assert all("aria-labelledby" in attributes for attributes in PAGE.of("dialog"))
    assert all("aria-label" in attributes for attributes in PAGE.of("nav"))


def test_it_says_its_language_fits_a_phone_and_can_be_skipped_into() -> None:
    assert PAGE.of("html") == [{"lang": "zh-CN"}]
    (viewport,) = [attributes["content"] for attributes in PAGE.of("meta") if attributes.get("name") == "viewport"]
    assert "width=device-width" in viewport and "maximum-scale" not in viewport and "user-scalable" not in viewport
    assert len(PAGE.of("h1")) == len(PAGE.of("main")) == 1
    assert PAGE.of("a")[0] == {"class": "skip", "href": "#main", "data-text": "skip"}
    live = [
        attributes["id"]
        for _, attributes in PAGE.elements
        if attributes.get("role") == "status" or "aria-live" in attributes
    ]
    assert {"said", "counted", "sent", "key-told"} == set(live)
    assert ":focus-visible" in CSS and "outline: none" not in CSS.replace(
        "main:focus, h2:focus { outline: none; }", ""
    )
    assert not re.search(r"[\s:](?:width|min-width): *\d{3,}px", CSS)


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(colour: str, other: str) -> float:
    low, high = sorted((luminance(colour), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_counted_as_wcag_counts_it() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_by_day_and_by_night(scheme: str) -> None:
    light, dark = CSS.split("@media (prefers-color-scheme: dark)")
    found = colours(light) if scheme == "light" else colours(dark)
    assert len(found) == 10
    for ground in ("ground", "panel"):
        for text in ("text", "soft", "accent", "wrong"):
            assert contrast(found[text], found[ground]) >= 4.5, (text, ground)
    for text, ground in (("on-accent", "accent"), ("on-mark", "mark")):
        assert contrast(found[text], found[ground]) >= 4.5
    assert contrast(found["line"], found["ground"]) >= 3  # borders of fields


def test_a_file_of_every_type_that_is_read_can_be_chosen() -> None:
    types = [*SUFFIXES, ".doc", ".wps", ".ppt"]
    (field,) = [attributes for attributes in PAGE.of("input") if attributes["type"] == "file"]
    assert set(field["accept"].split(",")) == {*types, ".htm"}
    assert "accept.replaceAll" in SCRIPTS["app.js"], "what people are told of the types is taken from the field"
    assert all("{types}" in told["send_label"] for told in TEXTS.values())


# -- in both languages -------------------------------------------------------------------------------------------


def test_every_text_is_said_and_none_is_missing() -> None:
    named = {attributes["data-text"] for _, attributes in PAGE.elements if "data-text" in attributes}
    named |= {attributes["data-label"] for _, attributes in PAGE.elements if "data-label" in attributes}
    everywhere = "".join(text for name, text in SCRIPTS.items() if name != "texts.js")
    assert set(re.findall(r"say\(\"([a-z_]+)\"", everywhere)) | named <= TEXTS["zh"].keys()
    mentioned = (
        named | set(re.findall(r"\"([a-z_]+)\"", everywhere)) | {"unchanged", "same_content", "changed", "added"}
    )
    mentioned |= {f"left_{kind}" for kind in (*get_args(LeftOutKind), "pages")}
    assert {f"left_{kind}" for kind in get_args(LeftOutKind)} < TEXTS["zh"].keys()
    mentioned |= {f"said_{status}" for status in ("answered", "related", "not_found")} | {"reader", "feeder"}
    assert TEXTS["zh"].keys() - mentioned == {"related", "not_found"}  # the outcomes themselves


def test_the_page_speaks_chinese_before_a_script_has_run() -> None:
    for name, text in re.findall(r"data-text=\"([a-z_]+)\"[^>]*>([^<]+)<", HTML):
        assert TEXTS["zh"][name] == text


def test_every_element_that_the_scripts_look_for_is_there() -> None:
    ids = {attributes["id"] for _, attributes in PAGE.elements if "id" in attributes}
    looked_for = {name for script in SCRIPTS.values() for name in re.findall(r"\$\(\"([a-z-]+)\"\)", script)}
    assert looked_for <= ids
    assert ids - looked_for <= {"main", "asking-title", "library-title", "keying-title", "time-hint", "pager"}


MARKS = """
import { inDocument, inLines, moved, pieces } from "./marks.mjs";
const said = [
  pieces("a😀b网c", [[1, 3]]),
  pieces("abcdef", [[2, 5], [1, 4]]),
  pieces("abc", []),
  inDocument([[10, 14], [20, 25]], [[2, 6]]),
  moved([[10, 12]], -10),
  inLines("题目😀第一行第二行", [3, 6], [[4, 7]]),
];
console.log(JSON.stringify(said));
"""


def test_marks_count_code_points_and_leap_over_what_is_left_out(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node")
    (tmp_path / "marks.mjs").write_text(SCRIPTS["marks.js"], "utf-8")
    (tmp_path / "try.mjs").write_text(MARKS, "utf-8")
    ran = subprocess.run([node, "try.mjs"], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60)
    emoji, overlapping, none, document, relative, lines = json.loads(ran.stdout)
    assert emoji == [
        {"text": "a", "marked": False}, {"text": "😀b", "marked": True}, {"text": "网c", "marked": False}
    ]  # fmt: skip
    assert [part["text"] for part in overlapping if part["marked"]] == ["bcd", "e"]
    assert "".join(part["text"] for part in overlapping) == "abcdef"
    assert none == [{"text": "abc", "marked": False}]
    assert document == [[12, 14], [20, 22]]
    assert relative == [[0, 2]]
    assert "".join(line["text"] for line in lines) == "题目😀\n第一行\n第二行"
    assert [line["text"] for line in lines if line["marked"]] == ["一行", "第"]


SHOWN = """
globalThis.document = {
  createElement: () => ({ children: [], append(...more) { this.children.push(...more); }, setAttribute() {} }),
};
const { answerView } = await import("./view.js");
const within = (node) => (node.textContent || "") + node.children.map(textOf).join("");
const textOf = (node) => (typeof node === "string" ? node : within(node));
const answer = JSON.parse(process.argv[2]);
console.log(JSON.stringify(answerView(answer, {}).map(textOf)));
"""


def test_what_was_counted_and_what_became_of_a_rule_is_shown(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node")
    for name in ("view.js", "marks.js", "texts.js"):
        (tmp_path / name).write_text(SCRIPTS[name], "utf-8")
    (tmp_path / "package.json").write_text('{"type": "module"}', "utf-8")
    (tmp_path / "try.js").write_text(SHOWN, "utf-8")
    answer: dict[str, Any] = {
        "status": "answered", "message": None, "understood": None, "figures": [], "timing_ms": {"search": 1},
        "quotes": [{"citation": 1, "start": 0, "end": 2, "about": None}],
        "citations": [{
            "number": 1, "text": "赵一，护士", "title": "名单", "document": "a.md", "place": None, "date": None,
            "page": None, "url": None, "also": [], "breaks": [],
        }],
    }  # fmt: skip
    shown = []
    ended = [{**answer["citations"][0], "became": {"message": "引用的规定已由《供水条例》废止。"}}]
    for sent in (answer, {**answer, "tally": {"line": "符合的有 8 处："}}, {**answer, "citations": ended}):
        ran = subprocess.run(
            [node, "try.js", json.dumps(sent)], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60
        )
        shown.append(json.loads(ran.stdout))
    (heading, *rest), counted, marked = shown
    assert rest[0] == "赵一 [1]"
    assert counted == [heading, "符合的有 8 处：", *rest]
    assert marked[2] == rest[1].replace("a.md", "a.md引用的规定已由《供水条例》废止。") != rest[1]
