"""`wenju` from outside, with the bundled model over a few small documents: what scripts and people rely on."""

import json
import re
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.memory.database import open_database
from bot.memory.suggestions import keep_suggestions
from config.settings import load_settings
from retrieval.embedding.base import Embedder
from retrieval.service import KnowledgeBase
from tests.cli.conftest import CANTEEN, FILES, GRID, QUESTION, Command
from tests.documents.make import pdf, xlsx

# -- asking in other ways ------------------------------------------------------------------------------------------


def test_questions_in_a_file_that_all_can_be_asked_end_well(wenju: Command, tmp_path: Path) -> None:
    """Not answered is no failure here; the encoding is found out as for documents."""
    file = tmp_path / "questions.txt"
    file.write_bytes("红烧肉怎么做好吃\n云溪县有多少老年食堂\n".encode("gb18030"))
    outcome = wenju("ask", "--from", str(file))
    assert outcome.code == 0
    assert [json.loads(line)["question"] for line in outcome.out.splitlines()] == [
        *("红烧肉怎么做好吃", "云溪县有多少老年食堂")
    ]
    file.write_text("\n\n", "utf-8")
    nothing = wenju("ask", "--from", str(file))
    assert (nothing.code, nothing.out) == (0, "")


def test_questions_that_cannot_be_read_are_told_before_anything_is_loaded(fresh: Command, tmp_path: Path) -> None:
    file = tmp_path / "questions.bin"
    file.write_bytes(b"\xff\xff\x00")
    for source in (file, tmp_path / "missing"):
        assert fresh("ask", "--from", str(source)).is_one_line_of_error()
    assert not (tmp_path / "fresh").exists(), "not even the samples were indexed"


def test_a_question_that_is_no_unicode_does_not_stop_the_others(wenju: Command, tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text('{"question": "\\ud800网格员"}\n' + QUESTION + "\n", "utf-8")
    outcome = wenju("ask", "--from", str(file))
    assert len(outcome.out.splitlines()) == 2
    assert json.loads(outcome.out.splitlines()[1])["answer"] == GRID


def test_people_read_the_answer_first_and_see_it_marked(wenju: Command) -> None:
    outcome = wenju("ask", "左云县", "有多少网格员")  # words that the shell took apart
    assert outcome.code == 0
    first, *rest = outcome.out.splitlines()
    assert first.startswith(GRID)
    assert "[1]" in first
    shown = "\n".join(rest)
    assert all(part in shown for part in ("左云县网格员", "2025-07-03", "网格 😀.md", "https://example.org/a"))
    assert f"⟦{GRID}⟧" in shown
    assert "\x1b" not in outcome.out + outcome.err
    assert outcome.err == ""


def test_a_passage_is_shown_on_the_lines_of_its_document(wenju: Command) -> None:
    outcome = wenju("ask", QUESTION)
    assert f"\n    队伍\n    ⟦{GRID}⟧\n" in outcome.out
    (quoted,) = wenju("ask", "--json", QUESTION).json["citations"][:1]
    assert quoted["text"] == f"队伍{GRID}", "what scripts read is the passage as it is stored"


def test_not_answered_is_exit_code_1_with_a_message_and_no_answer(wenju: Command) -> None:
    outcome = wenju("ask", "红烧肉怎么做好吃")
    assert outcome.code == 1
    assert outcome.out == "文档里没有找到这个问题的答案。\n"
    assert "⟦" not in outcome.out


def test_how_many_documents_there_are_is_told_with_exit_code_0(wenju: Command) -> None:
    outcome = wenju("ask", "收录了多少份文件")
    assert outcome.code == 0 and outcome.out.startswith("收录了")
    assert len(outcome.out.splitlines()) == 1, "no passage below"


@pytest.mark.parametrize(
    "question",
    [
        "网格员\x00有多少",
        "网格员 [bold]有多少[/bold] [/x]",
        "--- 网格员",
    ],
)
def test_odd_characters_in_a_question_are_no_bug(wenju: Command, question: str) -> None:
    outcome = wenju("ask", "--json", "--", question)
    assert outcome.code in (0, 1), outcome.err
    assert outcome.json["question"] == question
    outcome.out.encode("utf-8")


def test_control_characters_reach_no_terminal(wenju: Command) -> None:
    outcome = wenju("ask", "白杨镇有多少志愿者")
    assert "\\x1b[31m817名\\x1b[0m" in outcome.out
    passage_id = wenju("ask", "--json", "白杨镇有多少志愿者").json["citations"][0]["passage_id"]
    shown = wenju("show", passage_id, "--context", "100")
    assert "817名" in shown.out
    for text in (outcome.out, shown.out):
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)


