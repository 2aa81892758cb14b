"""What stands above a table or a list: the headings that it is under, and the lines that lead to it."""

import re

_COLON = re.compile("[：:]")
_CAPTION = 80
"""Characters of a line that leads to a table, at most."""
_LEADS = (":", "：")


class LinesAbove:
    """What stands above the line that is read."""

    def __init__(self) -> None:
        self._headings: list[tuple[int, str]] = []
        self._lines: list[str] = []

    def head(self, level: int, text: str) -> None:
        self._headings = [heading for heading in self._headings if heading[0] < level] + [(level, text)]
        self._lines = []

    def say(self, text: str) -> None:
        """A line that is no heading and no row; one that only leads to the table hides none before it."""
        held = self._lines and self._lines[-1].rstrip().endswith(_LEADS)
        self._lines = [*self._lines[-2 if held else -1 :], text]

    def after_table(self, group: str | None) -> None:
        self._lines = [group] if group else []

    def near(self) -> tuple[str, ...]:
        """The heading, and the line above where it leads to the table and does not end a paragraph of its own."""
        section = self._headings[-1][1] if self._headings else ""
        caption = next((line for line in reversed(self._lines) if not _COLON.search(line[:-1])), "")
        leads = len(caption) <= _CAPTION and not caption.endswith(("。", ".", "！"))
        return tuple(words for words in (section, caption if leads else "") if words)

    def whole(self) -> tuple[str, ...]:
        """All headings, and the line above, with those before it where it only leads on (单位：亩)."""
        lines: list[str] = []
        for line in reversed(self._lines):
            lines.append(line)
            if not line.rstrip().endswith(_LEADS) and not _COLON.search(line[:-1]):
                break
        return (*(text for _, text in self._headings), *lines)
