"""What evidence is made of: features of a passage and of each of its sentences, by name. Fitted coefficients weigh
them (`ranking.evidence`)."""

from typing import NamedTuple


class Closeness(NamedTuple):
    """How near a passage is to the question, each min-max over the candidates."""

    dense: float
    """The passage's cosine."""
    lexical: float
    """BM25."""
    best: float
    """The cosine of the passage's best sentence."""


class SentenceFeatures(NamedTuple):
    """Shares are of the question's weight, in [0, 1]; what is yes or no is 1 or 0."""

    cosine: float
    """Of the sentence to the question."""
    cosine_before: float
    """Of the sentence before it."""
    overlap: float
    """Share of the question that the sentence holds."""
    known: float
    """Share that title, section and place hold beside it."""
    around: float
    """Share that only its neighbours hold."""
    subject: float
    """Share of the question's places and names that the sentence holds."""
    subject_known: float
    """… that title, section, place or what stands before it hold."""
    body: float
    """Share of all other words that the sentence holds."""
    body_known: float
    body_around: float
    kind: float
    """Whether it holds the kind of thing that is asked for."""
    unit: float
    """Whether it holds a figure, place or date of the very sort."""
    focus: float
    """Share that it holds of what the asking word stands beside: 多少[党员], [县长]是谁."""
    other_place: float
    """Whether it speaks of another place than the question."""
    heading: float
    """Whether it is a title or heading."""
    open: float
    """Whether it ends without a full stop: titles, captions, pieces."""
    dense: float
    """`Closeness` of its passage."""
    lexical: float
    best: float
