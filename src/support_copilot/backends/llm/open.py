"""Loads the chosen providers, each only when it is chosen, and wraps them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from importlib.util import find_spec
from typing import assert_never

from prometheus_client import CollectorRegistry

from support_copilot.backends.llm.breaker import with_circuit
from support_copilot.backends.llm.budget import Purse, with_budget
from support_copilot.backends.llm.config import BedrockConfig, LlmConfig, OpenAiConfig, ProviderConfig
from support_copilot.backends.llm.counting import with_counting
from support_copilot.backends.llm.errors import ModelSetupError
from support_copilot.backends.llm.fallback import with_fallback
from support_copilot.backends.llm.limits import with_limits
from support_copilot.backends.llm.metrics import ModelMetrics
from support_copilot.backends.llm.offline import OfflineModel
from support_copilot.backends.llm.port import TASKS, LanguageModel
from support_copilot.backends.llm.prices import Price
from support_copilot.backends.llm.provider import Ask, Provider
from support_copilot.backends.llm.remote import Connections, RemoteModel
from support_copilot.backends.llm.retries import with_retries
from support_copilot.backends.llm.switch import PauseSwitch, with_pause
from support_copilot.backends.llm.timeouts import with_length_limit, with_silence_limits, with_time_limit
from support_copilot.db.engine import Database
from support_copilot.kit.circuit import Circuit
from support_copilot.outgoing.config import OutgoingConfig
from support_copilot.outgoing.policy import policy_of


def open_llm(
    config: LlmConfig,
    registry: CollectorRegistry,
    database: Database,
    clock: Callable[[], datetime],
    outgoing: OutgoingConfig = OutgoingConfig(),  # noqa: B008  # frozen
) -> LanguageModel:
    """Open the models; nothing is asked and no SDK loaded before the first call.

    Args:
        database: where usage is counted, and budgets are kept.
        clock: the present moment; the day of a budget is its date.
        outgoing: where requests may go besides the public network.

    Raises:
        ModelSetupError: the library of a provider is not installed; the sentence names its extra.
    """
    if config.is_offline():
        return OfflineModel()
    in_use = {name: config.providers[name] for task in TASKS for name in config.chain_of(task)}
    for provider in in_use.values():
        _demand_library(provider)
    circuits = {
        name: Circuit(failures=provider.circuit_failures, pause_s=provider.circuit_pause_s)
        for name, provider in in_use.items()
    }

    purse, switch = Purse(config, database, clock), PauseSwitch(database)

    async def connect() -> Connections:
        providers = {name: await _open_provider(provider, outgoing) for name, provider in in_use.items()}
        asks = {name: _wrapped(name, in_use[name], providers[name], purse) for name in in_use}

        async def aclose() -> None:
            for provider in providers.values():
                await provider.aclose()

        def chain(names: Sequence[str], *, heeds: bool = True) -> Ask:
            asked = with_fallback([(name, with_circuit(asks[name], circuits[name], heeds=heeds)) for name in names])
            return with_pause(with_time_limit(asked, total_s=config.total_s), switch)

        chains = {task: chain(config.chain_of(task)) for task in TASKS if config.chain_of(task)}
        return Connections(chains, {name: chain([name], heeds=False) for name in in_use}, aclose)

    return RemoteModel(config, connect, circuits, ModelMetrics(registry), switch)


def _wrapped(name: str, config: ProviderConfig, provider: Provider, purse: Purse) -> Ask:
    """From the inside out: each wrapper acts on what the ones inside of it let through."""
    ask = with_length_limit(provider.answer)
    ask = with_silence_limits(ask, first_s=config.first_token_s, between_s=config.between_tokens_s)
    ask = with_counting(ask, Price.of(config), provider=name, model=config.model)
    ask = with_budget(ask, purse, Price.of(config), name)
    ask = with_limits(
        ask, concurrency=config.concurrency, per_minute=config.requests_per_minute, queue_s=config.queue_s
    )
    return with_retries(ask, attempts=config.attempts, longest_wait_s=config.retry_wait_s)


async def _open_provider(config: ProviderConfig, outgoing: OutgoingConfig) -> Provider:
    match config:
        case OpenAiConfig():
            from support_copilot.backends.llm.openai import OpenAiModel
            from support_copilot.outgoing.transport import GuardedAsyncTransport

            return OpenAiModel(config, GuardedAsyncTransport(policy_of(outgoing, config.base_url)))
        case BedrockConfig():
            from support_copilot.backends.llm.bedrock import BedrockModel

            return await BedrockModel.open(config)
        case _:
            assert_never(config)


def _demand_library(config: ProviderConfig) -> None:
    libraries: Mapping[str, str] = {"openai": "openai", "bedrock": "aiobotocore"}
    if find_spec(libraries[config.kind]) is None:
        raise ModelSetupError(
            f"A provider of kind {config.kind} needs a library: install support-copilot[{config.kind}]."
        )
