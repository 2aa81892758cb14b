"""One row of a workbook is found by its code, among few rows and among ten thousand."""

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from config.settings import Settings
from retrieval.reading.base import Reader
from retrieval.service import KnowledgeBase
from tests.documents import make
from tests.support.paper import PaperEmbedder

TOWNS = ("柳泉镇", "东山乡", "安河镇", "石门镇")
SURNAMES = "王李张刘陈杨赵黄周吴"


def _code(number: int) -> str:
    return f"QY-{number:05d}"


def _owner(number: int) -> str:
    return f"{SURNAMES[number % 10]}{chr(0x4E00 + number % 97)}{chr(0x4F00 + number // 97)}"


def _archive(count: int) -> bytes:
    def fill(sheet: Any) -> None:
        sheet.append(["档案编号", "户主", "乡镇", "宅基地面积（平方米）"])
        for number in range(1, count + 1):
            sheet.append([_code(number), _owner(number), TOWNS[number % 4], 120 + number % 80])

    return make.xlsx(fill)


@pytest.mark.parametrize("count", [30, pytest.param(10_000, marks=pytest.mark.slow)])
def test_the_row_that_bears_the_code_is_quoted(
    settings: Settings, paper: PaperEmbedder, real_reader: Reader, tmp_path: Path, count: int
) -> None:
    path = tmp_path / "宅基地档案.xlsx"
    path.write_bytes(_archive(count))
    with closing(KnowledgeBase(settings, embedder=paper, reader=real_reader)) as base:
        assert base.add([path]).added == [path]
        for number in (1, count * 7 // 10 + 3, count):
            row = f"档案编号：{_code(number)} | 户主：{_owner(number)} | 乡镇：{TOWNS[number % 4]}"
            for question in (f"{_code(number)}的户主是谁", f"档案编号{_code(number)}的宅基地面积是多少"):
                answer = base.ask(question)
                assert answer.citations and row in answer.citations[0].text, question
                assert answer.answer is not None and row in answer.answer, question
        assert base.ask(f"{_code(count + 1)}的户主是谁").status != "answered", "no row bears it"
