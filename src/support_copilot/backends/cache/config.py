"""Which cache."""

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class CacheConfig(BaseModel):
    """What is counted and forgotten soon, such as rate limits: in this process, or in Redis for several processes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: SecretStr | None = Field(
        default=None,
        description="Redis address, such as `rediss://user:password@host:6379/0`. Default: the memory of this process.",
    )
    timeout_s: float = Field(
        default=0.25, gt=0, le=5, description="How long Redis may take before counting goes on in this process."
    )
    retry_after_s: float = Field(
        default=5.0, gt=0, le=300, description="How long Redis is left alone after it failed to answer."
    )
