"""Markdown: the text is the file as it is, but for its tables; paragraphs are spans that leave the markup out."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from retrieval.documents.decode import decode
from retrieval.documents.plain.markdown_tables import SourceTable, spliced
from retrieval.documents.structure.dates import iso_date, told_date
from retrieval.documents.structure.layout import join_spans
from retrieval.documents.structure.table_units import unit_of
from retrieval.documents.structure.titles import metadata_title, title_of, web_address
from retrieval.types import Document, Paragraph, Span, quote

# Without text_join, what an escape or entity stands for stays apart from the text that is literally there.
_PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("text_join")
_OPENING = re.compile(r"<(?:(!--)|(script|style)\b)?", re.IGNORECASE)
_CLOSING = {
    "": re.compile(">"),
    "!--": re.compile("-->"),
    "script": re.compile(r"</script\s*>", re.IGNORECASE),
    "style": re.compile(r"</style\s*>", re.IGNORECASE),
}
_INLINE_TAG = re.compile(r"</?(?:a|b|i|u|s|em|strong|span|font|small|sub|sup|mark|code|td|th)\b", re.IGNORECASE)
_FRONT_MATTER_LIMIT = 50_000
"""Characters of front matter that are read as YAML, which takes a second for them."""
_SEARCHED = 10_000_000
_NEAR = 1000
"""After so many characters searched in vain a piece is looked for near the one before it alone."""
_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)


def read_markdown(path: Path, data: bytes) -> Document:
    source = decode(data)
    metadata, body = _front_matter(source)
    text, paragraphs = spliced(source, *_paragraphs(source, body))
    lines = [(quote(text, paragraph.spans), paragraph.level) for paragraph in paragraphs]
    title = metadata_title(metadata.get("title")) or title_of(lines, path)
    date = iso_date(metadata.get("date") or metadata.get("published")) or told_date(source[body:])
    url = web_address(metadata.get("url") or metadata.get("link") or metadata.get("source"))
    return Document(path, title, text, paragraphs, date, url)


class _PlainLoader(yaml.SafeLoader):
    """Without aliases: a few lines of them stand for gigabytes."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("an alias")
        return super().compose_node(parent, index)


def _front_matter(text: str) -> tuple[dict[str, Any], int]:
    """The YAML at the head of the file and the offset at which the body begins."""
    match = _FRONT_MATTER.match(text)
    if match is None:
        return {}, 0
    try:
        metadata = yaml.load(match[1][:_FRONT_MATTER_LIMIT], _PlainLoader)  # a SafeLoader
    # Besides its own errors it lets pass what a strange date, number or key makes it stumble over.
    except (yaml.YAMLError, ValueError, LookupError, AttributeError, TypeError, RecursionError):
        # `title: 左云: 网格员` is no YAML, but what people write.
        metadata = dict(re.findall(r"^([A-Za-z][\w-]*):[ \t]+(.+)$", match[1], re.MULTILINE)) or None
    return (metadata, match.end()) if isinstance(metadata, dict) else ({}, 0)


def _paragraphs(text: str, body: int) -> tuple[list[Paragraph], list[SourceTable]]:
    line_starts = [body]
    line_starts.extend(body + match.end() for match in re.finditer("\n", text[body:]))
    line_starts.append(len(text))
    paragraphs: list[Paragraph] = []
    tables: list[SourceTable] = []
    level, is_table = 0, False
    numbers: list[int] = []
    marker, item = "", 0
    for token in _PARSER.parse(text[body:]):
        if token.type == "table_open" and token.map:
            above = unit_of(quote(text, paragraphs[-1].spans)) if paragraphs else ""
            lines = (line_starts[token.map[0]], line_starts[token.map[1]])
            tables.append(SourceTable(lines, above, len(paragraphs)))
            is_table = True
        elif token.type == "table_close":
            is_table = False
        elif is_table:
            tables[-1].take(token)
        elif token.type == "ordered_list_open":
            numbers.append(int(token.meta.get("start", token.attrs.get("start", 1))))
        elif token.type == "ordered_list_close":
            numbers.pop()
        elif token.type == "list_item_open" and token.map:
            is_shown = bool(token.info) and int(token.info) == numbers[-1]
            marker, item = f"{token.info}{token.markup} " if is_shown else "", line_starts[token.map[0]]
            if token.info:
                numbers[-1] += 1
        elif token.type == "heading_open":
            level = int(token.tag[1:])
        elif token.type == "heading_close":
            level = 0
        elif token.type in ("fence", "code_block") and token.map:
            span = _trim(text, (line_starts[token.map[0]], line_starts[token.map[1]]), " \t\n`~")
            _add(text, paragraphs, Paragraph((span,)))
        elif token.type == "html_block" and token.map:
            _add(text, paragraphs, *_outside_tags(text, (line_starts[token.map[0]], line_starts[token.map[1]])))
        elif token.type == "inline" and token.map:
            spans = _visible(text, token, (line_starts[token.map[0]], line_starts[token.map[1]]))
            at = text.rfind(marker, item, spans[0][0]) if marker and spans and not level else -1
            number = [(at, at + len(marker))] if at >= 0 else []
            marker = ""
            _add(text, paragraphs, Paragraph(join_spans(text, [*number, *spans]), level))
    return paragraphs, tables


