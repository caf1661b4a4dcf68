"""Which cache."""

from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator


class CacheConfig(BaseModel):
    """What is counted and forgotten soon, such as rate limits: in this process, or in Redis for several processes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: SecretStr | None = Field(
        default=None,
        description="Redis address, such as `rediss://user:password@host:6379/0`. Default: the memory of this process.",
    )
    password_file: Path | None = Field(
        default=None,
        description=(
            "File with the password of Redis, instead of one in the address: its text, or JSON with `username` and "
            "`password`. Read at each new connection, so that a rotated one is taken."
        ),
    )
    timeout_s: float = Field(
        default=0.25, gt=0, le=5, description="How long Redis may take before counting goes on in this process."
    )
    retry_after_s: float = Field(
        default=5.0, gt=0, le=300, description="How long Redis is left alone after it failed to answer."
    )

    @model_validator(mode="after")
    def _one_password(self) -> Self:
        if self.password_file is None:
            return self
        if self.url is None:
            raise ValueError("password_file is for Redis: set url beside it")
        if urlsplit(self.url.get_secret_value()).password is not None:
            raise ValueError("password_file and a password in url exclude each other")
        return self
