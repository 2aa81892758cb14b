"""Why an answer is what it is: a code with its values, and no sentence. `bot/wording.py` words it for people."""

from dataclasses import dataclass
from typing import Literal

from config.language import Language

ReasonCode = Literal[
    "only_related",  # there are passages, but none states the answer
    "term_over",  # what answers held until `day`
    "no_answer",
    "figures_differ",  # good passages give different figures for the same thing
    "amended",  # the rule that is quoted was changed by `title`
    "repealed",  # it was ended by it
    "lapsed",  # it was said by it to be in force no longer
    "names_missing",  # none of `documents` mentions `names`
    "no_question",  # a greeting, a wish: nothing that documents answer; `title` is an example of what they hold
    "goes_on",  # a follow-up, with nothing before it
    "which_paper",  # something is asked of a paper that is not named
    "none_in_time",  # none of `documents` is of the time that was asked, `since` to `until`; `undated` have no date
    # Questions about the library itself: `documents` of them, of which `shown` are cited.
    "documents_held",
    "documents_titled",  # by `topic`, of the `kind` (通知) where that is asked
    "documents_telling",  # no title names the `topic`, but the text of so many does
    "documents_telling_at_least",
    "documents_latest",
    "documents_added",  # to the library, `since` to `until`
    "documents_issued",  # dated `since` to `until`, by `names`, of the kind `topic`: what is asked of these
    "none_issued",  # there are none such, and the passages that are near do not answer
    "document_dated",  # `title` is of `day`
    "document_of_year",  # it is of the year `day` by its number, `names`, and bears no date
    "document_undated",
    "document_issued",  # `title` by `names`
    "document_numbered",  # `title` bears `names`
    "document_repealed",  # `title` was ended by `names`
    "document_lapsed",
    "document_amended",
    "not_repealed",  # nothing was found that ends `title`
    # Given by the doors (`bot/message.py`), for what asks nothing of documents.
    "said_thanks",
    "said_hello",
    "said_bye",
    "said_agreed",
    "said_wrong",  # of the answer before
    "said_new",  # what comes next stands by itself
    "said_person",  # that somebody answers, and no program
    "said_help",  # how this is used
    "of_last",  # speaks of the answer before; `topic`: again, more (passages) or why
]


_TOLD_OF_PAPER = (
    *("document_dated", "document_of_year", "document_undated", "document_issued", "document_numbered"),
    *("document_repealed", "document_lapsed", "document_amended", "not_repealed"),
)
_BECAME = ("amended", "repealed", "lapsed")
_TOLD_EXACTLY = (
    *("documents_held", "documents_titled", "documents_telling", "documents_telling_at_least"),
    *("documents_latest", "documents_added", "documents_issued", "document_dated", "document_of_year"),
)


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """A document in a list, with the day on which it was added where that is asked."""

    title: str
    day: str | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Which values are given depends on the code. `language` is that of the question as it was understood; days are
    YYYY-MM-DD, or a year where no more is known. `listed` is empty where the titles are quoted."""

    code: ReasonCode
    language: Language
    names: tuple[str, ...] = ()
    documents: int | None = None
    undated: int | None = None
    shown: int | None = None
    topic: str | None = None
    kind: str | None = None
    title: str | None = None
    day: str | None = None
    since: str | None = None
    until: str | None = None
    listed: tuple[ListedDocument, ...] = ()

    @property
    def is_told_exactly(self) -> bool:
        """Whether it says itself what was asked of the library: how many documents, which, of what day."""
        return self.code in _TOLD_EXACTLY

    @property
    def is_told_of_paper(self) -> bool:
        """Whether it tells of the paper of that `title`."""
        return self.code in _TOLD_OF_PAPER

    @property
    def is_of_paper(self) -> bool:
        """Whether it tells of one paper, which a follow-up may mean."""
        return self.is_told_of_paper or self.code in _BECAME
