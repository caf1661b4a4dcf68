"""Which embedding model is used."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

from support_copilot.kit.addresses import api_address, service_address


class MiniLmConfig(BaseModel):
    """The local model all-MiniLM-L6-v2, quantised; needs no network and no key."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())

    kind: Literal["minilm"] = "minilm"
    model_dir: Path = Field(
        description="Folder of the prepared model. Default: `support-copilot/models/minilm-l6-v2` in the user's cache."
    )
    threads: int = Field(
        default=1, ge=1, le=64, description="Threads for one text; several texts at once use one core each anyway."
    )


class NoEmbedderConfig(BaseModel):
    """No model: search works by keywords only."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["none"] = "none"


class RemoteEmbedderConfig(BaseModel):
    """What is the same for every embedder over a network."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=(), hide_input_in_errors=True)

    kind: str
    model: str = Field(min_length=1, max_length=2048, description="Name of the model as the service spells it.")
    dimension: int = Field(ge=8, le=8192, description="How many numbers its vectors have.")
    max_chars: int = Field(
        default=6000, ge=100, le=100_000, description="How much of a text is sent; the model may read less."
    )
    timeout_s: float = Field(default=8, gt=0, le=300, description="Longest wait for a connection, and for an answer.")
    attempts: int = Field(default=3, ge=1, le=10, description="Tries, the first one included.")
    concurrency: int = Field(
        default=8,
        ge=1,
        le=256,
        description="Requests on their way at once; with more, words alone are searched.",
    )
    circuit_failures: int = Field(
        default=3, ge=1, le=1000, description="Failed requests in a row after which words alone are searched."
    )
    circuit_pause_s: float = Field(default=30, gt=0, le=3600, description="How long; then one request tries again.")


class OpenAiEmbedderConfig(RemoteEmbedderConfig):
    """OpenAI, or any server that speaks its embeddings API. Texts leave this machine, masked."""

    kind: Literal["openai"] = "openai"
    base_url: Annotated[str, AfterValidator(api_address)] = Field(
        default="https://api.openai.com/v1",
        description="Address of the server; `/v1` is added where it is missing.",
    )
    api_key: SecretStr | None = Field(default=None, description="Key; none for a server that wants none.")
    batch: int = Field(default=64, ge=1, le=2048, description="Texts in one request.")
    shorten: bool = Field(
        default=False, description="Ask for vectors of `dimension` numbers from a model that can give more."
    )


class BedrockEmbedderConfig(RemoteEmbedderConfig):
    """AWS Bedrock: Titan Text Embeddings V2 or Cohere Embed. Texts leave this machine, masked."""

    kind: Literal["bedrock"] = "bedrock"
    region: str = Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$", description="AWS region, such as `eu-central-1`.")
    base_url: Annotated[str, AfterValidator(service_address)] | None = Field(
        default=None, description="Address of a private endpoint; by default that of the region."
    )
    access_key_id: SecretStr | None = Field(
        default=None, description="Key id; by default AWS's own chain (role, profile, variables)."
    )
    secret_access_key: SecretStr | None = Field(default=None, description="The secret that belongs to it.")
    family: Literal["titan", "cohere"] = Field(
        default="titan", description="How the model is spoken to; by default what its name says."
    )

    @model_validator(mode="before")
    @classmethod
    def _read_family(cls, values: Any) -> Any:
        if isinstance(values, Mapping) and "family" not in values and "cohere" in str(values.get("model")):
            return {**values, "family": "cohere"}
        return values


EmbedderConfig = Annotated[
    MiniLmConfig | OpenAiEmbedderConfig | BedrockEmbedderConfig | NoEmbedderConfig, Field(discriminator="kind")
]
