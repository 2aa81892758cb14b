"""What stands at the edges of the pages of a paper, above and below the text: headers, footers, numbers of pages."""

import re
from collections import Counter
from collections.abc import Sequence, Set

from retrieval.documents.structure.layout import EDGE, EDGE_LENGTH

_NUMBER = re.compile(r"\d{1,5}")
_PAGE_NUMBER = re.compile(
    r"[\W_]*(?:第|page)?\s*\d{1,5}\s*页?(?:\s*(?:/|共|of)\s*\d{1,5}\s*页?)?[\W_]*", re.IGNORECASE
)
_PAGES = 3
"""From which on a line at their edges may be told by how many have it. Of two pages it may be a line that comes
again, unless they are numbered as well."""


def without_running_lines(pages: Sequence[str]) -> list[str]:
    """The pages without the lines at their edges that most of them have, but for the first that has them: what a
    header says is kept once, and stands in no sentence that goes on over the page. The numbers of pages go all."""
    running = running_keys(pages)
    kept, seen = [], set[str]()
    for number, page in enumerate(pages):
        found = {line: key for line in _edge_lines(page) for key in _forms(line, number) if key in running}
        gone = {line for line, key in found.items() if key in seen or _PAGE_NUMBER.fullmatch(line)}
        kept.append("\n".join(line for line in page.split("\n") if line.strip() not in gone) if gone else page)
        seen |= set(found.values())
    return kept


def running_keys(pages: Sequence[str]) -> set[str]:
    """What runs over the pages."""
    if len(pages) < _PAGES and not (len(pages) > 1 and all(map(_is_numbered, pages, range(1, _PAGES)))):
        return set()
    counted = Counter(key for number, page in enumerate(pages) for key in _keys(page, number))
    return {key for key, count in counted.items() if count > min(max(EDGE, len(pages) / 2), len(pages) - 1)}


def _is_numbered(page: str, number: int) -> bool:
    """Whether a line at the edge of the page is its number, and nothing else."""
    lines = filter(_PAGE_NUMBER.fullmatch, _edge_lines(page))
    return any(int(_NUMBER.findall(line)[0]) == number for line in lines)


def without_header(page: str, running: Set[str]) -> str:
    """The first page without what runs over the pages above its text."""
    lines = page.strip().split("\n")
    while len(lines) > 1 and not running.isdisjoint(_forms(lines[0].strip(), 0)):
        lines.pop(0)
    return "\n".join(lines)


def _keys(page: str, number: int) -> set[str]:
    return {key for line in _edge_lines(page) for key in _forms(line, number)}


def _forms(line: str, page: int) -> tuple[str, ...]:
    """The line itself, and with its numbers counted from that of the page: as they are where they count the pages."""
    return (line, *(_NUMBER.sub(lambda match: f"\0{int(match[0]) - page}", line, count) for count in (0, 1)))


def _edge_lines(page: str) -> list[str]:
    lines = [line.strip() for line in page.split("\n") if line.strip()]
    return [line for line in (*lines[:EDGE], *lines[EDGE:][-EDGE:]) if len(line) <= EDGE_LENGTH]
