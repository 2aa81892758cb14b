"""The script of the page, run by node over elements that only keep what is written into them: what comes late, and
what cannot be sent."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.web.test_page import SCRIPTS

if shutil.which("node") is None:
    pytest.skip("needs node", allow_module_level=True)

STAGE = """
const named = new Map();
const made = () => ({
  children: [], hears: {}, value: "", accept: "", dataset: {},
  append(...more) { this.children.push(...more); },
  replaceChildren(...more) { this.children = more; },
  addEventListener(name, heard) { this.hears[name] = heard; },
  querySelector: () => null, setAttribute() {}, focus() {}, showModal() { this.open = true; },
});
const $ = (id) => named.get(id) || named.set(id, made()).get(id);
globalThis.document = {
  createElement: made, getElementById: $, querySelectorAll: () => [], documentElement: {},
};
Object.defineProperty(globalThis, "navigator", { value: { language: "zh" } });
globalThis.location = { search: "" };
const waiting = new Map(); // by the end of the path: what lets a call be answered
globalThis.fetch = (path) => new Promise((answer) => waiting.set(path.split("?")[0], (body) => answer(
  new Response(typeof body === "string" || body instanceof ReadableStream ? body : JSON.stringify(body)),
)));
const soon = () => new Promise((go) => setTimeout(go, 20));
const come = async (path, body) => { waiting.get(path)(body); await soon(); };
const buttons = (one, text) => typeof one === "string" ? [] : [
  ...(one.textContent === text ? [one] : []), ...one.children.flatMap((child) => buttons(child, text)),
];
const plain = (id) => $(id).children.map((one) => (typeof one === "string" ? one : one.children.join(""))).join("");
await import("./app.js");
await soon();
"""
CITED = """
const cited = (number, id) => ({
  number, passage_id: id, spans: [[0, 1]], text: id, title: id, document: id, place: null, date: null, page: null,
  url: null, also: [], breaks: [],
});
"""
CLOSEST = f"""{CITED}
$("question").value = "问";
$("ask").hears.submit({{ preventDefault() {{}} }});
await come("api/ask", {{
  status: "related", message: "…", understood: null, answer: null, quotes: [], figures: [],
  timing_ms: {{ search: 1 }}, closest: {{ citation: 2, start: 0, end: 1, about: "甲县" }},
  citations: [cited(1, "A"), cited(2, "B")],
}});
const said = (one) => typeof one === "string" ? one : one.textContent ?? one.children.map(said).join("");
console.log(JSON.stringify($("answer").children.map(said)));
process.exit(0);
"""
LATE = (
    CITED
    + """
const passage = (id) => ({
  start: 0, before: "", raw: id, after: "", title: id, document: id, document_id: id, section: null, place: null,
  date: null, page: null,
});
$("question").value = "问";
$("ask").hears.submit({ preventDefault() {} });
await come("api/ask", {
  status: "related", message: null, understood: null, answer: null, quotes: [], figures: [],
  timing_ms: { search: 1 }, citations: [cited(1, "A"), cited(2, "B")],
});
const [first, second] = buttons($("answer"), "看上下文");
const told = [];
const note = () => told.push([$("reading-title").textContent, plain("reading-text")]);
first.onclick();
second.onclick();
await come("api/passages/B", passage("B"));
note();
await come("api/passages/A", passage("A"));
note();
$("reading-whole").hears.click();
first.onclick();
await come("api/passages/A", passage("A"));
await come("api/documents/B/text", "whole B");
note();
$("reading-whole").hears.click();
await come("api/documents/A/text", "whole A");
note();
console.log(JSON.stringify(told));
"""
)
SENDING = """
const told = [];
const note = () => told.push($("sent").children.map((line) => line.textContent ?? line.children.join("")));
const heard = (line) => new TextEncoder().encode(line);
let tell;
$("files").files = [{ name: "a.txt" }, { name: "b.txt" }, { name: "c.txt" }];
$("send").hears.submit({ preventDefault() {} });
await soon();
note();
await come("api/documents", new ReadableStream({ start: (stream) => { tell = stream; } }));
const parts = ['{"progress": {"passages": 0}}\\n', '{"progress": {"pass', 'ages": 12}}\\n'];
for (const part of parts) tell.enqueue(heard(part));
await soon();
note();
tell.enqueue(heard(`{"result": {"outcome": "added", "document": "a.txt", "passages": 15, "pages_without_text": [2],
  "left_out": [{"kind": "hidden_sheets", "names": ["底稿"]},
  {"kind": "recognised", "names": ["3", "4"]}]}}`.replaceAll("\\n", "") + "\\n"));
