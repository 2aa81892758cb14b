"""What Milvus is asked for, in its language of expressions."""

from collections.abc import Collection, Iterable, Iterator

from retrieval.index.milvus.partitions import collection_in, number_of

BATCH = 1_000
"""Values in one expression, and rows of one call at most."""


def one_of(values: Iterable[object]) -> str:
    """The values (whole numbers, or names without quotation marks) as a list in an expression."""
    return "[" + ", ".join(f'"{value}"' if isinstance(value, str) else str(value) for value in values) + "]"


def in_batches(field: str, values: Iterable[object], also: str) -> Iterator[str]:
    """Expressions that hold together where the field is one of the values, and `also` holds."""
    wanted = list(dict.fromkeys(values))
    for start in range(0, len(wanted), BATCH):
        yield f"{field} in {one_of(wanted[start : start + BATCH])}{also}"


def among(keys: Collection[int] | None) -> str:
    """That holds for passages with one of the keys, which are looked for in their partitions alone; for all of them
    where there is None."""
    if keys is None:
        return ""
    collections = sorted({collection_in(number_of(key)) for key in keys})
    return f"collection in {one_of(collections)} and key in {one_of(keys)}"
