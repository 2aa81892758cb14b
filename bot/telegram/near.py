"""Near questions for a chat: below an answer that does not answer, as buttons."""

from bot.near import LABEL, WANTED, near_questions
from bot.telegram.citing import is_there
from bot.telegram.markup import units
from bot.telegram.memory import QuestionContext
from bot.telegram.runtime import Runtime
from retrieval.types import Answer

_LIKED = 20


async def near_to(runtime: Runtime, answer: Answer, asked: QuestionContext) -> list[str]:
    """None in a group, whose answers are short, inside one document, and while somebody else waits for the model."""
    if answer.answer is not None or asked.in_group or asked.document_id is not None or runtime.waiting:
        return []
    shown = runtime.memory.liked(runtime.settings.admins, _LIKED)
    seen = [earlier for earlier in shown if await runtime.work(is_there, runtime.base, earlier.answer)]
    liked = [earlier.answer.question for earlier in seen if earlier.answer.understood is None]
    found = await runtime.work(near_questions, runtime.base, answer, liked)
    return [question for question in found if units(question) <= LABEL][:WANTED]