await soon();
await come("api/documents", '{"progress": {"passages": 0}}\\n{"problem": {"status": 422, "detail": "no text"}}\\n');
await come("api/documents", '{"progress": {"passages": 3}}\\n'); // and the connection ends
note();
console.log(JSON.stringify(told));
process.exit(0);
"""
KNOWN = """
await come("api/me", { role: "feeder", has_key: true, files: [".txt", ".png"] });
console.log(JSON.stringify($("files").accept));
process.exit(0);
"""
KEY = """
const told = [];
for (const key of ["密钥", "abc"]) {
  waiting.clear();
  $("key").value = key;
  $("key-form").hears.submit({ preventDefault() {} });
  await soon();
  told.push([$("key-told").textContent, $("keying").open === true, waiting.size]);
  $("keying").open = false;
}
console.log(JSON.stringify(told));
process.exit(0);
"""
NEWEST_KEY = """
const first = waiting.get("api/me"); // of the page as it opened, without a key
$("key").value = "abc";
$("key-form").hears.submit({ preventDefault() {} });
await soon();
await come("api/me", { role: "administrator", has_key: true, files: [".txt"] });
first({ role: "reader", has_key: false, files: [".txt"] });
await soon();
await come("api/documents", { samples: false });
console.log(JSON.stringify([$("key-told").textContent, $("send").hidden]));
process.exit(0);
"""
NEWEST_LIST = """
const page = (title) => ({
  documents: [{ title, document: title, passages: 1 }], page: 1, pages: 1, total: 1, samples: false,
});
$("go-library").hears.click();
const all = waiting.get("api/documents");
$("wanted").value = "平山";
$("find").hears.submit({ preventDefault() {} });
await come("api/documents", page("平山"));
all(page("左云"));
await soon();
console.log(JSON.stringify($("documents").children.map((line) => line.children[0].children.join(""))));
process.exit(0);
"""


def run(folder: Path, play: str) -> Any:
    for name, script in SCRIPTS.items():
        (folder / name).write_text(script, "utf-8")
    (folder / "package.json").write_text('{"type": "module"}', "utf-8")
    (folder / "play.js").write_text(STAGE + play, "utf-8")
    ran = subprocess.run(["node", "play.js"], cwd=folder, capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_what_comes_late_is_not_written_over_what_is_read_now(tmp_path: Path) -> None:
    assert run(tmp_path, LATE) == [["B", "B"], ["B", "B"], ["A", "A"], ["A", "whole A"]]


def test_where_none_is_sure_to_answer_the_closest_sentence_stands_in_front(tmp_path: Path) -> None:
    heading, message, front, passage, rest, *_ = run(tmp_path, CLOSEST)
    assert (heading, message, front) == ("最接近的一句", "…", "甲县 · B [2]")
    assert passage.startswith("[2] B") and rest.startswith("其他段落（1）[1] A")


def test_a_key_that_no_header_carries_is_told_of_as_unknown(tmp_path: Path) -> None:
    (told, asked, calls), (_, _, sent) = run(tmp_path, KEY)
    assert told == "这里没有这个密钥，或者它已停用。" and asked and calls == 0
    assert sent > 0


def test_what_was_told_before_a_key_was_given_is_passed_over_when_it_comes_after(tmp_path: Path) -> None:
    assert run(tmp_path, NEWEST_KEY) == ["密钥可用（管理员）。", False]


def test_what_was_listed_before_a_search_is_passed_over_when_it_comes_after(tmp_path: Path) -> None:
    assert run(tmp_path, NEWEST_LIST) == ["平山"]


def test_the_files_that_the_server_reads_can_be_chosen(tmp_path: Path) -> None:
    assert run(tmp_path, KNOWN) == ".txt,.png"


def test_how_far_a_file_is_read_is_shown_and_what_became_of_it(tmp_path: Path) -> None:
    first, second, last = run(tmp_path, SENDING)
    assert first == ["a.txt：正在读…"] and second == ["a.txt：正在读，已读 12 段…"]
    added, refused, cut = last
    assert added == (
        "a.txt：已收录，15 段 有一部分没有读到（没有文字的页：2; 隐藏的工作表：底稿）。 "
        "由文字识别读出、请与原件核对的页：3, 4。"
    )
    assert refused.startswith("b.txt: ") and "no text" in refused
    assert cut.startswith("c.txt: ") and "12" not in cut
