"""Counts and times of model calls in the Prometheus form."""

from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Histogram

from support_copilot.backends.llm.port import Completion, Task

_FIRST_TOKEN_S = (0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 20, 30, 60)
_WHOLE_S = (0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 13, 21, 34, 60, 120)


class ModelMetrics:
    """The metrics of one opened ``LanguageModel``."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.calls = Counter(
            "llm_calls", "Model calls ended, by task and outcome.", ["task", "outcome"], registry=registry
        )
        self.first_token_s = Histogram(
            "llm_first_token_seconds", "Time to the first words, waiting and failed attempts included.", ["task"],
            buckets=_FIRST_TOKEN_S, registry=registry,
        )  # fmt: skip
        self.whole_s = Histogram(
            "llm_duration_seconds", "Time to the end of the answer.", ["task", "provider"], buckets=_WHOLE_S,
            registry=registry,
        )  # fmt: skip
        self.tokens = Counter("llm_tokens", "Tokens read and written.", ["task", "provider", "kind"], registry=registry)
        self.cost_usd = Counter("llm_cost_usd", "Cost in dollars.", ["task", "provider"], registry=registry)

    def call(self, task: Task) -> "MeasuredCall":
        return MeasuredCall(self, task)


@dataclass(frozen=True, slots=True)
class MeasuredCall:
    """One call on its way."""

    metrics: ModelMetrics
    task: Task

    def first_token(self, seconds: float) -> None:
        self.metrics.first_token_s.labels(self.task).observe(seconds)

    def failed(self, code: str) -> None:
        self.metrics.calls.labels(self.task, code).inc()

    def done(self, completion: Completion) -> None:
        usage, provider = completion.usage, completion.provider
        self.metrics.calls.labels(self.task, "ok").inc()
        self.metrics.whole_s.labels(self.task, provider).observe(completion.duration_ms / 1000)
        fresh = usage.input_tokens - usage.cached_input_tokens
        kinds = {"input": fresh, "cached_input": usage.cached_input_tokens, "output": usage.output_tokens}
        for kind, count in kinds.items():
            self.metrics.tokens.labels(self.task, provider, kind).inc(count)
        self.metrics.cost_usd.labels(self.task, provider).inc(usage.cost_usd)
