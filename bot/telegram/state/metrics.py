"""What Prometheus may read, on loopback alone: counts and durations, nothing of whom or what."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server

from retrieval.errors import WenjuError

_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class TelegramMetrics:
    """The figures of one bot."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.answers = Counter("wenju_answers", "Questions answered, by outcome", ["status"], registry=self._registry)
        self.turned_away = Counter(
            "wenju_turned_away", "Questions not taken, by reason", ["reason"], registry=self._registry
        )
        self.seconds = Histogram(
            "wenju_answer_seconds", "From a question's turn to its answer", buckets=_SECONDS, registry=self._registry
        )
        self.errors = Counter("wenju_errors", "Updates that failed, by error", ["kind"], registry=self._registry)
        self.feedback = Counter("wenju_feedback", "Verdicts, by rating", ["rating"], registry=self._registry)
        self.files = Counter(
            "wenju_files", "Files sent by administrators, by outcome", ["outcome"], registry=self._registry
        )
        self._waiting = Gauge("wenju_waiting", "Questions waiting for the model", registry=self._registry)

    def serve(self, port: int, waiting: Callable[[], float]) -> Callable[[], None]:
        """Serve them on 127.0.0.1; what ends that. Raises WenjuError."""
        self._waiting.set_function(waiting)
        try:
            server, thread = start_http_server(port, addr="127.0.0.1", registry=self._registry)
        except OSError as error:
            raise WenjuError(
                f"No figures can be served on 127.0.0.1:{port} ({error.strerror}). Set telegram.metrics_port to a "
                "port that is free, or to 0 for none."
            ) from error

        def stop() -> None:
            server.shutdown()
            server.server_close()
            thread.join()

        return stop
