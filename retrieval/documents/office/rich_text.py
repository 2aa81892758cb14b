"""RTF (Rich Text Format 1.9.1): its text in the code pages of its fonts, with headings, tables, lists and notes."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from retrieval.documents.office.rich_text_tables import TableRows
from retrieval.documents.office.rich_text_words import (
    CHARACTERS,
    CODE_PAGE_NAMES,
    CODE_PAGES,
    NO_CODE_PAGES,
    NOWHERE,
    SYMBOLS,
    TARGETS,
    Target,
)
from retrieval.documents.structure.assemble import Block, assemble
from retrieval.documents.structure.dates import told_date
from retrieval.documents.structure.table_units import unit_of
from retrieval.documents.structure.titles import property_title
from retrieval.errors import DocumentError
from retrieval.left_out import LeftOut
from retrieval.types import Document

_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,20})? ?|\\'(?P<byte>[0-9a-fA-F]{2})|\\(?P<symbol>[^a-zA-Z])"
    rb"|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)|[\r\n]+|(?P<stray>\\)",
    re.DOTALL,
)
_HEADING = re.compile(r"(?:heading|标题)\s*(\d)", re.IGNORECASE)


def read_rtf(path: Path, data: bytes) -> Document:
    begin = data.find(b"{\\rtf")
    if begin < 0 or data[:begin].strip(b"\xef\xbb\xbf \r\n\t"):
        raise DocumentError(path, "is not an RTF file that can be opened (broken or cut short)", "broken")
    reader = _RtfParser()
    try:
        reader.read(data, begin)
        blocks = list(reader.blocks())
    except (ValueError, LookupError) as error:
        raise DocumentError(path, "is not an RTF file that can be opened (broken or cut short)", "broken") from error
    pictures = (LeftOut("pictures", tuple(str(i + 1) for i in range(reader.pictures))),) if reader.pictures else ()
    date = told_date("\n".join(block.text for block in blocks))
    return assemble(path, blocks, title=property_title(reader.title), date=date, left_out=pictures)


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds within a pair of braces."""

    target: Target = "body"
    skipped: int = 1
    """Characters behind \\u that stand for it where it is not known."""
    code_page: str = ""
    is_hidden: bool = False
    style: int = 0
    outline: int = 0
    is_in_table: bool = False