@pytest.mark.parametrize("name", ["two\nlines \x1b]0;title\x07.txt", "[bold]markup[x].txt"])
def test_a_hostile_name_is_shown_on_one_line_everywhere(
    fresh: Command, real_embedder: Embedder, tmp_path: Path, name: str
) -> None:
    folder = tmp_path / "hostile"
    folder.mkdir()
    (folder / name).write_text(GRID, "utf-8")
    base = KnowledgeBase(load_settings(), embedder=real_embedder)
    base.add([folder])
    base.close()
    listed = fresh("list")
    assert listed.out.count("\n") == 1
    (folder / name).write_bytes(b"")
    reported = fresh("index", str(folder))
    assert (reported.code, reported.err.count("\n")) == (2, 1)
    removed = fresh("remove", str(folder / name))
    assert removed.code == 0
    for outcome in (listed, reported, removed):
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", outcome.out + outcome.err)
        assert "[bold]" in outcome.out + outcome.err or "bold" not in name


# -- documents -----------------------------------------------------------------------------------------------------


def test_list_names_every_document_and_json_is_whole(wenju: Command, docs: Path) -> None:
    entries = [json.loads(line) for line in wenju("list", "--json").out.splitlines()]
    assert [entry["path"] for entry in entries] == sorted(str(docs / name) for name in FILES)
    by_name = {entry["document"]: entry for entry in entries}
    assert by_name["page.html"]["title"] == "青禾县选举"
    assert by_name["网格 😀.md"]["date"] == "2025-07-03"
    plain = wenju("list").out.splitlines()
    assert len(plain) == len(FILES)
    for line, entry in zip(plain, entries, strict=True):
        assert entry["document_id"] in line
        assert entry["path"] in line


def test_text_is_the_decoded_file(wenju: Command) -> None:
    assert wenju("text", "网格 😀.md").out == FILES["网格 😀.md"]
    # BOM dropped, line ends \n.
    assert wenju("text", "canteen.txt").out == f"云溪县老年食堂\n\n{CANTEEN}午餐收费8元。\n"


def test_stats_add_up_and_the_doctor_is_content(wenju: Command, home: Path) -> None:
    entries = [json.loads(line) for line in wenju("list", "--json").out.splitlines()]
    stats = wenju("stats", "--json").json
    assert stats["documents"] == len(FILES)
    assert stats["passages"] == sum(entry["passages"] for entry in entries)
    assert stats["characters"] == sum(entry["characters"] for entry in entries)
    assert str(home) in stats["folder"]
    labels = [line[:16].strip() for line in wenju("stats").out.splitlines()]
    assert len(set(labels)) == len(stats)
    assert {"vectors", "… for vectors", "passage store", "words", "nearest vectors", "all on disk"} <= set(labels)
    parts = ("database_bytes", "words_bytes", "nearest_bytes")
    assert 0 < sum(stats[name] for name in parts) <= stats["disk_bytes"]
    # Exact: two bytes a dimension and eight for the key of each passage.
    assert (stats["nearest"], stats["nearest_memory_bytes"]) == ("exact", stats["passages"] * (2 * 384 + 8))
    assert stats["words_mapped_bytes"] == stats["words_bytes"]
    doctor = wenju("doctor")
    assert doctor.code == 0
    assert [line.split()[0] for line in doctor.out.splitlines()] == ["ok"] * 7


