"""What is typed and asks nothing: a bare noun (网格员), or a sentence in pinyin, which nothing here can read."""

import re

from retrieval.query.asked.office import OFFICES
from retrieval.query.followup.slots import names_attribute
from retrieval.query.question import Question
from retrieval.text.fold import fold
from retrieval.text.places import asked_names
from retrieval.text.sounds import is_pinyin
from retrieval.text.tokens import tokenize
from retrieval.text.words import words

_MARKS = "?？。.!！ 　"
_ENDING = "zg"
"""The tag of what ends a noun that no dictionary has: 员 of 网格员."""
_HAN = re.compile(r"[\u3400-\u9fff]{2,10}")
_OFFICE = re.compile(rf"(?:{OFFICES})$")
_WORD = re.compile("[a-z\u00c0-\u024f\u0370-\u052f'’-]+")
"""In a script that sets its words apart: in others (Thai) a whole question has no space in it."""
_NUMBER = re.compile("[数率]量?$")


def asks_nothing(question: Question) -> bool:
    """Whether any sentence of the matter would be as good an answer as any other. What asks by its last word does
    ask (值班电话, 水利局局长), and several words (水泵保修期限) may."""
    said = fold(question.wording).strip(_MARKS)
    if question.is_foreign:
        is_read = all(token in question.terms.weights for token in tokenize(said))
        is_word = _WORD.fullmatch(said) is not None
        return is_word or (is_pinyin(said) and not is_read)
    if not _HAN.fullmatch(said) or question.named or question.asked.kinds or asked_names(said) not in ([], [said]):
        return False
    if _OFFICE.search(said) or _NUMBER.search(said) or names_attribute(said):
        return False
    return len([word for word in words(said) if word.tag != _ENDING]) == 1