@dataclass(slots=True)
class _RtfParser:
    title: str = ""
    pictures: int = 0
    _group: _Group = field(default_factory=_Group)
    _outer: list[_Group] = field(default_factory=list)
    _pieces: dict[str, list[str]] = field(default_factory=lambda: {"body": [], "beside": [], "edge": [], "title": []})
    _bytes: bytearray = field(default_factory=bytearray)
    _to_skip: int = 0
    _code_page: str = "cp1252"
    _fonts: dict[int, str] = field(default_factory=dict)
    _font: int = 0
    _styles: dict[int, int] = field(default_factory=dict)
    _name: list[str] = field(default_factory=list)
    _rows: TableRows = field(default_factory=TableRows)
    _blocks: list[Block] = field(default_factory=list)
    _notes: list[Block] = field(default_factory=list)
    _edges: dict[str, None] = field(default_factory=dict)

    def read(self, data: bytes, at: int) -> None:
        while at < len(data) and (token := _TOKEN.match(data, at)):
            at = token.end()
            kind = token.lastgroup
            if kind == "text":
                text = token["text"]
                skipped = min(self._to_skip, len(text))
                self._to_skip -= skipped
                self._bytes += text[skipped:]
            elif kind == "byte" or kind == "symbol":
                self._symbol(token)
            elif kind == "brace":
                self._brace(token["brace"] == b"{")
            elif token["word"]:
                number = int(token["number"]) if token["number"] else None
                word = token["word"].decode("ascii")
                if word == "bin":
                    at += max(0, number or 0)
                self._word(word, number)
        self._end_paragraph()

    def blocks(self) -> Iterator[Block]:
        yield from self._blocks
        yield from self._rows.blocks(self._unit())
        yield from self._notes
        yield from (Block(text) for text in self._edges if sum(map(str.isalpha, text)) > 2)

    def _symbol(self, token: re.Match[bytes]) -> None:
        if self._to_skip:
            self._to_skip -= 1
        elif token["byte"]:
            self._bytes.append(int(token["byte"], 16))
        elif token["symbol"] == b"*":
            if self._group.target not in ("fonts", "styles", "info"):  # unless the word that follows is known
                self._group = replace(self._group, target="nowhere")
        elif token["symbol"] in (b"\\", b"{", b"}"):
            self._bytes += token["symbol"]
        elif (shown := SYMBOLS.get(token["symbol"])) == "\n":
            self._end_paragraph()
        elif shown:
            self._add(shown)

    def _brace(self, opens: bool) -> None:
        self._flush()
        self._to_skip = 0
        if opens:
            self._outer.append(self._group)
            return
        if not self._outer:
            raise ValueError("a brace too many")
        ended, self._group = self._group, self._outer.pop()
        if ended.target == "styles":
            name = "".join(self._name).strip(" ;")
            heading = _HEADING.search(name)
            level = int(heading[1]) if heading else 1 if name.lower() == "title" else ended.outline
            self._styles[ended.style] = min(level, 6)
            self._name.clear()
        if ended.target == "title" and self._group.target != "title":
            self.title = "".join(self._pieces["title"])
        if ended.target in ("beside", "edge") and self._group.target != ended.target:
            self._end_beside(ended.target)

    def _word(self, word: str, number: int | None) -> None:
        if self._to_skip:
            self._to_skip -= 1
            return
        group = self._group
        if word == "u" and number is not None:
            self._add(chr(number % 0x10000))
            self._to_skip = group.skipped
        elif word in NOWHERE or word in TARGETS or (word == "title" and group.target == "info"):
            self._flush()
            self.pictures += word == "pict" and group.target != "nowhere"
            self._group = replace(group, target=TARGETS.get(word, "nowhere") if word != "title" else "title")
        elif word == "shppict":
            self.pictures += 1
        elif word in ("par", "sect", "page", "row", "cell", "nestcell", "nestrow", "softpage"):
            self._end(word)
        elif word in CHARACTERS:
            self._add(CHARACTERS[word])
        elif word in ("v", "deleted", "plain"):
            self._flush()
            page = "" if word == "plain" else group.code_page
            self._group = replace(group, is_hidden=word != "plain" and number != 0, code_page=page)
        else:
            self._set(word, number or 0)

    def _set(self, word: str, number: int) -> None:
        """What is said of characters, paragraphs, fonts and rows."""
        if word == "ansicpg":
            if number not in NO_CODE_PAGES:
                self._code_page = codecs.lookup(CODE_PAGE_NAMES.get(number, f"cp{number}")).name
        elif word == "uc":
            self._group = replace(self._group, skipped=min(max(number, 0), 100))
        elif word == "f":
            self._flush()
            self._font = number
            self._group = replace(self._group, code_page=self._fonts.get(number, ""))
        elif word == "fcharset" and self._group.target == "fonts":
            self._fonts[self._font] = CODE_PAGES.get(number, "")
        elif word == "pard":
            self._group = replace(self._group, style=0, outline=0, is_in_table=False)
        elif word == "s":
            self._group = replace(self._group, style=number)
        elif word == "outlinelevel":
            self._group = replace(self._group, outline=number + 1 if 0 <= number < 6 else 0)
        elif word == "intbl":
            self._group = replace(self._group, is_in_table=True)
        else:
            self._rows.set(word, number)

    def _end(self, word: str) -> None:
        self._flush()
        if self._group.target != "body":
            self._add(" ")
        elif word == "cell":
            self._rows.end_cell(_line(self._pieces["body"]))
        elif word == "row":
            self._rows.end_row()
        elif word in ("nestcell", "nestrow") or (word == "par" and self._group.is_in_table):
            self._add(" | " if word == "nestcell" else " ")
        else:
            self._end_paragraph()
            if word == "par" and not self._rows.is_open:  # an empty one: a table that follows is another one
                self._blocks += self._rows.blocks(self._unit())

    def _end_paragraph(self) -> None:
        self._flush()
        if text := _line(self._pieces["body"]):
            self._blocks += self._rows.blocks(self._unit())
            self._blocks.append(Block(text, self._group.outline or self._styles.get(self._group.style, 0)))
            self._blocks += self._notes
            self._notes.clear()

    def _end_beside(self, target: Target) -> None:
        """A note, or a text box, stands behind what was read before it; edges of pages once, at the end."""
        text = _line(self._pieces[target])
        if text and target == "edge":
            self._edges[text] = None
        elif text:
            self._notes.append(Block(text))

    def _unit(self) -> str:
        return unit_of(self._blocks[-1].text) if self._blocks else ""

    def _add(self, text: str) -> None:
        self._flush()
        self._put(text)

    def _put(self, text: str) -> None:
        if self._group.target == "styles":
            self._name.append(text)
        elif self._group.target in self._pieces and not self._group.is_hidden:
            self._pieces[self._group.target].append(text)

    def _flush(self) -> None:
        """Decode the bytes that came: by their font where that is of a script of its own, else by the document."""
        if self._bytes:
            self._put(self._bytes.decode(self._group.code_page or self._code_page, "replace"))
            self._bytes.clear()


def _line(pieces: list[str]) -> str:
    """The text on one line; the pieces are taken."""
    text = "".join(pieces).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    pieces.clear()
    return " ".join(text.replace("\0", "").split())
