"""What a monitoring system reads at /metrics (Prometheus)."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, generate_latest

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 1.0, 2.0, 5.0, 10.0, 30.0)


class Metrics:
    """Counters of one service. Labels hold names of ours alone: no text of a question, no path as it was typed."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.answers = self._counter("sequitur_answers", "Answers given, by outcome.", "outcome")
        self.answer_seconds = self._histogram("sequitur_answer_seconds", "From the queue's end to the whole answer.")
        self.stage_seconds = self._histogram("sequitur_stage_seconds", "How long a stage of answering took.", "stage")
        self.requests = self._counter("sequitur_requests", "Requests served.", "method", "route", "status")
        self.request_seconds = self._histogram("sequitur_request_seconds", "How long a request took.", "route")
        self.refused = self._counter("sequitur_refused", "Requests refused under load or by limits.", "reason")
        self.queue = Gauge("sequitur_queue", "Questions that wait or are being answered.", registry=self._registry)
        self.snapshot = Info("sequitur_snapshot", "The snapshot that is answered from.", registry=self._registry)

    def text(self) -> bytes:
        """Everything, in the exposition format."""
        return generate_latest(self._registry)

    def _counter(self, name: str, told: str, *labels: str) -> Counter:
        return Counter(name, told, labels, registry=self._registry)

    def _histogram(self, name: str, told: str, *labels: str) -> Histogram:
        return Histogram(name, told, labels, registry=self._registry, buckets=_SECONDS)
