"""Documents with tables, and what was computed over their rows."""

from collections.abc import Callable

from retrieval.types import Answer

Asking = Callable[..., Answer]

VILLAGES: dict[str, str | bytes] = {
    "村情.html": """<html><head><meta charset="utf-8"><title>白石镇各村基本情况表</title></head><body>
<h1>白石镇各村基本情况表</h1><p>截至2025年底，各村基本情况如下：</p>
<table><tr><th>村名</th><th>人口</th><th>耕地（亩）</th><th>类型</th><th>亩产（公斤）</th><th>村支书</th></tr>
<tr><td>柳树沟村</td><td>1286</td><td>3,420</td><td>示范村</td><td>410</td><td>赵建国</td></tr>
<tr><td>石门村</td><td>902</td><td>2110</td><td>一般村</td><td>395</td><td>钱秀英</td></tr>
<tr><td>南坪村</td><td>1,530</td><td>2980</td><td>示范村</td><td>—</td><td>孙志强</td></tr>
<tr><td>北坪村</td><td>644</td><td>1875</td><td>一般村</td><td>380</td><td>李桂兰</td></tr></table>
<p>以上数据由镇政府统计。</p></body></html>"""
}


def csv(*rows: str, heading: str = "村名,人口,耕地（亩）") -> dict[str, str | bytes]:
    return {"清泉镇各村情况.csv": "\n".join([heading, *rows]) + "\n"}


def names(answer: Answer) -> list[str]:
    assert answer.tally is not None
    return [row.name for row in answer.tally.rows]


def computed(answer: Answer) -> tuple[str, str | None, str | None, int]:
    assert answer.status == "answered"
    assert answer.tally is not None
    return answer.tally.kind, answer.tally.value, answer.tally.unit, answer.tally.count


def as_today(answer: Answer) -> bool:
    return answer.tally is None
