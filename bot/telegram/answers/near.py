"""Questions for a chat, as buttons: near ones below an answer that does not answer, and those that people liked."""

from bot.memory.memory import QuestionContext
from bot.near import LABEL, near_questions
from bot.telegram.messages.citing import is_there
from bot.telegram.messages.markup import units
from bot.telegram.state.runtime import Runtime
from retrieval.types import Answer

_LIKED = 20


def liked_answers(runtime: Runtime) -> dict[str, Answer]:
    """Questions that stand for themselves and fit on a button, the most liked first, with their answers. Before one
    is offered it is looked up whether what was quoted `is_there`."""
    shown = runtime.memory.liked(runtime.settings.admins, _LIKED)
    alone = [liked.answer for liked in shown if liked.answer.understood is None]
    questions = {" ".join(answer.question.split()): answer for answer in alone}
    return {question: answer for question, answer in questions.items() if units(question) <= LABEL}


async def near_to(runtime: Runtime, answer: Answer, asked: QuestionContext) -> list[str]:
    """None in a group, whose answers are short, inside one document, and while somebody else waits for the model."""
    if answer.answer is not None or asked.in_group or asked.document_id is not None or runtime.waiting:
        return []
    base, liked = runtime.base, liked_answers(runtime)

    def may_offer(question: str) -> bool:
        return units(question) <= LABEL and (question not in liked or is_there(base, liked[question]))

    return await runtime.work(near_questions, base, answer, liked, may_offer)
