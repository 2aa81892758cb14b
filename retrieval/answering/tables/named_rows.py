"""Which rows of a table a question names: those whose cells say what the question says."""

import re
from collections.abc import Iterator, Sequence

from retrieval.answering.tables.read_back import LabelledCell, Row
from retrieval.answering.tables.told_beside import place_before
from retrieval.query.asked.bounds import GAP
from retrieval.query.asked.forms import LESSER

_DAY = re.compile(r"(?P<year>\d{4})[-./年](?P<month>\d{1,2})[-./月](?P<day>\d{1,2})日?")
_SHORTEST = 2
_IS_SO = re.compile("是|[√✓✔]")
_WHETHER = re.compile(r"^是否(?:属于|已经?|[为是])?|[(（][^()（）]*[)）]$")
"""Around what a heading asks of each row: 是否示范村, 示范村（是/否）."""


def narrowed(
    rest: str, rows: Sequence[Row], place: str, compared: str | None
) -> tuple[tuple[Row, ...], str, list[str]] | None:
    """The rows whose cells say what the question says, what is left of it, and those cells. `place` is that of the
    table, `compared` the heading under which it may say several."""
    pieces = {cell: {*_pieces(cell, place)} for row in rows for cell in row.cells}
    says: dict[str, set[str]] = {}
    for row in rows:
        for cell in row.cells:
            for piece in pieces[cell]:
                if len(piece) >= _SHORTEST and not re.fullmatch(r"[\d.,%-]+", piece):
                    says.setdefault(piece, set()).add(cell.label)
    values: dict[str, str] = {}
    for piece in sorted(says, key=len, reverse=True):
        if _stands(piece, rest):
            if len(says[piece]) > 1:
                return None
            values[piece] = label = next(iter(says[piece]))
            rest = re.sub(rf"{re.escape(piece)}(?:{_beginnings(label)})?", GAP, rest)
    by_label: dict[str, list[str]] = {}
    for piece, label in values.items():
        by_label.setdefault(label, []).append(piece)
    if any(label and label != compared and len(said) > 1 for label, said in by_label.items()):
        return None
    chosen = []
    for row in rows:
        matches = {
            value: any(c.label == of and value in pieces[c] for c in row.cells) for value, of in values.items()
        }
        if all((any if label == compared else all)(map(matches.get, said)) for label, said in by_label.items()):
            chosen.append(row)
        elif any(
            c.label == label
            and value in re.sub(rf"(?:{LESSER}){re.escape(value)}", "", c.text)
            and value not in pieces[c]
            for value, label in values.items()
            for c in row.cells
        ):
            return None  # 高级电工证 holds 电工证: whether it is meant is not sure
    return tuple(chosen), rest, list(values)


def _beginnings(label: str) -> str:
    """A pattern of what a question may say behind the cell, of what stands above it: 高级电工证."""
    return "|".join(re.escape(label[:length]) for length in range(len(label), 0, -1)) or GAP


def _stands(piece: str, rest: str) -> bool:
    """Whether the question says it: 11月2日 does not say 1月2日."""
    return piece in rest and (not piece[0].isdigit() or re.search(rf"(?<!\d){re.escape(piece)}", rest) is not None)


def _pieces(cell: LabelledCell, place: str) -> Iterator[str]:
    """What the cell says, in its parts; how its own place calls that: 县民政局 and 民政局 for 云溪县民政局; and a day
    as people say it: 10月2日 and 2026年10月2日 for 2026-10-02. Where it says that something is so, that: 示范村 for
    是否示范村：是."""
    if any(map(_IS_SO.fullmatch, cell.pieces)):
        yield _WHETHER.sub("", cell.label)
    if (day := _DAY.fullmatch(cell.text)) is not None:
        said = [f"{int(day['month'])}月{int(day['day'])}{kind}" for kind in "日号"]
        yield from (*said, *(f"{day['year']}年{text}" for text in said))
    for piece in cell.pieces:
        yield piece
        own = place_before(piece) or place
        if own and piece.startswith(own) and len(name := piece.removeprefix(own)) > _SHORTEST:
            yield from (name, own[-1] + name)
