"""Which document is the paper that a question names."""

from pathlib import Path
from unittest.mock import Mock

import pytest

from retrieval.answering.library.papers import meant
from retrieval.query.library.paper import Paper
from retrieval.types import DocumentRecord

TITLES = ("云溪县学校食品安全管理规定", "云溪县户外广告设置管理细则", "云溪县教师职称考核办法")


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("户外广告管理细则", ["云溪县户外广告设置管理细则"]),
        ("教师职称考核办法", ["云溪县教师职称考核办法"]),
        ("学校安全管理规定", []),
        ("云溪县教师考核办法", []),
    ],
)
def test_a_title_may_leave_out_what_says_nothing_of_its_matter(title: str, found: list[str]) -> None:
    records = [DocumentRecord(own, Path(f"/{own}.txt"), own, None, None, 1, 1, "", "") for own in TITLES]
    assert [record.title for record in meant(Mock(), Paper(0, len(title), title), records)] == found
