"""`python -m benchmarks.milvus.server FILE`: milvus-lite behind a counter, in a process of its own, so that what it
costs is not taken for work of who asks.

Its address stands in the first line that it writes. For each line that it reads it writes what came since the one
before, as JSON: calls, and bytes asked and answered. It ends with its input."""

import json
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

from milvus_lite.server_manager import server_manager_instance

from tests.index.proxy import Proxy


class Counted(Proxy):
    """Passes all on."""

    def __init__(self, target: str) -> None:
        super().__init__(target, 1e-9, seed=7)
        self.counts: Counter[str] = Counter()

    def _pass_on(self, call: Callable[..., bytes], request: bytes, context: Any, given: tuple[Any, ...]) -> bytes:
        answer = super()._pass_on(call, request, context, given)
        self.counts.update({"calls": 1, "asked": len(request), "answered": len(answer)})
        return answer


def main() -> None:
    with Counted(str(server_manager_instance.start_and_get_uri(sys.argv[1]))).running() as server:
        sys.stdout.write(f"{server.address}\n")
        sys.stdout.flush()
        for _ in sys.stdin:
            sys.stdout.write(f"{json.dumps(server.counts)}\n")
            sys.stdout.flush()
            server.counts.clear()


if __name__ == "__main__":
    main()