def test_the_doctor_says_what_to_do_about_another_model(wenju: Command, tmp_path: Path) -> None:
    config = tmp_path / "other.toml"
    config.write_text("[passages]\nsize = 300\n", "utf-8")
    outcome = wenju("--config", str(config), "doctor")
    assert outcome.code == 2
    (index,) = [line for line in outcome.out.splitlines() if line.split()[1] == "index"]
    assert index.startswith("mend")
    assert "wenju index --rebuild" in index
    refused = wenju("--config", str(config), "ask", QUESTION)
    assert refused.code == 2
    assert refused.is_one_line_of_error()
    assert "wenju index --rebuild" in refused.err


def test_index_of_nothing_and_of_what_cannot_be_read(fresh: Command, tmp_path: Path) -> None:
    """None of these loads the model: there is nothing to embed."""
    hollow = tmp_path / "hollow"
    hollow.mkdir()
    outcome = fresh("index", str(hollow))
    assert (outcome.code, outcome.out.count("\n")) == (0, 1)
    assert "no documents there" in outcome.out
    missing = fresh("index", str(tmp_path / "missing"))
    assert missing.code == 2
    assert re.search(r"^wenju: not indexed: .*missing: there is no such file or folder$", missing.err, re.MULTILINE)
    (hollow / "photo.jpg").write_bytes(b"\xff\xd8")
    (hollow / "old.doc").write_bytes(b"\xd0\xcf")
    (hollow / "empty.txt").write_bytes(b"")
    unknown = fresh("index", str(hollow))
    assert unknown.code == 2
    assert [line.split(": ", 2)[1] for line in unknown.err.splitlines()] == ["not indexed"] * 3
    assert "0 added" in unknown.out
    assert "3 not readable" in unknown.out
    assert fresh("list").out == ""


