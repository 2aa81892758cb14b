"""A question as it was typed, and what it asks when what is said around it is off and what it leaves out is in."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from retrieval.query.followup.completion import complete
from retrieval.query.followup.thread import split
from retrieval.query.library.force import asks_which
from retrieval.query.message.checked import checked_question
from retrieval.query.message.courtesy import is_courtesy
from retrieval.query.message.dependent import goes_on
from retrieval.query.message.wrapping import unwrapped
from retrieval.query.question_text import QuestionText
from retrieval.text.fold import fold
from retrieval.types import Answer


@dataclass(frozen=True)
class TypedQuestion(QuestionText):
    """`core` is what it asks; `completed` the same where something was put in, from the question before or from a
    story that it tells; `is_first` where no question was before it."""

    core: QuestionText
    completed: QuestionText | None
    is_first: bool

    @classmethod
    def of(cls, wording: str, after: str | None) -> "TypedQuestion":
        """`after` is what the answer before gave as its `thread`, or the question before. Raises QuestionError."""
        asked = unwrapped(checked_question(wording))
        before, named = split(after)
        completed = complete(asked.text, unwrapped(before).text if before else None, named)
        if completed is None and asked.is_completed:
            completed = asked.text
        if completed is None:
            return cls(wording, QuestionText(asked.text), None, before is None)
        return cls(wording, QuestionText(checked_question(completed)), QuestionText(completed), before is None)

    @property
    def asks_nothing(self) -> bool:
        """Whether it is said to Wenju itself."""
        return not self.core.wording or (self.completed is None and is_courtesy(self.core.wording))

    @property
    def only_goes_on(self) -> bool:
        """Whether it asks nothing without a question before, and there was none."""
        return self.is_first and goes_on(self.wording)

    def asks_which_paper(self, of_several: Callable[[], bool]) -> bool:
        """Whether it asks of a paper and does not say of which; `of_several` is asked only where that decides."""
        return self.completed is None and asks_which(fold(self.core.wording), of_several)

    def answered_by(self, answer: Answer, understood: QuestionText | None, named: str | None) -> Answer:
        """The answer as it is given to who typed this: with what was `understood` by it, where that says more, and
        whom or what it names."""
        understood_as = None if understood is None else understood.wording
        return replace(answer, question=self.wording, understood=understood_as, named=named)
