"""Tables of a web page, rewritten so that each row says what its figures are (see `structure/tables.py`), and lists
of terms: short ones and what they are, which look like a table of keys and values, and questions with answers."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from lxml.html import HtmlElement, HTMLParser, fromstring

from retrieval.documents.structure.table_units import unit_of
from retrieval.documents.structure.tables import COLUMN_LIMIT, SPAN_LIMIT, Cell, grid_of, table_blocks
from retrieval.documents.web.html_lists import number_items
from retrieval.errors import DocumentError

_CELLS_LIMIT = 100_000
_CELL = 150
"""Characters that the cells of a table have on average at most; with more it lays out a page."""

_TERM = 24
"""Characters of a term at most that is joined with what it is."""


def with_plain_tables(page: str, path: Path | None = None) -> HtmlElement:
    """The page as a tree in which each table of data has one cell a row: its line, each short term with what it is
    one item (电话：…), and items of numbered lists their numbers; a question of a list of terms heads its answer.
    Raises ValueError or lxml's errors where it is no page, and DocumentError where a table of the file at `path` is
    too wide."""
    tree = fromstring(
        page.encode("utf-8"), parser=HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    )
    left = _CELLS_LIMIT
    for table in list(tree.iter("table")):
        rows = [list(_cells(row)) for row in _rows(table)]
        if path is not None and (columns := max(map(len, rows), default=0)) > COLUMN_LIMIT:
            reason = f"has {columns:,} columns in one table; at most {COLUMN_LIMIT:,} are read; split it"
            raise DocumentError(path, reason, "limits")
        left -= sum(map(len, rows))
        if left >= 0 and _is_data(table, rows):
            try:
                grid = grid_of([_cell(cell) for cell in row] for row in rows)
            except ValueError:  # too large to be made plain: it stays as it is
                continue
            _replace(table, [block.text for block in table_blocks(grid, unit_of(_above(table)))])
    for terms in list(tree.iter("dl")):
        _join_terms(terms)
        _head_answers(terms)
    number_items(tree)
    return tree


def _join_terms(terms: HtmlElement) -> None:
    """<dt>电话</dt><dd>6039988</dd> as <li>电话：6039988</li>; a list with longer ones, or with questions, stays."""
    pairs = list(pairwise(terms))[::2]
    said = [(_text(term), _text(meaning)) for term, meaning in pairs]
    if [child.tag for child in terms] != ["dt", "dd"] * len(pairs) or not pairs:
        return
    if not all(0 < len(term) <= _TERM and term[-1] not in "?？" and len(meaning) <= _CELL for term, meaning in said):
        return
    terms.tag = "ul"
    for (term, meaning), texts in zip(pairs, said, strict=True):
        terms.remove(meaning)
        for child in list(term):
            term.remove(child)
        term.tag, term.text = "li", f"{texts[0].rstrip(':：')}：{texts[1]}"


def _head_answers(terms: HtmlElement) -> None:
    """<dt>怎么缴费？</dt><dd>…</dd> as a heading of the least level and what stands below it."""
    for term, meaning in pairwise(terms):
        if (term.tag, meaning.tag) == ("dt", "dd") and _text(term).endswith(("?", "？")):
            terms.tag, term.tag, meaning.tag = "div", "h6", "p" if len(meaning) == 0 else "div"


def _rows(table: HtmlElement) -> Iterator[HtmlElement]:
    return (row for row in table.iter("tr") if next(row.iterancestors("table"), None) is table)


def _cells(row: HtmlElement) -> Iterator[HtmlElement]:
    return (child for child in row.iterchildren("td", "th"))


def _cell(element: HtmlElement) -> Cell:
    return Cell(_text(element), _count(element, "colspan"), _count(element, "rowspan"), element.tag == "th")


def _count(element: HtmlElement, name: str) -> int:
    value = (element.get(name) or "").strip()
    return min(int(value), SPAN_LIMIT) if value.isdecimal() and len(value) < 9 and int(value) else 1


def _text(element: HtmlElement) -> str:
    return " ".join(" ".join(element.itertext()).split())


def _is_data(table: HtmlElement, rows: list[list[HtmlElement]]) -> bool:
    rows = [row for row in rows if row]
    if sum(len(row) > 1 for row in rows) < 2 or next(table.iterdescendants("table"), None) is not None:
        return False
    texts = [_text(cell) for row in rows for cell in row]
    return sum(map(len, texts)) <= _CELL * len(texts)


def _above(table: HtmlElement) -> str:
    before = table.getprevious()
    return "" if before is None or not isinstance(before.tag, str) else _text(before)


def _replace(table: HtmlElement, lines: list[str]) -> None:
    for child in list(table):
        if child.tag != "caption":
            table.remove(child)
    for line in lines:
        row = table.makeelement("tr")
        cell = table.makeelement("td")
        cell.text = line
        row.append(cell)
        table.append(row)
