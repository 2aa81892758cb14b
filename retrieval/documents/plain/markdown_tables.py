"""Tables of Markdown: their rows as lines that say what their figures are (see `structure/tables.py`), put in the
place of the source, whose headings stand too far from the rows to be quoted with each."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from markdown_it.token import Token

from retrieval.documents.structure.assemble import Block
from retrieval.documents.structure.table_lines import table_lines
from retrieval.documents.structure.tables import Cell
from retrieval.types import Paragraph, Span


@dataclass(slots=True)
class SourceTable:
    """Its lines in the source, the unit that is told above it, how many paragraphs stand before it, and its cells."""

    source: Span
    unit: str
    before: int
    rows: list[list[Cell]] = field(default_factory=list)

    def take(self, token: Token) -> None:
        """A token within the table."""
        if token.type == "tr_open":
            self.rows.append([])
        elif token.type in ("th_open", "td_open"):
            self.rows[-1].append(Cell("", is_heading=token.type == "th_open"))
        elif token.type == "inline":
            self.rows[-1][-1] = self.rows[-1][-1]._replace(text=_plain(token))

    def blocks(self) -> list[Block]:
        return list(table_lines(self.rows, self.unit))


def spliced(
    text: str, paragraphs: Sequence[Paragraph], tables: Sequence[SourceTable]
) -> tuple[str, tuple[Paragraph, ...]]:
    """The text with the lines of the tables in their places, and the paragraphs of that text."""
    pieces: list[str] = []
    found: list[Paragraph] = []
    done = cursor = length = 0
    for table in tables:
        found += [_moved(paragraph, length - cursor) for paragraph in paragraphs[done : table.before]]
        pieces.append(text[cursor : table.source[0]])
        length += len(pieces[-1])
        for block in table.blocks():
            span = (length, length + len(block.text))
            found.append(Paragraph((span,), block.level, whole=block.whole))
            pieces.append(f"{block.text}\n")
            length += len(pieces[-1])
        done, cursor = table.before, table.source[1]
    found += [_moved(paragraph, length - cursor) for paragraph in paragraphs[done:]]
    return "".join([*pieces, text[cursor:]]), tuple(found)


def _moved(paragraph: Paragraph, by: int) -> Paragraph:
    return (
        replace(paragraph, spans=tuple((start + by, end + by) for start, end in paragraph.spans)) if by else paragraph
    )


def _plain(token: Token) -> str:
    """What a reader of the rendered page sees of a cell."""
    pieces = []
    for child in token.children or ():
        if child.type in ("text", "code_inline", "text_special"):
            pieces.append(child.content)
        elif child.type == "html_inline" and child.content.lower().startswith("<br"):
            pieces.append(" ")
    return " ".join("".join(pieces).split())
