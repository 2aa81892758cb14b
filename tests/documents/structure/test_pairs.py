"""Questions with their answers, kept as tables or as JSON Lines."""

import json
from typing import Any

import pytest

from config.settings import PassageSettings
from retrieval.ingestion.passages import passages_of, sentences_of
from retrieval.types import quote
from tests.documents import make
from tests.documents.reading import headings, read, refusal, texts

PAIRS = [
    ("灵活就业人员怎么交医保", "在税务局窗口交，也可以在手机上交。每年12月底前交清。"),
    ("网格员有多少？", "51名。"),
]


def lines(*objects: Any) -> bytes:
    return "\n".join(json.dumps(pair, ensure_ascii=False) for pair in objects).encode()


def sheet(*rows: list[str]) -> bytes:
    def fill(worksheet: Any) -> None:
        for row in rows:
            worksheet.append(row)

    return make.xlsx(fill)


CSV = "序号,问题,答案\n" + "".join(f"{i},{question},{answer}\n" for i, (question, answer) in enumerate(PAIRS))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("常见问题.jsonl", lines(*({"question": question, "answer": answer} for question, answer in PAIRS))),
        ("常见问题.jsonl", lines(*({"问": question, "答": answer} for question, answer in PAIRS))),
        ("常见问题.csv", CSV),
        ("常见问题.xlsx", sheet(["问题", "答案"], *map(list, PAIRS))),
        ("常见问题.md", "| 问题 | 答案 |\n|---|---|\n" + "".join(f"| {q} | {a} |\n" for q, a in PAIRS)),
    ],
    ids=["question and answer", "问 and 答", "csv", "xlsx", "md"],
)  # fmt: skip
def test_each_pair_is_a_section_whose_heading_is_the_question(name: str, content: str | bytes) -> None:
    document = read(name, content)
    assert headings(document) == [(3, "灵活就业人员怎么交医保？"), (3, "网格员有多少？")]
    assert texts(document)[1::2] == [answer for _, answer in PAIRS]


def test_the_answer_is_quoted_whole_and_the_file_is_the_title() -> None:
    document = read(
        "医保问答.jsonl", lines(*({"question": question, "answer": answer} for question, answer in PAIRS))
    )
    assert document.title == "医保问答"
    sentences = sentences_of(document, 500)
    assert quote(document.text, sentences[1].spans) == PAIRS[0][1]
    (passage,) = passages_of(document, "id", sentences, PassageSettings())
    assert passage.section == "灵活就业人员怎么交医保？"


def test_other_columns_stand_behind_the_answer_and_lonely_halves_stay() -> None:
    content = "编号,问题,答案,来源\n1,怎么交医保？,去窗口交。,医保局\n2,没有答案,,\n3,,没有问题。,\n"
    document = read("a.csv", content)
    assert texts(document) == ["怎么交医保？", "去窗口交。", "来源：医保局", "没有答案", "没有问题。"]
    assert headings(document) == [(3, "怎么交医保？")]


def test_the_other_columns_of_lonely_halves_are_read_too() -> None:
    content = "编号,问题,答案,来源\n1,怎么交医保？,去窗口交。,医保局\n2,没有答案,,民政局\n3,,,只有来源\n"
    told = ["怎么交医保？", "去窗口交。", "来源：医保局", "没有答案", "来源：民政局", "来源：只有来源"]
    assert texts(read("a.csv", content)) == told
    assert texts(read("a.xlsx", sheet(*(line.split(",") for line in content.split())))) == told


def test_what_is_merged_over_question_and_answer_is_a_heading_and_no_question() -> None:
    def fill(worksheet: Any) -> None:
        for row in [
            ["序号", "问题", "答案", "来源"],
            ["一、低保"],
            ["1", "怎么申请低保？", "到村里申请。", "民政局"],
        ]:
            worksheet.append(row)
        worksheet.merge_cells("A2:D2")

    told = ["一、低保", "怎么申请低保？", "到村里申请。", "来源：民政局"]
    workbook = read("a.xlsx", make.xlsx(fill))
    assert texts(workbook) == told
    word = read("a.docx", make.docx(merged))
    for document in (workbook, word):
        assert texts(document) == told
        assert headings(document) == [(2, "一、低保"), (3, "怎么申请低保？")]


def merged(document: Any) -> None:
    table = document.add_table(3, 4)
    for i, row in enumerate(
        [["序号", "问题", "答案", "来源"], [], ["1", "怎么申请低保？", "到村里申请。", "民政局"]]
    ):
        for j, text in enumerate(row):
            table.cell(i, j).text = text
    table.cell(1, 0).merge(table.cell(1, 3)).text = "一、低保"


def test_the_same_words_twice_are_no_question() -> None:
    document = read("a.csv", "问题,答案,来源\n怎么交医保？,去窗口交。,医保局\n待补充,待补充,民政局\n")
    assert texts(document)[3:] == ["待补充", "来源：民政局"]
    assert headings(document) == [(3, "怎么交医保？")]


def test_a_table_with_a_column_of_problems_is_no_such_table() -> None:
    assert headings(read("a.csv", "问题,整改措施\n路灯不亮,换灯\n井盖松动,加固\n")) == []


def test_other_json_lines_are_rows_of_a_table() -> None:
    rows = [
        {"村名": "石桥村", "人口": 942, "有路": True},
        {"村名": "上河村", "人口": 1286.0, "特产": ["梨", "枣"], "注": None},
    ]
    assert texts(read("a.jsonl", lines(*rows) + b"\n\n")) == [
        "村名：石桥村 | 人口：942 | 有路：true", "村名：上河村 | 人口：1286.0 | 特产：梨；枣",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"question": "a", "answer": "b"}\nno', "line 2 is no JSON object; mend it"),
        (b"[1, 2]", "line 1 is no JSON object; mend it"),
        (b"[" * 100_000, "line 1 is no JSON object; mend it"),
        (b"{}\n{}", "holds no text"),
        (lines({"question": "a", "answer": "b"}, {"question": "c", "answers": ["d"], "evidence": "e"}),
         "line 2 has a question without its answer; give it an `answer`, or leave the file out"),
        (lines({"question": "a"}),
         "line 1 has a question without its answer; give it an `answer`, or leave the file out"),
        (lines({str(i): "x" for i in range(1200)}), "has 1,200 columns in one sheet; at most 1,000 are read; "
         "split it"),
    ],
    ids=["no JSON", "no object", "deep", "empty", "for an evaluation", "to be asked", "many columns"],
)  # fmt: skip
def test_refused(content: bytes, reason: str) -> None:
    assert refusal("a.jsonl", content) == reason
