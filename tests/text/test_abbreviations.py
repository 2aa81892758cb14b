"""Short forms as documents define them."""

import pytest

from retrieval.text.abbreviations import abbreviations
from retrieval.text.fold import fold


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("城乡居民最低生活保障（以下简称“低保”）标准", ("低保", "低生活保障")),
        ("按照《最低生活保障办法》（以下简称《低保办法》）执行", ("低保办法", "最低生活保障办法")),
        ("云溪县医疗保障局(以下简称县医保局)负责", ("县医保局", "县医疗保障局")),
        ("創建全國文明城市（以下簡稱創城）工作", ("创城", "创建全国文明城市")),
        ("新型农村合作医疗，简称新农合。", ("新农合", "新型农村合作医疗")),
        ("“电子不停车收费系统”（以下简称ETC）", ("etc", "电子不停车收费系统")),
    ],
)
def test_a_definition_is_read(text: str, found: tuple[str, str]) -> None:
    assert list(abbreviations(fold(text))) == [found]


@pytest.mark.parametrize(
    "text",
    [
        "住房公积金管理中心（以下简称中心）",
        "某某公司（以下简称甲方）",
        "《云溪县供水条例》（以下简称《条例》）",
        "什么都没有简称",
        "（以下简称）",
        "简称“",
        "简称" * 300,
        "（" * 500 + "以下简称低保）",
    ],
)
def test_what_holds_in_one_paper_alone_is_not(text: str) -> None:
    assert list(abbreviations(fold(text))) == []
