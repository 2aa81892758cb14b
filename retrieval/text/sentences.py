"""Where sentences end, in Chinese and in languages that use full stops."""

import re
from itertools import pairwise

from retrieval.types import Span

_CLOSERS = "”’」』）)】》〉〕］]}\"'"
_STOPS = "。！？；…!?;．｡"
# A run of terminators with the closing quotes and brackets that belong to it: 。” ？！ ……』
_END = re.compile(rf"(?P<stop>[{re.escape(_STOPS)}.]+)(?P<closers>[{re.escape(_CLOSERS)}]*)")
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof st sr jr no nos vol fig pp p ed eds vs etc inc ltd co corp dept gov gen col sgt rev "  # noqa: SIM905
    "jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun hon approx "
    "e.g i.e a.m p.m u.s u.k u.n ph.d cf al ca т.е т.д т.п г ул стр им".split()
)
_NUMBERING = 8
"""Characters that the number of an item, or the white space after a full stop, takes at most."""
_WORD_BEFORE = re.compile(r"[^\W\d_]+(?:\.[^\W\d_]+)*$")
_CLAUSE_END = re.compile(rf"[，,、：:；;—\s][{re.escape(_CLOSERS)}]*")


def split_sentences(text: str) -> list[Span]:
    """Spans of the sentences of one paragraph; white space around a sentence belongs to none.

    Everything that is not white space lies in exactly one span.
    """
    spans: list[Span] = []
    start = 0
    for match in _END.finditer(text):
        if match.start() >= start and _ends_sentence(text, match):
            spans.append((start, match.end()))
            start = match.end()
    spans.append((start, len(text)))
    stripped = (_strip(text, span) for span in spans)
    return [span for span in stripped if span[0] < span[1]]


def split_long(text: str, limit: int) -> list[Span]:
    """Cut a text into pieces of at most `limit` characters, at the last clause end that fits, else hard."""
    pieces: list[Span] = []
    start = 0
    while len(text) - start > limit:
        window = text[start : start + limit]
        # The last clause end of the second half: a piece should not be a stump.
        ends = [match.end() for match in _CLAUSE_END.finditer(window) if match.end() > limit // 2]
        cut = start + (ends[-1] if ends else limit)
        pieces.append((start, cut))
        start = cut
    pieces.append((start, len(text)))
    return pieces


def split_clauses(text: str) -> list[Span]:
    """Spans of the clauses of a sentence, each with its closing punctuation; together they are the sentence."""
    ends = [match.end() for match in re.finditer(rf"[，,；;：:][{re.escape(_CLOSERS)}]*", text)]
    # A comma between digits is part of a figure: 12,000.
    ends = [end for end in ends if not (text[end - 1] == "," and text[end : end + 1].isdigit())]
    bounds = [0, *[end for end in ends if end < len(text)], len(text)]
    return [(a, b) for a, b in pairwise(bounds) if a < b]


def _strip(text: str, span: Span) -> Span:
    start, end = span
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    before = text[match.start() - 1] if match.start() else ""
    after = text[match.end()] if match.end() < len(text) else ""
    stop = match["stop"]
    if not after:
        return True
    if stop == ".":
        return _full_stop_ends(text, match, before, after)
    if set(stop) == {"."}:  # "They waited... and left."
        return not _small_letter_follows(text, match.end()) and (after.isspace() or not after.isascii())
    if stop == "．" and before.isdigit() and after.isdigit():
        return False
    if set(stop) <= set("!?;."):
        # `?a=1` in an address, `5;6` in a table: half-width marks inside a word end nothing.
        return not (_is_latin(before) and _is_latin(after) and not match["closers"])
    return True


def _full_stop_ends(text: str, match: re.Match[str], before: str, after: str) -> bool:
    if not before or (before.isspace() and not match["closers"]):
        return False
    if not after.isspace():
        # 3.5, example.org, U.S.; but 完成.随后 ends a sentence that was typed in half-width.
        return not before.isascii() and not after.isascii()
    if before.isdigit() and match.start() <= _NUMBERING and text[: match.start()].strip().isdigit():
        return False  # "1. " at the start of a paragraph numbers it.
    word = _WORD_BEFORE.search(text[max(0, match.start() - 12) : match.start()])
    if word and (word[0].lower() in _ABBREVIATIONS or (len(word[0]) == 1 and word[0].isupper())):
        return False
    return not _small_letter_follows(text, match.end())


def _small_letter_follows(text: str, offset: int) -> bool:
    # A window: in a file of one long line, copies of the rest would make this quadratic.
    return text[offset : offset + _NUMBERING].lstrip()[:1].islower()


def _is_latin(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character in "/&=-_%")
