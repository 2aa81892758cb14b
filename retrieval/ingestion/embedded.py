"""The vectors of texts, some at a time, so that who waits hears of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from retrieval.embedding.base import Embedder, Vectors

_STEP_CHARACTERS = 60_000
"""Characters embedded between two reports of progress: about three seconds' work on two cores. At the end of each one
core waits for the other."""


def embed(
    texts: Mapping[bytes, str], embedder: Callable[[], Embedder], tell: Callable[[int], None]
) -> dict[bytes, Vectors]:
    """The unit vector of each text by its key, float32 of shape (dimension,); those of like length are embedded
    together. `tell` is told how many there are so far."""
    vectors = dict[bytes, Vectors]()
    for step in _steps(sorted(texts, key=lambda key: -len(texts[key])), texts):
        vectors.update(zip(step, embedder().embed_passages([texts[key] for key in step]), strict=True))
        tell(len(vectors))
    return vectors


def _steps(keys: Sequence[bytes], texts: Mapping[bytes, str]) -> Iterator[list[bytes]]:
    step, characters = list[bytes](), 0
    for key in keys:
        step.append(key)
        characters += len(texts[key])
        if characters >= _STEP_CHARACTERS:
            yield step
            step, characters = [], 0
    if step:
        yield step
