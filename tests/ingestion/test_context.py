"""The county that a passage is about where its text names none, and where words before a name are none of it."""

from pathlib import Path

import pytest

from config.settings import PassageSettings
from retrieval.documents.web.html import read_html
from retrieval.ingestion.passages import passages_of, sentences_of
from retrieval.types import Document, Paragraph

POPULATION = "户籍人口11.4万人，其中城镇人口3.9万人。"


def place_of(path: str, *lines: str, site: str = "") -> str | None:
    text, paragraphs = "\n".join(lines), []
    for line in lines:
        start = text.index(line)
        paragraphs.append(Paragraph(((start, start + len(line)),)))
    return _of(Document(Path(path), lines[0], text, tuple(paragraphs), site=site))


def _of(document: Document) -> str | None:
    return passages_of(document, "a", sentences_of(document, 400), PassageSettings())[0].context.place


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("松岭县/2023年/人口.txt", "松岭县"),
        ("各县/松岭县统计资料/2023年/人口.txt", "松岭县"),
        ("统计/松岭县人口.txt", "松岭县"),
        ("左云县/松岭县人口.txt", "松岭县"),
        ("左云县、松岭县/人口.txt", None),
        ("办公区/全县/人口.txt", None),
    ],
)
def test_a_file_is_about_the_county_of_its_name_or_its_folder(path: str, place: str | None) -> None:
    assert place_of(path, "户籍人口情况", POPULATION) == place


def test_what_the_text_names_comes_before_the_folder() -> None:
    assert place_of("松岭县/人口.txt", "左云县人口情况", POPULATION) == "左云县"
    assert place_of("松岭县/人口.txt", "人口情况", f"左云县{POPULATION}左云县人口下降。") == "左云县"
    assert place_of("松岭县/人口.txt", "人口情况", POPULATION, "比左云县少。") == "松岭县", "named in passing"


def test_the_site_of_a_page_says_where_it_holds() -> None:
    answers = "<h3>参保缴费在哪里办理？</h3><p>带上身份证到政务大厅二楼的医保窗口办理，当场办结。</p>" * 3
    page = "<html><head><title>参保问答 - {}</title></head><body><h1>参保常见问题</h1>{}</body></html>"
    document = read_html(Path("a.html"), page.format("松岭县医疗保障局", answers).encode())
    assert (document.title, _of(document)) == ("参保常见问题", "松岭县")
    assert _of(read_html(Path("a.html"), page.format("医疗保障局", answers).encode())) is None


@pytest.mark.parametrize("before", ["关于", "转发", "批转", "印发", "松岭镇关于"])
def test_words_with_which_titles_begin_are_no_part_of_a_name(before: str) -> None:
    assert place_of("a.txt", f"{before}松岭县水库加固的意见", "总投资320万元。") == "松岭县"
