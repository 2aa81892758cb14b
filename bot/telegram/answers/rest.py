"""The rows behind ➕: as many as a message holds, and a button for those after them."""

from telegram import Message

from bot.memory.memory import ShownAnswer
from bot.render.tally import is_cut, rest_of
from bot.telegram.messages.citing import still_there
from bot.telegram.messages.keyboards import rest_keyboard
from bot.telegram.messages.markup import MESSAGE, Markup, one_line, units
from bot.telegram.messages.outgoing import reply
from bot.telegram.messages.phrases import Phrases
from bot.telegram.state.runtime import Runtime
from retrieval.types import Answer

_ROW = 240
"""Units of a row at most."""
_ROOM = MESSAGE - 300


def rest_page(answer: Answer, first: int, say: Phrases) -> tuple[Markup, int]:
    """The rows from number `first` of the rest on, and the number of the first that had no room."""
    rest, lines, used = rest_of(answer), list[str](), 0
    for row in rest[first:]:
        line = f"· {one_line(row.text, _ROW)}"
        used += units(line) + 1
        if used > _ROOM:
            break
        lines.append(line)
    following, before = first + len(lines), len(answer.quotes)
    count = answer.tally.count if answer.tally is not None else 0
    heading = say("tally_rest", first=before + first + 1, last=before + following, count=f"{count:,}")
    page = Markup().add(heading, bold=True).add("\n" + "\n".join(lines))
    if following == len(rest) and answer.tally is not None and is_cut(answer.tally):
        page = page.add("\n" + say("tally_cut", shown=f"{len(answer.tally.rows):,}"))
    return page.cut(), following


async def show_rest(message: Message, runtime: Runtime, shown: ShownAnswer, first: int, say: Phrases) -> None:
    """Raises NotFoundError when what was counted was removed or has changed."""
    answer = await runtime.work(still_there, runtime.base, shown.answer)
    page, following = rest_page(answer, first, say)
    left = len(rest_of(answer)) - following
    await reply(message, page, rest_keyboard(shown.number, following, left, say), runtime.memory)