def test_an_empty_question_gets_an_example_of_these_documents_or_none(
    wenju: Command, fresh: Command, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fresh("ask", "").err.endswith(f"wenju ask {QUESTION}\n"), "the samples answer it"
    copy = shutil.copytree(home, tmp_path / "copy")
    monkeypatch.setenv("WENJU_HOME", str(copy))
    file = tmp_path / "questions.jsonl"
    file.write_text('{"question": " "}', "utf-8")
    for told in (wenju("ask", "").err, wenju("ask", "--from", str(file)).out):
        assert "is empty" in told and "example" not in told
    open_database(copy).close()
    with closing(KnowledgeBase(load_settings())) as base:
        state = base.state()
        assert state is not None
        keep_suggestions(base, state, ((base.documents()[0].document_id, "老年食堂午餐多少钱"),))
    assert wenju("ask", "").err.endswith("wenju ask 老年食堂午餐多少钱\n")


ERRORS: list[tuple[tuple[str, ...], str]] = [
    (("ask", ""), "is empty"),
    (("ask", "？！"), "no words"),
    (("ask", "问" * 10_000), "10,000 characters"),
    (("ask", "--from", "/nowhere/questions.txt"), "cannot be read"),
    (("ask", "--from", "/"), "cannot be read"),
    (("ask", "--from", "x" * 300), "cannot be read"),
    (("ask", "--from", "x", QUESTION), "not both"),
    (("frobnicate",), "No such command"),
    (("ask", "--frobnicate"), "No such option"),
    (("index",), "at least one"),
    (("index", "--prune"), "at least one"),
    (("index", "--rebuild", "--prune"), "at least one"),
    (("index", "--rebuild", "--watch"), "at least one"),
    (("show", "never"), "never"),
    (("show",), "Missing argument"),
    (("show", "x", "--context", "-1"), "--context"),
    (("text", "never"), "never"),
    (("remove", "never"), "never"),
    (("--config", "/nowhere/wenju.toml", "list"), "/nowhere/wenju.toml"),
]


@pytest.mark.parametrize(("arguments", "says"), ERRORS)
def test_an_error_is_one_line_on_stderr_and_exit_code_2(
    wenju: Command, arguments: tuple[str, ...], says: str
) -> None:
    outcome = wenju(*arguments)
    assert outcome.code == 2
    assert outcome.is_one_line_of_error(), outcome.out + outcome.err
    assert says in outcome.err


def test_a_wrong_setting_is_named(wenju: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "wrong.toml"
    config.write_text("[search]\ntop_kk = 3\n", "utf-8")
    outcome = wenju("--config", str(config), "list")
    assert outcome.code == 2
    assert outcome.is_one_line_of_error()
    assert "search.top_kk" in outcome.err
    monkeypatch.setenv("WENJU_SEARCH__TOP_K", "0")
    outcome = wenju("list")
    assert outcome.is_one_line_of_error()
    assert "WENJU_SEARCH__TOP_K" in outcome.err


def test_debug_adds_the_traceback_wherever_it_stands(wenju: Command) -> None:
    for arguments in (("--debug", "show", "never"), ("show", "never", "--debug")):
        outcome = wenju(*arguments)
        assert outcome.code == 2
        assert "Traceback (most recent call last)" in outcome.err
        assert outcome.err.splitlines()[-1].startswith("wenju: ")
    # Behind -- it is no option but the name of a passage.
    assert "No passage --debug" in wenju("show", "--", "--debug").err


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT is another thing there")
def test_what_of_a_file_is_not_read_is_told(fresh: Command, tmp_path: Path) -> None:
    def shown(sheet: Any) -> None:
        sheet.append(["村名", "人口"])
        sheet.append(["石桥村", 942])

    def hidden(sheet: Any) -> None:
        sheet.title, sheet.sheet_state = "底稿", "hidden"
        sheet.append([1])

    book = tmp_path / "book.xlsx"
    book.write_bytes(xlsx(shown, hidden))
    pages = tmp_path / "pages.pdf"
    pages.write_bytes(pdf([["A page of words."], []]))
    indexed = fresh("index", str(book), str(pages))
    assert indexed.code == 0
    assert f"wenju: not whole: {pages}: page 2 holds no text" in indexed.err
    assert f"wenju: not whole: {book}: hidden sheets are not read: 底稿\n" in indexed.err
    shown_of = {name: fresh("show", passage_id).out for name, passage_id in _passages(tmp_path)}
    assert "not whole: hidden sheets are not read: 底稿\n" in shown_of["book.xlsx"]
    assert "not whole: page 2 holds no text" in shown_of["pages.pdf"]


def _passages(folder: Path) -> list[tuple[str, str]]:
    """File names and the ids of passages of an index below the folder."""
    (file,) = folder.glob("**/index.db")
    with closing(sqlite3.connect(file)) as database:
        query = "SELECT d.path, p.passage_id FROM passages AS p JOIN documents AS d ON d.id = p.document"
        return [(Path(path).name, passage_id) for path, passage_id in database.execute(query)]


def test_commands_that_only_look_index_no_samples(fresh: Command, tmp_path: Path) -> None:
    assert fresh("list").code == 0
    for arguments in (("stats",), ("text", "a.txt"), ("show", "x"), ("remove", "a.txt")):
        assert fresh(*arguments).is_one_line_of_error()
    assert not (tmp_path / "fresh").exists()


def test_an_id_that_begins_with_a_dash_is_one(wenju: Command) -> None:
    outcome = wenju("show", "-LJzm3SRdxi1Ym_l-LddMg")
    assert outcome.code == 2
    assert "No passage -LJzm3SRdxi1Ym_l-LddMg is in the index" in outcome.err
