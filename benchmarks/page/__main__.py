"""`make bench-page`: the page of `wenju serve` over the samples in a real Chromium, the models warm.

Each of the sample questions is typed, and the time is taken from the key to the answer on the page. A page is opened
anew for each, as for somebody who comes and asks. What it weighs are the bytes of all that came for it, uncompressed,
before somebody asked.
"""

import json
import sys
import time
from typing import TYPE_CHECKING

import numpy as np

from retrieval.query.message.said import what_is_said
from tests.web.browsing import Visit, browser, lacking
from tests.web.demo import samples_served
from tests.web.running import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Response

WANTED_SECONDS, WANTED_BYTES = 1.0, 150_000
"""At most: from the key to the answer (p95), and of the page in all."""


def answered_after(chromium: "Browser", place: str, question: str) -> tuple[float, int]:
    """Seconds from the key to the answer, and bytes of the page."""
    page = chromium.new_page(locale="zh-CN")
    came = list["Response"]()
    page.on("response", lambda response: came.append(response))
    try:
        page.goto(f"http://{place}/", wait_until="networkidle")
        weight, visit = sum(len(response.body()) for response in came), Visit(page)
        began = time.perf_counter()
        visit.ask(question)
        return time.perf_counter() - began, weight
    finally:
        page.close()


def main() -> None:
    """Ask all, say what was seen, and fail where it is more than what is wanted."""
    if (reason := lacking()) is not None:
        raise SystemExit(reason)
    lines = (ROOT / "data" / "questions.jsonl").read_text("utf-8").splitlines()
    asked = [json.loads(line)["question"] for line in lines]
    questions = [question for question in asked if what_is_said(question) is None]  # thanks are met without an answer
    with samples_served() as server, browser() as chromium:
        answered_after(chromium, server.place, questions[0])  # Chromium is warm too
        seen = [answered_after(chromium, server.place, question) for question in questions]
    p50, p95 = np.percentile([seconds for seconds, _ in seen], [50, 95])
    weight = max(weight for _, weight in seen)
    sys.stdout.write(
        f"{len(questions)} questions: from the key to the answer p50 {p50:.2f} s, p95 {p95:.2f} s; "
        f"the page weighs {weight / 1000:.0f} kB\n"
    )
    if p95 > WANTED_SECONDS or weight > WANTED_BYTES:
        raise SystemExit(f"more than {WANTED_SECONDS:.0f} s or {WANTED_BYTES // 1000} kB")


if __name__ == "__main__":
    main()
