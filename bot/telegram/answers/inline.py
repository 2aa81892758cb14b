"""`@bot question` in any chat: passages to choose from and send."""

import logging

from telegram import (
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    Update,
)
from telegram.constants import InlineQueryResultLimit, ParseMode
from telegram.error import BadRequest

from bot.line import TooBusyError, TooSlowError
from bot.telegram.messages.markup import clip, one_line, window
from bot.telegram.messages.pages import inline_page
from bot.telegram.messages.phrases import Phrases
from bot.telegram.state.runtime import Context, Runtime, runtime_of
from retrieval.errors import NotFoundError, QuestionError
from retrieval.types import Answer, Citation

_log = logging.getLogger(__name__)
_TITLE, _DESCRIPTION = 90, 160
_CACHED_SECONDS = 60


async def on_inline(update: Update, context: Context) -> None:
    """Answer what was typed last; what it was on the way there is passed over."""
    query, runtime = update.inline_query, runtime_of(context)
    assert query is not None
    if runtime.inline.get(query.from_user.id) != update.update_id:  # the user has typed on
        return
    del runtime.inline[query.from_user.id]
    say = runtime.say(query.from_user, query.query)
    results = await _results(query, runtime, say)
    try:
        await query.answer(
            results, cache_time=_CACHED_SECONDS if results else 0, is_personal=True,
            button=None if results else InlineQueryResultsButton(say("button_private"), start_parameter="inline"),
        )  # fmt: skip
    except BadRequest as error:  # the user has typed on meanwhile
        _log.info("an inline query could not be answered: %s", error)


async def _results(query: InlineQuery, runtime: Runtime, say: Phrases) -> list[InlineQueryResultArticle]:
    user, text = query.from_user.id, query.query.strip()
    if not text or not runtime.members.may_ask(user, user) or runtime.taps.wait(user) > 0:
        return []
    try:
        answer = await runtime.ask(text)
    except (QuestionError, NotFoundError, TooBusyError, TooSlowError):
        return []
    return [_article(answer, citation, runtime.bot, say) for citation in answer.citations]


def _article(answer: Answer, citation: Citation, bot: str, say: Phrases) -> InlineQueryResultArticle:
    quoted = next(((q.start, q.end) for q in answer.quotes if q.citation == citation.number), None)
    start, end = quoted or (0, 0)
    first, last = window(citation.text, start, end, _DESCRIPTION)
    title = citation.text[start:end] if quoted else citation.title or citation.document
    return InlineQueryResultArticle(
        f"{citation.number}-{citation.passage_id}"[: InlineQueryResultLimit.MAX_ID_LENGTH],
        f"{citation.number}. {one_line(title, _TITLE)}",
        InputTextMessageContent(inline_page(answer, citation, bot, say).html, parse_mode=ParseMode.HTML),
        description=clip(one_line(citation.text[first:last], _DESCRIPTION), _DESCRIPTION),
    )
