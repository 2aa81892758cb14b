"""In which partition a passage lies: documents are divided by the folder of `access.collections` that holds them.

The number of that collection is a part of each version's number, and so of each passage's key: who names keys names
the partitions, and nothing need be looked up. It decides where Milvus searches, and never who sees what: a document
that was indexed when other folders were named is found all the same, and a partition more is searched.
"""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

_BITS = 12
"""Of a version's number. Two folders may share a collection; then both are searched for each."""
_LAST = (1 << _BITS) - 1
_ORDINAL_BITS = 20
"""Of a passage's key, for its place in its document."""


def collection_of(path: Path, folders: Iterable[Path]) -> int:
    """Of the document with this path: the number of the innermost folder around it, 0 where there is none."""
    around = [folder for folder in folders if folder in path.parents]
    if not around:
        return 0
    innermost = max(around, key=lambda folder: len(folder.parts))
    digest = hashlib.blake2b(os.fsencode(innermost), digest_size=8).digest()
    return int.from_bytes(digest, "little") % _LAST + 1


def numbered(version: int, collection: int) -> int:
    """The number of a version. Later versions have greater ones, in whichever collection."""
    return version << _BITS | collection


def key_of(number: int, ordinal: int) -> int:
    """The key of a passage of the version with this number."""
    return number << _ORDINAL_BITS | ordinal


def number_of(key: int) -> int:
    """The number of the version to which this passage belongs."""
    return key >> _ORDINAL_BITS


def collection_in(number: int) -> int:
    """The collection of the version with this number."""
    return number & _LAST
