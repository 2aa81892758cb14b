"""What Prometheus may read of the page and the API: counts and durations, nothing of whom or what."""

from collections.abc import Callable

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

MEDIA_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class WebMetrics:
    """The figures of one server."""

    def __init__(self, waiting: Callable[[], float]) -> None:
        self._registry = CollectorRegistry()
        self.requests = Counter(
            "wenju_web_requests", "Calls, by what was called and the status", ["route", "status"],
            registry=self._registry,
        )  # fmt: skip
        self.answers = Counter("wenju_web_answers", "Answers, by outcome", ["status"], registry=self._registry)
        self.seconds = Histogram(
            "wenju_web_answer_seconds", "From a question's arrival to its answer", buckets=_SECONDS,
            registry=self._registry,
        )  # fmt: skip
        self.feedback = Counter("wenju_web_feedback", "Verdicts, by rating", ["rating"], registry=self._registry)
        self.files = Counter("wenju_web_files", "Files sent, by outcome", ["outcome"], registry=self._registry)
        gauge = Gauge("wenju_web_waiting", "Questions waiting for the model", registry=self._registry)
        gauge.set_function(waiting)

    def text(self) -> bytes:
        return generate_latest(self._registry)
