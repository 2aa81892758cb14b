"""A page with little text keeps its rows, items and headings apart."""

from pathlib import Path

from retrieval.documents.web.html import read_html
from tests.documents.reading import read, refusal, texts

NAVIGATION = "<nav><a href='/'>首页</a></nav><script>var a = 1;</script>"


def lines(body: str) -> list[str]:
    page = f"<html><head><title>柏川县停车收费</title></head><body>{NAVIGATION}{body}</body></html>"
    return read_html(Path("a.html"), page.encode()).text.split("\n")


def test_rows_headings_and_items_of_a_short_page_stand_apart() -> None:
    table = (
        "<table><tr><th>车型</th><th>首小时（元）</th></tr><tr><td>小型车</td><td>3</td></tr>"
        "<tr><td>大型车</td><td>6</td></tr></table>"
    )
    assert lines(f"<h1>柏川县停车收费</h1>{table}<div>军车<b>免费</b>。<ul><li>夜间不收费。</li></ul></div>") == [
        "柏川县停车收费",
        "车型：小型车 | 首小时（元）：3",
        "车型：大型车 | 首小时（元）：6",
        "军车免费。",
        "夜间不收费。",
    ]


def test_a_row_of_a_short_page_is_one_sentence() -> None:
    page = "<h1>工时</h1><table><tr><th>班次</th><th>时间</th></tr><tr><td>早班</td><td>8:00。午休</td></tr></table>"
    document = read_html(Path("a.html"), page.encode())
    assert [p.whole for p in document.paragraphs] == [False, True]


def test_a_short_term_is_joined_with_what_it_is() -> None:
    assert "咨询电话：0359-6039988" in lines(
        "<dl><dt>咨询电话</dt><dd>0359-6039988</dd><dt>地点</dt><dd>二楼</dd></dl>"
    )


def test_a_question_is_no_term() -> None:
    found = lines("<dl><dt>停车收费吗？</dt><dd>收费。</dd></dl><p>答复单位是县停车管理办公室。</p>")
    assert found[-3:] == ["停车收费吗？", "收费。", "答复单位是县停车管理办公室。"]


def test_a_question_of_a_list_of_terms_heads_its_answer() -> None:
    pairs = "<dt>怎么交费？</dt><dd>到窗口交。</dd><dt>周末收费吗？</dt><dd><p>不收。</p><p>节日也不收。</p></dd>"
    document = read_html(Path("a.html"), f"<h1>停车问答</h1><dl>{pairs}</dl>".encode())
    told = [(p.level, document.text[p.spans[0][0] : p.spans[-1][1]]) for p in document.paragraphs]
    assert told == [
        *((1, "停车问答"), (6, "怎么交费？"), (0, "到窗口交。")),
        *((6, "周末收费吗？"), (0, "不收。"), (0, "节日也不收。")),
    ]


def test_items_of_a_numbered_list_keep_the_numbers_that_people_see() -> None:
    said = "<p>申请临时救助的居民应当向村民委员会提出书面申请，并提交下列材料，材料不全的一次告知：</p>" * 3
    items = "<li>身份证；</li><li><p>收入证明；</p></li><li>（三）诊断书；</li>"
    items = f"<ol>{items}</ol><ol start=4><li>存折。</li></ol>"
    page = f"<html><body><article><h1>临时救助</h1>{said}{items}</article></body></html>"
    told = texts(read("a.html", page))
    assert told[-4:] == ["1. 身份证；", "2. 收入证明；", "（三）诊断书；", "4. 存折。"]


def test_a_table_of_too_many_columns_is_refused_as_that_of_a_sheet_is() -> None:
    row = f"<tr>{'<td>1</td>' * 1_001}</tr>"
    page = f"<html><body><h1>各村</h1><table>{row}{row}</table></body></html>"
    assert refusal("a.html", page) == "has 1,001 columns in one table; at most 1,000 are read; split it"
    assert "各村" in read("a.html", page.replace("<td>1</td>" * 500, "")).text
