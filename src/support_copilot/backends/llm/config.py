"""Which language models are used, by which task, how patiently, and for how much money."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

from support_copilot.backends.llm.port import Task
from support_copilot.kit.addresses import api_address, service_address

#: The provider that the simple settings describe.
MAIN: Final = "main"
#: What the simple settings hand to it.
_SIMPLE: Final = ("kind", "base_url", "api_key", "model", "region")

Seconds = Annotated[float, Field(gt=0, le=3600)]
UsdPerMillion = Annotated[Decimal, Field(ge=0, le=100_000, max_digits=12, decimal_places=6)]
ProviderName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
UsdPerDay = Annotated[Decimal, Field(ge=0, le=1_000_000, max_digits=12, decimal_places=4)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=(), hide_input_in_errors=True)


class ProviderLimits(_Part):
    """What is the same for every provider."""

    model: str = Field(min_length=1, max_length=2048, description="Name of the model as the provider spells it.")
    context_tokens: int = Field(
        default=16_000, ge=512, le=10_000_000, description="How many tokens the model reads and writes in all."
    )
    input_usd_per_million: UsdPerMillion | None = Field(default=None, description="Price of a million tokens read.")
    cached_input_usd_per_million: UsdPerMillion | None = Field(
        default=None, description="Price of a million tokens that the provider had read before; else the full price."
    )
    output_usd_per_million: UsdPerMillion | None = Field(default=None, description="Price of a million tokens written.")
    connect_s: Seconds = Field(default=5, description="Longest wait for a connection.")
    first_token_s: Seconds = Field(default=30, description="Longest wait for the first word.")
    between_tokens_s: Seconds = Field(default=20, description="Longest silence between two words.")
    attempts: int = Field(default=3, ge=1, le=10, description="Tries before the first word, the first one included.")
    retry_wait_s: Seconds = Field(
        default=5, description="Longest pause between two tries; asked for a longer one, the next provider is asked."
    )
    concurrency: int = Field(default=8, ge=1, le=1000, description="Calls on their way at the same time.")
    requests_per_minute: int | None = Field(default=None, ge=1, le=1_000_000, description="Calls begun in a minute.")
    queue_s: Seconds = Field(default=10, description="Longest wait for one of these places.")
    circuit_failures: int = Field(
        default=5, ge=1, le=1000, description="Failed calls in a row after which the provider is left alone."
    )
    circuit_pause_s: Seconds = Field(default=30, description="How long; then one call tries whether it is back.")
    structured_output: Literal["auto", "schema", "json", "prompt"] = Field(
        default="auto",
        description=(
            "How a shape is asked for: by JSON schema, as any JSON, or in words alone; "
            "`auto` begins with the first and learns what the server knows."
        ),
    )

    @property
    def is_priced(self) -> bool:
        return self.input_usd_per_million is not None and self.output_usd_per_million is not None


class OpenAiConfig(ProviderLimits):
    """OpenAI, or any server that speaks its Chat Completions: Ollama, vLLM, llama.cpp, LM Studio, and others."""

    kind: Literal["openai"] = "openai"
    base_url: Annotated[str, AfterValidator(api_address)] = Field(
        default="https://api.openai.com/v1",
        description="Address of the server, such as `http://localhost:11434`; `/v1` is added where it is missing.",
    )
    api_key: SecretStr | None = Field(default=None, description="Key; none for a server that wants none.")


class BedrockConfig(ProviderLimits):
    """AWS Bedrock by its Converse operations; ``model`` is an id, an inference profile or an ARN."""

    kind: Literal["bedrock"] = "bedrock"
    region: str = Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$", description="AWS region, such as `eu-central-1`.")
    base_url: Annotated[str, AfterValidator(service_address)] | None = Field(
        default=None, description="Address of a private endpoint; by default that of the region."
    )
    access_key_id: SecretStr | None = Field(
        default=None, description="Key id; by default AWS's own chain (role, profile, variables)."
    )
    secret_access_key: SecretStr | None = Field(default=None, description="The secret that belongs to it.")
    prompt_caching: bool = Field(
        default=True, description="Mark the part of a prompt that stays the same, for models that can reuse it."
    )


ProviderConfig = Annotated[OpenAiConfig | BedrockConfig, Field(discriminator="kind")]


class TaskConfig(_Part):
    """What is different for one task."""

    chain: tuple[str, ...] | None = Field(
        default=None, max_length=8, description="Its providers in order; empty for the offline engine."
    )
    max_tokens: int | None = Field(default=None, ge=1, le=200_000, description="Its longest answer.")
    temperature: float | None = Field(default=None, ge=0, le=2, description="Its freedom of choice.")
    daily_usd: UsdPerDay | None = Field(default=None, description="What it may cost a day.")


class BudgetConfig(_Part):
    """What models may cost a day (UTC). A call that could exceed it is not made. Every model must have a price then."""

    daily_usd: UsdPerDay | None = Field(default=None, description="All calls together.")
    daily_usd_per_user: UsdPerDay | None = Field(default=None, description="The calls of one user.")


class LlmConfig(_Part):
    """Language models. The simple keys describe one provider, named `main`; further ones have names of their own."""

    kind: Literal["offline", "openai", "bedrock"] = Field(
        default="offline", description="`offline` for no model, `openai` for everything that speaks its API, `bedrock`."
    )
    base_url: str | None = Field(default=None, description="Address of the server of `main`.")
    api_key: SecretStr | None = Field(default=None, description="Key of `main`.")
    model: str | None = Field(default=None, description="Model of `main`.")
    region: str | None = Field(default=None, description="AWS region of `main`.")
    providers: dict[ProviderName, ProviderConfig] = Field(
        default_factory=dict, max_length=20, description="Providers by name; `main` may be refined here."
    )
    chain: tuple[str, ...] = Field(
        default=(), max_length=8, description="Who is asked, in order; by default `main` alone."
    )
    tasks: dict[Task, TaskConfig] = Field(default_factory=dict, description="What is different for a task.")
    max_tokens: int = Field(default=1024, ge=1, le=200_000, description="Longest answer.")
    temperature: float = Field(default=0.2, ge=0, le=2, description="Freedom of choice; 0 for none.")
    total_s: Seconds = Field(default=120, description="Longest time of a call, with all tries and providers.")
    budget: BudgetConfig = BudgetConfig()

    @model_validator(mode="before")
    @classmethod
    def _place_main(cls, values: Any) -> Any:
        if not isinstance(values, Mapping) or values.get("kind", "offline") == "offline":
            return values
        simple = {name: values[name] for name in _SIMPLE if values.get(name) is not None}
        providers = dict(values.get("providers") or {})
        providers[MAIN] = {**simple, **(providers.get(MAIN) or {})}
        return {**values, "providers": providers, "chain": values.get("chain") or (MAIN,)}

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for place, name in self._named():
            if name not in self.providers:
                raise ValueError(f"{place} names a provider that is not under providers")
        limited = self.budget.daily_usd, self.budget.daily_usd_per_user, *(t.daily_usd for t in self.tasks.values())
        if any(limit is not None for limit in limited):
            for name in sorted({name for _, name in self._named()}):
                if not self.providers[name].is_priced:
                    raise ValueError(f"a budget needs the prices of each model in use; providers.{name} has none")
        return self

    def chain_of(self, task: Task) -> tuple[str, ...]:
        """The providers of a task, in order; empty for the offline engine."""
        own = self.tasks.get(task, _SAME).chain
        return self.chain if own is None else own

    def is_offline(self) -> bool:
        """Whether no task reaches a provider."""
        return not any(True for _ in self._named())

    def _named(self) -> Iterator[tuple[str, str]]:
        yield from (("chain", name) for name in self.chain)
        for task, config in self.tasks.items():
            yield from ((f"tasks.{task}.chain", name) for name in config.chain or ())


_SAME: Final = TaskConfig()
