"""A passage in its document → what a person reads in a terminal."""

from rich.text import Text

from bot.render.left_out import not_whole
from bot.render.visible import visible
from retrieval.service import Surroundings


def render_surroundings(surroundings: Surroundings) -> Text:
    """Title and place, then the text around the passage dimmed and the passage itself, line breaks kept."""
    stored = surroundings.passage
    text = Text()
    heading = (stored.document.title, stored.passage.section, stored.document.date)
    text.append(" · ".join(visible(part) for part in dict.fromkeys(heading) if part) + "\n", style="bold")
    start, end = stored.passage.spans[0][0], stored.passage.spans[-1][1]
    place = [str(stored.document.path), f"characters {start}–{end}"]
    if stored.passage.page is not None:
        place.insert(1, f"page {stored.passage.page}{', read by text recognition (OCR)' if stored.ocr else ''}")
    text.append(visible(" · ".join(place)) + "\n", style="dim")
    for line in not_whole(surroundings.left_out, surroundings.without_text):
        text.append(visible(f"not whole: {line}") + "\n", style="dim")
    text.append("\n")
    if surroundings.before:
        text.append(_lines(surroundings.before), style="dim")
    text.append(visible(stored.text) if not (surroundings.before or surroundings.after) else _lines(surroundings.raw))
    if surroundings.after:
        text.append(_lines(surroundings.after), style="dim")
    text.append("\n")
    return text


def _lines(raw: str) -> str:
    return "\n".join(visible(line) for line in raw.split("\n"))