def _add(text: str, paragraphs: list[Paragraph], *found: Paragraph) -> None:
    paragraphs.extend(paragraph for paragraph in found if quote(text, paragraph.spans).strip())


def _visible(text: str, token: Token, block: Span) -> list[Span]:
    """Spans of what a reader of the rendered page sees of an inline token: each piece is found in the source,
    in order. Of an escape or entity the mark itself is quoted where it stands in it (\\*, &amp;), else nothing; of
    HTML within a line nothing but <br>, which keeps the words around it apart."""
    spans = []
    cursor, end = block
    searched = 0
    for child in token.children or ():
        source = child.markup if child.type == "text_special" else child.content
        if not source or child.type not in ("text", "code_inline", "text_special", "html_inline"):
            continue
        found = text.find(source, cursor, end if searched < _SEARCHED else min(end, cursor + len(source) + _NEAR))
        if found < 0:
            searched += end - cursor
            continue
        cursor = found + len(source)
        if child.type == "text_special":
            at = text.find(child.content, found, cursor)
            spans.extend([(at, at + len(child.content))] if at >= 0 else [])
        elif child.type != "html_inline" or source.lower().startswith("<br"):
            spans.append((found, cursor))
    return spans


def _tags(text: str, block: Span) -> Iterator[Span]:
    """Tags, comments, and scripts with what stands in them. What has no end is looked for once and not at each
    beginning."""
    cursor, end = block
    missing: set[str] = set()
    while (start := text.find("<", cursor, end)) >= 0:
        opening = _OPENING.match(text, start, end)
        assert opening is not None
        for kind in dict.fromkeys(((opening[1] or opening[2] or "").lower(), "")):
            closing = None
            if kind not in missing:
                closing = _CLOSING[kind].search(text, opening.end() if kind else start + 1, end)
            if closing is not None:
                cursor = closing.end()
                yield start, cursor
                break
            missing.add(kind)
        else:
            return


def _outside_tags(text: str, block: Span) -> list[Paragraph]:
    """The text of an HTML block without its tags; a paragraph ends at a line break and at tags that begin a line."""
    paragraphs: list[Paragraph] = []
    pieces: list[Span] = []
    cursor = block[0]
    for start, end in [*_tags(text, block), (block[1], block[1])]:
        for match in re.finditer(r"\n|[^\n]+", text[cursor:start]):
            if match[0] == "\n":
                pieces = _flush(text, pieces, paragraphs)
            else:
                pieces.append((cursor + match.start(), cursor + match.end()))
        if not _INLINE_TAG.match(text, start, end):
            pieces = _flush(text, pieces, paragraphs)
        cursor = max(cursor, end)
    return paragraphs


def _flush(text: str, pieces: list[Span], paragraphs: list[Paragraph]) -> list[Span]:
    if pieces:
        first, last = pieces[0], pieces[-1]
        pieces[0] = (_trim(text, first, " \t")[0], first[1])
        pieces[-1] = (pieces[-1][0], max(pieces[-1][0], _trim(text, last, " \t")[1]))
        paragraphs.append(Paragraph(tuple(span for span in pieces if span[0] < span[1])))
    return []


def _trim(text: str, span: Span, characters: str) -> Span:
    start, end = span
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip(characters))
    return start + left, max(start + left, end - (len(piece) - len(piece.rstrip(characters))))
