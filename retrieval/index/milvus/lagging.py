"""Searches that need not see what was written in the last seconds, over documents that are read as they are."""

from collections.abc import Callable, Collection, Iterable

from retrieval.index.milvus.partitions import number_of


def there_now(
    find: Callable[[bool], list[int]], there: Callable[[Iterable[int]], Collection[int]], *, may_lag: bool
) -> list[int]:
    """The keys that `find` gives of passages whose version is `there`; it is told whether it may lag behind.

    One that lags may show a version that was replaced and not yet the next. That document would be missing, neither
    as it was nor as it is: then it is looked for anew, as of now.
    """
    if may_lag:
        keys = find(True)
        numbers = {*map(number_of, keys)}
        if numbers <= {*there(numbers)}:
            return keys
    keys = find(False)
    versions = there(map(number_of, keys))
    return [key for key in keys if number_of(key) in versions]
