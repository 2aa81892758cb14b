"""Sentences in their documents, made by hand, and what the checks say of them."""

import datetime
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from retrieval.answering.checks.objections import Checks
from retrieval.answering.checks.setting import Setting
from retrieval.readings import Objection
from retrieval.types import StoredPassage
from tests.support.hits import asking, hit, stored


def passage(
    *sentences: str,
    title: str = "通报",
    section: str | None = None,
    place: str | None = None,
    date: str | None = None,
    folder: str = "docs",
    file: str = "a.txt",
    levels: Sequence[int] = (),
) -> StoredPassage:
    """A passage of these sentences in /folder/file; `levels` are above 0 for headings."""
    made = stored(sentences, title=title, section=section, place=place, date=date, levels=levels)
    return replace(made, document=replace(made.document, path=Path("/", folder, file)))


def setting(passage: StoredPassage, number: int = -1, rest: str = "") -> Setting:
    """Where sentence `number` stands, the last one unless told; `rest` is the document's text beside the passage."""
    return Setting(passage, number % len(passage.sentences), lambda: f"{rest}\n{passage.text}")


def objection(
    question: str,
    passage: StoredPassage,
    number: int = -1,
    rest: str = "",
    known: str = "",
    today: datetime.date | None = None,
) -> Objection | None:
    """What the checks object to a sentence as the answer; `known` is the title of another document that was found."""
    asked = asking(question)
    found = [passage, stored(["。"], title=known, document_id="known")] if known else [passage]
    hits = [hit(asked, [], [0.9] * len(each.sentences), passage=each) for each in found]
    return Checks.of(asked, hits, today).objection(setting(passage, number, rest))
