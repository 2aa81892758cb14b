"""Extracted blocks to a document: for formats whose text Wenju stores as it was extracted."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from retrieval.documents.structure.titles import title_of
from retrieval.left_out import LeftOut
from retrieval.types import Document, Paragraph


class Block(NamedTuple):
    """One paragraph as extracted, on one line; `level` is 0 for body text and 1-6 for headings; `whole` as in
    Paragraph."""

    text: str
    level: int = 0
    whole: bool = False


def assemble(
    path: Path,
    blocks: Sequence[Block],
    *,
    title: str = "",
    date: str | None = None,
    url: str | None = None,
    left_out: tuple[LeftOut, ...] = (),
    pages: Sequence[int] = (),
) -> Document:
    """A document whose text is its blocks, one a line; the title falls back to the first heading, then to the first
    line or the file's name. `pages`
    are how many blocks stand before each page."""
    text = "\n".join(block.text for block in blocks)
    paragraphs = []
    offset, starts = 0, list[int]()
    for block in blocks:
        starts.append(offset)
        paragraphs.append(Paragraph(((offset, offset + len(block.text)),), block.level, whole=block.whole))
        offset += len(block.text) + 1
    title = title or title_of([(block.text, block.level) for block in blocks], path)
    starts.append(len(text))
    page_starts = tuple(starts[before] for before in pages)
    return Document(path, title, text, tuple(paragraphs), date, url, page_starts, left_out=left_out)
