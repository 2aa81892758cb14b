"""What a question is about, without the words that only make it a question."""

import re

from retrieval.text.lexicon import COUNTED, ENGLISH, MANY, OF_TIME, USUAL_SIZES, without
from retrieval.text.tokens import tokenize

# Words that make a sentence a question: the answer does not repeat them, so they say nothing about a passage. Fewer
# than the lexicon has (no 多重, 几点, 几支): the weights of evidence were fitted with these.
_INTERROGATIVE = re.compile(
    rf"{MANY}|多[{without(USUAL_SIZES, '重')}]|为什么|为何|什么时候|什么|怎么样|怎样|怎么|如何|"
    rf"几[{without(COUNTED, '支')}人岁{OF_TIME}]|是谁|谁|哪[里儿些个位年天]|哪|"
    r"请问|一共|总共|分别|有没有|是不是|叫啥|啥|"
    r"[吗呢吧啊呀了的是有在和与共都被把？?。，,！!]|"
    rf"\b(?:{ENGLISH}|many|much|is|are|was|were|do|does|did|there|the|a|an|of|"
    r"in|on|at|for|to|and|or|by|with|please|tell|me)\b",
    re.IGNORECASE,
)


def content_part(question: str) -> str:
    """What the question is about, without the words that only make it a question."""
    return _INTERROGATIVE.sub(" ", question)


def content_tokens(question: str) -> list[str]:
    """Tokens of what the question is about."""
    return tokenize(content_part(question)) or tokenize(question)
