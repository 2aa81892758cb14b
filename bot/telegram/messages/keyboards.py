"""Buttons and what they send back: `v1:` and at most 64 bytes (https://core.telegram.org/bots/api#inlinekeyboardbutton),
so that those of an older version are known for what they are. What they speak of lies in the database."""

import hashlib
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final, Literal, get_args

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from bot.memory.memory import FeedbackReason, Rating
from bot.render.tally import rest_of
from bot.telegram.messages.citing import leading, named_citations, others, quotation
from bot.telegram.messages.links import sentence_link
from bot.telegram.messages.markup import clip, one_line, presentable, units
from bot.telegram.messages.phrases import Phrases
from retrieval.types import Answer, Citation

_IN_GROUPS = 2
"""Buttons of an answer in a group."""
UP: Final = "up"
DOWN: Final = "down"
RATINGS: tuple[Rating, ...] = get_args(Rating)
REASONS: tuple[FeedbackReason, ...] = get_args(FeedbackReason)
_VERSION = "v1"
_KEY = 24
_COPIED = 256
_LABEL = 60
_READ = 20
"""Units of a button that a phone shows."""
_KEPT = 4
"""Characters of a shared beginning that stay, so that what differs is read as a part of a name."""
_SEARCHED = 39
"""Bytes of a search that fit into a button's data."""
_DATA = re.compile(r"v1:(?P<kind>[a-z]{1,2}):(?P<rest>[\w:-]*)", re.ASCII)

ButtonKind = Literal["m", "c", "p", "f", "a", "r", "s", "y", "n", "q", "w", "g", "j", "x", "l", "i"]
MORE: Final = "m"
CONTEXT: Final = "c"
PASSAGE: Final = "p"
FILE: Final = "f"
EVERYWHERE: Final = "a"
FEEDBACK: Final = "r"
SOURCES: Final = "s"
REMOVE: Final = "y"
KEEP: Final = "n"
QUESTION: Final = "q"
NEAR: Final = "w"
LANGUAGE: Final = "g"
FORWARDED: Final = "j"
DISCARD: Final = "x"
LOOK: Final = "l"
ASK_IN: Final = "i"
_KINDS: tuple[ButtonKind, ...] = get_args(ButtonKind)


@dataclass(frozen=True, slots=True)
class Press:
    """A button's data: its kind and what follows, split at the colons."""

    kind: ButtonKind
    values: tuple[str, ...]

    def number(self, place: int) -> int:
        """The value there as a number, -1 where it is none."""
        value = self.values[place] if place < len(self.values) else ""
        return int(value) if value.isdecimal() and len(value) < 16 else -1


def data(kind: ButtonKind, *values: object) -> str:
    return ":".join((_VERSION, kind, *map(str, values)))


def pressed(text: str | None) -> Press | None:
    """What was pressed; None for data of another version, or of nobody."""
    match = _DATA.fullmatch(text or "")
    kind = next((kind for kind in _KINDS if kind == match["kind"]), None) if match else None
    return Press(kind, tuple(match["rest"].split(":"))) if match and kind else None


def answer_keyboard(
    answer: Answer, number: int, say: Phrases, *, within: bool = False, reasons: bool = False, in_group: bool = False,
    near: Iterable[str] = (),
) -> InlineKeyboardMarkup:  # fmt: skip
    """Below an answer that is kept under `number`; in a group two buttons at most, beside the reasons. `near` are
    questions to ask instead."""
    contexts = [_context(number, citation, say) for citation in named_citations(answer)]
    everywhere = [_button(say("button_everywhere"), EVERYWHERE, number)] if within else []
    more = [_button(say("button_more"), MORE, number)] if others(answer) else []
    if rest := rest_of(answer):
        more = [_button(say("button_rest", count=len(rest)), MORE, number, 0)]
    thumbs = [_button("👍", FEEDBACK, number, UP), _button("👎", FEEDBACK, number, DOWN)]
    if in_group:
        rows = [[*contexts[:1], *everywhere, *more, *([] if contexts or within else thumbs)][:_IN_GROUPS]]
    else:
        first = leading(answer)
        below = _quoting(quotation(answer, first), first, say) if first is not None else []
        rows = [contexts, below, everywhere, [*more, *thumbs]]
    rows = [*near_rows(near), *rows]
    if reasons:
        rows.append(_reasons(number, say))
    return InlineKeyboardMarkup([row for row in rows if row])


def reasons_keyboard(number: int, say: Phrases) -> InlineKeyboardMarkup:
    """Why the answer was not good."""
    return InlineKeyboardMarkup([_reasons(number, say)])


def _reasons(number: int, say: Phrases) -> list[InlineKeyboardButton]:
    return [_button(say(f"button_{reason}"), FEEDBACK, number, DOWN, reason) for reason in REASONS]


def questions_keyboard(questions: Iterable[str]) -> InlineKeyboardMarkup:
    """Questions to ask with a tap."""
    return InlineKeyboardMarkup([[_button(question, QUESTION, question_key(question))] for question in questions])


def forwarded_keyboard(say: Phrases) -> InlineKeyboardMarkup:
    """To ask what somebody else wrote."""
    return InlineKeyboardMarkup([[_button(say("button_forwarded"), FORWARDED, "")]])


