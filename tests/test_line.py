"""The line in front of the model."""

import asyncio
import threading
import time

from bot.line import WaitingLine


def test_what_is_unhurried_lets_questions_pass() -> None:
    line, answered = WaitingLine(5, 1, 10), list[str]()

    def question() -> None:
        began.set()
        time.sleep(0.3)
        answered.append("question")

    def unhurried() -> None:
        began.wait(5)
        line.let_pass()
        answered.append("unhurried")

    async def both() -> None:
        await asyncio.gather(line.unhurried(unhurried), line.ask(question))

    began = threading.Event()
    asyncio.run(both())
    assert answered == ["question", "unhurried"] and line.close()
