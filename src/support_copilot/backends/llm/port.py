"""The need: words of ours and of customers in, words of a model out.

A caller names a task and gives messages; which model answers, how often it is asked and what it may cost is set in
the settings. Every failure is a ``ModelError``, so a caller writes one ``except`` and lets the offline engine answer.
"""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Generic, Literal, Protocol, TypeVar, get_args

from pydantic import BaseModel

#: What a model is asked for. Settings, budgets and figures go by these names.
Task = Literal[
    "reply", "rewrite", "question", "macro", "missing", "next_action", "summary", "article", "sentiment",
    "classification", "probe",
]  # fmt: skip
TASKS: tuple[Task, ...] = get_args(Task)

Role = Literal["system", "user", "assistant"]
#: ``stop``: the model was done. ``length``: cut at ``max_tokens``. ``filtered``: the provider withheld words.
Finish = Literal["stop", "length", "filtered"]
Answer = TypeVar("Answer", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Message:
    """One turn. ``trusted`` says that we wrote every word of it; words of anybody else are data, never orders.

    Raises:
        ValueError: a system message that is not trusted. Whoever writes there commands the model.
    """

    role: Role
    text: str
    trusted: bool = False

    def __post_init__(self) -> None:
        if self.role == "system" and not self.trusted:
            raise ValueError("a system message holds only words of ours")


@dataclass(frozen=True, slots=True)
class ModelCall:
    """What to ask. What stays the same from call to call comes first, so that providers can reuse it.

    Args:
        user: who asks (an id), for the budget and the figures; None for work in the background.
        max_tokens: longest answer; None for what the settings give the task.
        temperature: 0 (the same words each time) to 2; None likewise.
        stop: texts at which the model ends; at most 4.
    """

    task: Task
    messages: tuple[Message, ...]
    user: str | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one answer, with its repair where there was one.

    ``cached_input_tokens`` are those of ``input_tokens`` that the provider had read before. ``estimated`` says that
    the provider did not count. ``cost_usd`` is 0 where no price is set.
    """

    input_tokens: int
    output_tokens: int
    cached_input_tokens: int = 0
    cost_usd: float = 0.0
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Completion:
    """A finished answer.

    ``provider`` is the name in the settings; ``model`` is what the provider says answered. ``first_token_ms`` counts
    from the call, waiting and failed attempts included.
    """

    text: str
    finish: Finish
    usage: Usage
    provider: str
    model: str
    first_token_ms: float
    duration_ms: float


@dataclass(frozen=True, slots=True)
class Structured(Generic[Answer]):
    """A checked value, and the completion it was read from (figures of a repair included)."""

    value: Answer
    completion: Completion


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """The model that a task would reach first: ``context_tokens`` is how much it reads and writes in all."""

    provider: str
    model: str
    context_tokens: int
    max_tokens: int


@dataclass(frozen=True, slots=True)
class Limits:
    """What calls may cost a day (UTC), in US dollars; None where nothing is set."""

    daily_usd: Decimal | None = None
    daily_usd_per_user: Decimal | None = None
    daily_usd_by_task: Mapping[Task, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProviderInfo:
    """A provider in use. ``failing`` says that it failed too often of late and is left alone by this process.

    ``retry_in_s`` is how long yet; 0 where the next call tries whether it is back. ``address`` is where it is reached,
    None where its SDK knows it by ``region``.
    """

    name: str
    kind: str
    model: str
    failing: bool = False
    retry_in_s: float = 0.0
    address: str | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class ProviderState:
    """How a provider answered when it was asked for a word: ``problem`` and ``code`` are None when it did."""

    provider: str
    model: str
    first_token_ms: float
    problem: str | None = None
    code: str | None = None


class TextStream(AbstractContextManager["TextStream", None], Protocol):
    """An answer on its way: iterate over its pieces (``for`` in a thread, ``async for`` on any event loop).

    Leaving the ``with`` block before the end closes the connection to the provider. Pieces join to the whole text;
    none is empty. A ``ModelError`` may come at any piece; the text so far stays valid.
    """

    def __iter__(self) -> Iterator[str]: ...

    def __aiter__(self) -> AsyncIterator[str]: ...

    @property
    def completion(self) -> Completion:
        """The finished answer, once the last piece has been read.

        Raises:
            ValueError: it is not finished.
        """

    def close(self) -> None:
        """Stop the provider at once; from any thread, any number of times; never waits."""


class LanguageModel(Protocol):
    """The models that the settings name. All calls are safe from several threads."""

    def complete(self, call: ModelCall) -> Completion:
        """The whole answer; blocks this thread.

        Raises:
            ModelError: no model answered.
        """

    def structured(self, call: ModelCall, answer: type[Answer]) -> Structured[Answer]:
        """An answer of the given shape, repaired by the model once where it was not; blocks this thread.

        Raises:
            InvalidAnswerError: not of this shape, even after one repair.
            ModelError: no model answered.
        """

    def stream(self, call: ModelCall) -> TextStream:
        """The answer as it is written; returns at once."""

    def describe(self, task: Task) -> ModelInfo | None:
        """The first model of this task's chain, None where no model is set."""

    def chain_of(self, task: Task) -> tuple[str, ...]:
        """The names of the providers that a task asks, in order; none where no model is set."""

    def providers(self) -> list[ProviderInfo]:
        """All providers in use, and how they did of late; asks none."""

    def is_paused(self) -> bool:
        """Whether an admin has paused all models, in whatever process.

        Raises:
            ModelError: nobody can say at the moment.
        """

    def limits(self) -> Limits:
        """What the settings allow to be spent; a call that could cost more is not made."""

    def prepare(self) -> None:
        """Load in the background what the first call would wait for, seconds of it; asks nobody, returns at once."""

    def examine(self, provider: str, user: str | None = None) -> ProviderState:
        """Ask a provider for one word, which costs a little; blocks this thread.

        Args:
            provider: one of ``providers``.
            user: who asks, for the budget.

        Raises:
            GivenUpError: nobody waits for the answer any more.
        """

    def ping(self) -> None:
        """Return when a provider is set and not known to fail; asks none, since that would cost money.

        Raises:
            ModelError: each provider failed of late. Nothing is raised where no model is wanted.
        """

    def close(self) -> None:
        """Stop what is running and give back connections; a second call does nothing."""
