"""What can go wrong with a model, as sentences; the class says what the wrappers do about it."""

from dataclasses import dataclass
from typing import ClassVar

from support_copilot.backends.llm.port import Usage
from support_copilot.kit.errors import UnavailableError


@dataclass(frozen=True, slots=True)
class Spent:
    """What was paid for without an answer that could be used. ``text`` is as much as came; milliseconds."""

    text: str
    usage: Usage
    provider: str
    model: str
    first_token_ms: float | None = None


class ModelError(UnavailableError):
    """No model answered. Callers catch this one and let the offline engine answer.

    ``retryable``: the same provider may answer in a moment. ``falls_back``: the next provider of the chain is asked.
    ``is_outage``: speaks against the provider, so that a series of them opens its circuit. ``may_cost``: the provider
    may have worked, and counted, before it failed.
    """

    code, title = "model_unavailable", "The language model does not answer at the moment"
    retryable: ClassVar[bool] = True
    falls_back: ClassVar[bool] = True
    is_outage: ClassVar[bool] = True
    may_cost: ClassVar[bool] = False
    #: Filled in where the provider had worked before it failed.
    spent: Spent | None = None


class NoModelError(ModelError):
    code, title = "model_not_set", "No language model is set; the offline engine answers"
    retryable = falls_back = is_outage = False


class ModelTimeoutError(ModelError):
    """Nothing came in time. Asking again would double the wait, so the next provider is asked instead."""

    code, title = "model_timeout", "The language model did not answer in time"
    retryable = False
    may_cost = True


class ModelUnreachableError(ModelError):
    """No connection in time. The wait was long enough once."""

    code, title = "model_unreachable", "The language model's server cannot be reached"
    retryable = False


class ModelBusyError(ModelError):
    """The provider throttles us; ``retry_after_s`` says until when, if it said so. Being busy is no outage."""

    code, title = "model_busy", "The language model takes no more requests at the moment"
    is_outage = False


class ModelLimitError(ModelError):
    """Our own limit of requests to this provider is reached, and no place became free in time."""

    code, title = "model_limit", "As many requests to the language model as allowed are on their way"
    retryable = is_outage = False


class CircuitOpenError(ModelError):
    code, title = "model_circuit_open", "The language model failed several times; it is left alone for a moment"
    retryable = is_outage = False


class ModelStreamError(ModelError):
    """The answer broke off or could not be read."""

    code, title = "model_broke_off", "The language model broke off in the middle of its answer"
    may_cost = True


class ModelSetupError(ModelError):
    """Key, model name or address are wrong: asking again is pointless, another provider may do."""

    code, title = "model_setup", "The language model refuses us: its key, name or address is not right"
    retryable = False


class ModelRefusedError(ModelError):
    """The provider does not take this request (too long, a parameter that it does not know)."""

    code, title = "model_refused", "The language model does not accept this request"
    retryable = is_outage = False


class InvalidAnswerError(ModelError):
    code, title = "model_answer_invalid", "The language model did not answer in the form that was asked for"
    retryable = falls_back = is_outage = False


class ModelsPausedError(ModelError):
    """An admin said that no model may be asked; calls on their way end with this as well."""

    code, title = "models_paused", "An administrator has paused the language models"
    retryable = falls_back = is_outage = False


class PauseUnknownError(ModelError):
    """Who has stopped all use must be sure that it is stopped."""

    code, title = "model_pause_unknown", "Whether language models are paused cannot be looked up at the moment"
    retryable = falls_back = is_outage = False


class BudgetSpentError(ModelError):
    """The budget of the day would be exceeded; ``retry_after_s`` is the time until the next day begins (UTC)."""

    code, title = "model_budget_spent", "The budget for language models is spent for today"
    retryable = falls_back = is_outage = False


class BudgetUnknownError(ModelError):
    """With a limit set, a call is made only when it is known to fit."""

    code, title = "model_budget_unknown", "The budget for language models cannot be looked up at the moment"
    retryable = falls_back = is_outage = False