def near_rows(questions: Iterable[str]) -> list[list[InlineKeyboardButton]]:
    """Questions to ask instead of one that was not answered."""
    return [[_button(question, NEAR, question_key(question))] for question in questions]


def near_on(markup: InlineKeyboardMarkup | None) -> list[str]:
    """Those that stand below a message."""
    rows = markup.inline_keyboard if markup is not None else ()
    buttons = (button for row in rows for button in row if isinstance(button.callback_data, str))
    return [button.text for button in buttons if button.callback_data == data(NEAR, question_key(button.text))]


def question_key(question: str) -> str:
    """What stands for a question in a button's data, which has no room for it."""
    return hashlib.sha256(question.encode()).hexdigest()[:_KEY]


def more_keyboard(answer: Answer, number: int, say: Phrases) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[_context(number, citation, say) for citation in others(answer)]])


def rest_keyboard(number: int, first: int, left: int, say: Phrases) -> InlineKeyboardMarkup | None:
    """For the rows that had no room, where there are any."""
    if not left:
        return None
    return InlineKeyboardMarkup([[_button(say("button_rest", count=left), MORE, number, first)]])


def passage_keyboard(
    citation: Citation, sentence: str, before: str | None, after: str | None, say: Phrases
) -> InlineKeyboardMarkup:
    """Below a passage; `before` and `after` are the ids of its neighbours."""
    steps = (("button_previous", before), ("button_next", after))
    turning = [_button(say(key), PASSAGE, neighbour) for key, neighbour in steps if neighbour is not None]
    below = _quoting(sentence, citation, say)
    return InlineKeyboardMarkup([row for row in (turning, below) if row])


def confirm_keyboard(number: int, say: Phrases) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[_button(say("button_remove"), REMOVE, number), _button(say("button_keep"), KEEP, number)]]
    )


def report_keyboard(documents: Sequence[str], say: Phrases) -> InlineKeyboardMarkup:
    """Below what became of files, for the only document, or for all of which the message reports."""
    named = documents[0] if len(documents) == 1 else ""
    kinds: Mapping[ButtonKind, str] = {DISCARD: "button_remove", LOOK: "button_look", ASK_IN: "button_ask_in"}
    return InlineKeyboardMarkup([[_button(say(key), kind, named) for kind, key in kinds.items()]])


def which_keyboard(kind: ButtonKind, names: Mapping[str, str]) -> InlineKeyboardMarkup:
    """To choose one of the documents, for what buttons of the kind do. `names` are by the ids; of long ones that
    begin alike a phone would show nothing but that beginning."""
    alike = sum(1 for _ in takewhile(lambda places: len({*places}) == 1, zip(*names.values(), strict=False)))
    is_long = len(names) > 1 and max(map(units, names.values())) > _READ
    start = alike - _KEPT if is_long and alike > 2 * _KEPT else 0
    labels = {document_id: ("…" if start else "") + name[start:] for document_id, name in names.items()}
    return InlineKeyboardMarkup(
        [[_button(one_line(label, _LABEL), kind, document_id)] for document_id, label in labels.items()]
    )


def searched(press: Press) -> str:
    """The words for which the list was searched, as much of them as the button holds."""
    coded = press.values[1] if len(press.values) > 1 else ""
    try:
        return urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode()
    except ValueError:
        return ""


def sources_keyboard(page: int, pages: int, words: str, say: Phrases) -> InlineKeyboardMarkup | None:
    """To turn the pages of a list searched for the words."""
    held = words.encode()[:_SEARCHED].decode(errors="ignore").strip().encode()
    coded = [urlsafe_b64encode(held).decode().rstrip("=")] if held else []
    turning = [
        _button(say(key), SOURCES, other, *coded)
        for key, other in (("button_newer", page - 1), ("button_older", page + 1))
        if 0 <= other < pages
    ]
    return InlineKeyboardMarkup([turning]) if turning else None


def copied(sentence: str, citation: Citation) -> str:
    """The quotation with its source, as much of it as Telegram copies."""
    known = (citation.title, citation.place, citation.date, citation.document)
    named = one_line("，".join(dict.fromkeys(part for part in known if part)), _COPIED // 2)
    quoted = " ".join(presentable(sentence).split())
    return f"“{clip(quoted, _COPIED - units(named) - 4)}”——{named}"


def source_button(citation: Citation, sentence: str, say: Phrases) -> InlineKeyboardButton:
    link = sentence_link(citation.url, sentence)
    if link is not None:
        return InlineKeyboardButton(say("button_link"), url=link)
    return _button(say("button_file"), FILE, citation.document_id)


def _context(number: int, citation: Citation, say: Phrases) -> InlineKeyboardButton:
    return _button(say("button_context", number=citation.number), CONTEXT, number, citation.number)


def _quoting(sentence: str, citation: Citation, say: Phrases) -> list[InlineKeyboardButton]:
    """To copy the sentence, and to see where it stands."""
    copy = InlineKeyboardButton(say("button_copy"), copy_text=CopyTextButton(copied(sentence, citation)))
    return [copy, source_button(citation, sentence, say)]


def _button(text: str, kind: ButtonKind, *values: object) -> InlineKeyboardButton:
    return InlineKeyboardButton(text, callback_data=data(kind, *values))
