"""Stands between a client and a Milvus, and does to calls what networks do: some never arrive, of some the answer is
lost, some come late, and some arrive twice."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Literal

import grpc

Fate = Literal["sound", "dropped", "lost", "late", "repeated"]
_LATE_SECONDS = 0.1
_MANY = [("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1)]
_PINGED = [("grpc.http2.min_recv_ping_interval_without_data_ms", 1_000), ("grpc.keepalive_permit_without_calls", 1)]
"""pymilvus asks every ten seconds whether the line is open, and Milvus lets it."""


class Proxy(grpc.GenericRpcHandler):  # type: ignore[misc]
    """At `address`, for as long as it runs. `fates` counts what became of calls."""

    def __init__(self, target: str, share: float, seed: int) -> None:
        """To each of the fates a call comes with this share."""
        self._channel = grpc.insecure_channel(target.removeprefix("http://"), options=_MANY)
        self._share, self._random, self._lock = share, random.Random(seed), threading.Lock()
        self.fates: Counter[Fate] = Counter()
        self.address = ""

    def service(self, handler_call_details: Any) -> Any:
        call = self._channel.unary_unary(handler_call_details.method)
        given = tuple(handler_call_details.invocation_metadata)
        return grpc.unary_unary_rpc_method_handler(
            lambda request, context: self._pass_on(call, request, context, given)
        )

    def _pass_on(self, call: Callable[..., bytes], request: bytes, context: Any, given: tuple[Any, ...]) -> bytes:
        fate = self._fate()
        if fate == "dropped":
            context.abort(grpc.StatusCode.UNAVAILABLE, "the proxy dropped the call")
        if fate == "late":
            time.sleep(_LATE_SECONDS)
        metadata = [(key, value) for key, value in given if key != "user-agent"]
        answer = b""
        for _ in range(2 if fate == "repeated" else 1):
            answer = call(request, metadata=metadata, timeout=60)
        if fate == "lost":
            context.abort(grpc.StatusCode.UNAVAILABLE, "the proxy lost the answer")
        return answer

    def _fate(self) -> Fate:
        with self._lock:
            fates: list[Fate] = ["dropped", "lost", "late", "repeated"]
            drawn = int(self._random.random() / self._share)
            fate: Fate = fates[drawn] if drawn < len(fates) else "sound"
            self.fates[fate] += 1
        return fate

    @contextmanager
    def running(self, secure: grpc.ServerCredentials | None = None) -> Iterator["Proxy"]:
        """With `secure`, over TLS."""
        server = grpc.server(ThreadPoolExecutor(8), handlers=[self], options=[*_MANY, *_PINGED])
        if secure is None:
            self.address = f"http://127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
        else:
            self.address = f"https://127.0.0.1:{server.add_secure_port('127.0.0.1:0', secure)}"
        server.start()
        try:
            yield self
        finally:
            server.stop(1).wait()
            self._channel.close()
