"""`make bench-bot`, first part: 200 questions from 50 private chats at once, put to the real bot through a stand-in
for Telegram.

Prints one line: what was answered, in which order, and p50 and p95 of the seconds from the moment at which Telegram
has a question to that at which it has the answer, all questions waiting from the first moment on.
"""

import sys
import time

import numpy as np

from benchmarks.telegram.over import SAMPLES, bot_over
from tests.telegram.fake import FakeTelegram, Sent
from tests.telegram.people import Person

CHATS, QUESTIONS = 50, 4
_ASKED = ("左云县有多少网格员", "青禾县专职网格员平均年龄多大", "岚谷县长者食堂的午餐多少钱", "云溪县有多少个网格")


def ask_all(fake: FakeTelegram, people: list[Person]) -> list[tuple[Person, list[int]]]:
    """All questions at once, interleaved; the ids of each person's messages in order."""
    turns = [[person.say(_ASKED[n % len(_ASKED)]) for person in people] for n in range(QUESTIONS)]
    total = CHATS * QUESTIONS
    fake.wait(lambda: len(fake.sent) >= total, 300)
    return [(person, [turn[place] for turn in turns]) for place, person in enumerate(people)]


def in_order(asked: list[tuple[Person, list[int]]]) -> bool:
    """Whether everybody was answered once for each question, in the order of asking."""
    return all([message.reply_to for message in person.received()] == numbers for person, numbers in asked)


def main() -> None:
    """Index the samples, start both sides, ask, and say what was seen."""
    with bot_over(SAMPLES, _ASKED[0]) as fake:
        began = time.monotonic()
        asked = ask_all(fake, [Person(fake, 1000 + n) for n in range(CHATS)])
        time.sleep(1)  # for whatever might come twice
    seconds = [message.at - began for message in fake.sent]
    p50, p95 = np.percentile(seconds, [50, 95])
    order = "in order in each chat, each once" if in_order(asked) else "NOT in order, or not each once"
    answered = sum(_is_answer(message) for message in fake.sent)
    sys.stdout.write(
        f"{CHATS * QUESTIONS} questions from {CHATS} chats at once: {answered} answered, {order}; "
        f"p50 {p50:.2f} s, p95 {p95:.2f} s, {answered / max(seconds):.0f} questions/s\n"
    )
    if answered != CHATS * QUESTIONS or not in_order(asked) or fake.complaints:
        raise SystemExit(1)


def _is_answer(sent: Sent) -> bool:
    return bool(sent.body.of("blockquote")) and sent.reply_to is not None


if __name__ == "__main__":
    main()
