"""What people say to the bot beside asking, known by its form: thanks, a greeting, 再说一遍, 不对, 还有呢, 为什么.

It is met as a person would meet it, without thumbs, and does not count as a question."""

import re
from collections.abc import Awaitable, Callable

from telegram import Message

from bot.telegram.addressing import replied_to, topic_of
from bot.telegram.citing import leading, still_there
from bot.telegram.keyboards import DOWN, answer_keyboard, reasons_keyboard
from bot.telegram.memory import ShownAnswer
from bot.telegram.outgoing import reply
from bot.telegram.pages import answer_page
from bot.telegram.passages import show_more, show_passage, title_of
from bot.telegram.phrases import Phrases
from bot.telegram.runtime import Runtime, asker
from retrieval.errors import NotFoundError

_BETWEEN = re.compile(r"[,，.。!！?？~～、…;；:：\n]+")
_SIMPLIFIED = str.maketrans(
    "請麻煩說講發複對這錯問個還別麼嗎沒內為謝見羅囉後", "请麻烦说讲发复对这错问个还别么吗没内为谢见罗啰后"
)
_SAID = {
    "again": (
        r"(?:请|麻烦)?[你您]?(?:再|重新)(?:说|讲|发|答|回答)?(?:一遍|一次|一下)(?:吧|好吗)?",
        r"重复(?:一遍|一次|一下)?|(?:please )?(?:say|repeat|show) (?:that|it)(?: again)?|once more|repeat",
    ),
    "wrong": (
        r"这?不对[吧啊呀的]?|(?:[你您]?这?(?:答|说|回答|搞|弄))?错[了啦]吧?|答非所问|不是这个意思",
        r"(?:that['’]?s |that is |you['’]?re |you are )?(?:wrong|not right|incorrect)",
    ),
    "more": (
        r"那?还有(?:别的|其他的?|更多的?)?(?:呢|吗|么|没有)|[看要]?更多(?:段落|内容)?|再来(?:一些|点)",
        r"(?:show )?(?:me )?more|(?:anything|what) else",
    ),
    "why": (r"为(?:什么|何|啥)[呢啊呀]?|(?:有什么)?(?:依据|根据)(?:呢|是什么)?|why",),
    "thanks": (
        r"(?:多谢|谢谢|感谢|谢了|谢|辛苦)(?:大家|[你您啦了哈啊呀])*|🙏+",
        r"thanks?(?: you)?(?: very much| so much| a lot)?|thx|ty",
    ),
    "hello": (
        r"(?:[你您]们?|大家)好[啊呀]?|嗨+|哈[喽啰罗]|喂+|在[吗么]|早上?好?|[上中下]午好|晚上好",
        r"hello|hi|hey|good (?:morning|afternoon|evening)",
    ),
    "bye": (r"再见|拜拜|晚安|回头见|bye(?: bye)?|goodbye|good night|see you",),
    "agreed": (
        r"好+的?[吧呀啊嘞]?|嗯+|哦+|噢+|行吧?|可以|(?:知道|明白|收到|了解)[了啦]?",
        r"ok(?:ay)?|got it|i see|👌+|👍+",
    ),
}
_FORMS = {kind: re.compile("|".join(forms), re.IGNORECASE) for kind, forms in _SAID.items()}
_MET = {"thanks": "said_thanks", "hello": "said_hello", "bye": "said_bye", "agreed": "said_agreed"}
"""What is said to those that ask the bot to do nothing."""


def what_is_said(text: str) -> str | None:
    """Its kind, None for a question. Of several at once (好的，谢谢) the one that stands first above counts."""
    parts = [part.strip() for part in _BETWEEN.split(text.translate(_SIMPLIFIED)) if part.strip()]
    words = [word for part in parts for word in ([part] if _kind(part) else part.split())]
    kinds = {_kind(word) for word in words}
    return None if None in kinds else next((kind for kind in _FORMS if kind in kinds), None)


def asks_nothing(text: str) -> bool:
    """Whether it is thanks, a greeting and the like alone."""
    return what_is_said(text) in _MET


def _kind(text: str) -> str | None:
    return next((kind for kind, form in _FORMS.items() if form.fullmatch(text)), None)


async def talked(message: Message, runtime: Runtime, text: str, say: Phrases) -> bool:
    """Whether the message was no question; then it was met."""
    kind = what_is_said(text) if message.forward_origin is None else None
    if kind is None:
        return False
    if kind in _MET:
        await reply(message, say(_MET[kind]))
        return True
    last = _last(message, runtime)
    if last is None and kind == "why":  # of what, is asked back
        return False
    try:
        await (_ACTIONS[kind](message, runtime, last, say) if last is not None else reply(message, say("no_last")))
    except NotFoundError:
        await reply(message, say("gone"))
    return True


def _last(message: Message, runtime: Runtime) -> ShownAnswer | None:
    """What the message speaks of: the answer that it replies to, or else the last one of its writer, or of anybody
    here."""
    replied = replied_to(message)
    found = runtime.memory.shown_in(message.chat_id, replied.message_id) if replied is not None else None
    return found or runtime.memory.last_shown(message.chat_id, topic_of(message) or 0, asker(message))


async def _again(message: Message, runtime: Runtime, last: ShownAnswer, say: Phrases) -> None:
    answer = await runtime.work(still_there, runtime.base, last.answer)
    in_group, within = last.asked.in_group, last.asked.document_id is not None
    page = answer_page(answer, runtime.bot, say, await title_of(runtime, last.asked), in_group=in_group)
    sent = await reply(message, page, answer_keyboard(answer, last.number, say, within=within, in_group=in_group))
    if (citation := leading(answer)) is not None:
        runtime.memory.passage_sent(sent.chat_id, sent.message_id, asker(message), citation.document_id)


async def _wrong(message: Message, runtime: Runtime, last: ShownAnswer, say: Phrases) -> None:
    runtime.memory.judge(last.number, asker(message), DOWN, None)
    runtime.metrics.feedback.labels(DOWN).inc()
    await reply(message, say("sorry_reason"), reasons_keyboard(last.number, say))


async def _why(message: Message, runtime: Runtime, last: ShownAnswer, say: Phrases) -> None:
    citation = leading(last.answer)
    if citation is None:
        await reply(message, say("why_not"))
        return
    marked = next(((q.start, q.end) for q in last.answer.quotes if q.citation == citation.number), None)
    await show_passage(message, runtime, citation.passage_id, say, asker(message), marked)


_ACTIONS: dict[str, Callable[[Message, Runtime, ShownAnswer, Phrases], Awaitable[None]]] = {
    "again": _again, "wrong": _wrong, "more": show_more, "why": _why,
}  # fmt: skip
