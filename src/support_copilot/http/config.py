"""Where the HTTP server listens, whom it answers, and how much it takes."""

import ipaddress
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

LOOPBACK_NAMES: Final = ("localhost", "127.0.0.1", "::1")


def _network(value: str) -> str:
    ipaddress.ip_network(value)
    return value


def _origin(value: str) -> str:
    scheme, separator, host = value.partition("://")
    if not separator or scheme not in ("http", "https") or not host or "/" in host or "*" in host:
        raise ValueError("must be an origin such as https://desk.example.com, without a path and without *")
    return value


class ServerConfig(BaseModel):
    """Where the HTTP server listens, whom it answers, and how much it takes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = Field(
        default="127.0.0.1",
        min_length=1,
        description="Address to listen on. Beyond this machine only with TLS, here or at a proxy.",
    )
    port: int = Field(default=8321, ge=0, le=65535, description="Port to listen on; 0 picks a free one.")
    tls_certificate: Path | None = Field(
        default=None, description="Certificate chain in PEM form. With it the server speaks TLS 1.3 only."
    )
    tls_key: Path | None = Field(default=None, description="Private key of the certificate in PEM form.")
    tls_at_proxy: bool = Field(
        default=False,
        description="Says that a proxy in front ends TLS; without it or a certificate only this machine is served.",
    )
    trusted_proxies: tuple[Annotated[str, AfterValidator(_network)], ...] = Field(
        default=(),
        description=(
            "Addresses or networks of proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed. "
            "Default: none."
        ),
    )
    allowed_hosts: tuple[str, ...] = Field(
        default=LOOPBACK_NAMES,
        description=(
            "Names in `Host` that are answered, without port, beside that of `identity.public_url`; `*` for any. "
            "Others get 421."
        ),
    )
    cors_origins: tuple[Annotated[str, AfterValidator(_origin)], ...] = Field(
        default=(), description="Origins of other sites whose pages may call the API. Default: none."
    )
    max_body_bytes: int = Field(default=8_000_000, ge=1000, description="Largest request body.")
    max_upload_bytes: int = Field(default=26_000_000, ge=1000, description="Largest attachment upload.")
    max_header_bytes: int = Field(default=32_768, ge=1024, description="Largest request line with headers; 431 beyond.")
    header_timeout_s: float = Field(
        default=10.0, gt=0, le=120, description="How long a connection may take to send a whole request head."
    )
    body_timeout_s: float = Field(
        default=60.0, gt=0, le=3600, description="How long a request may take to send its whole body; 408 beyond."
    )
    request_timeout_s: float = Field(
        default=60.0, gt=0, le=3600, description="How long work on an answer may take until it begins; 503 beyond."
    )
    send_timeout_s: float = Field(
        default=60.0, gt=0, le=3600, description="How long a client may take to read a part of an answer."
    )
    max_connections: int = Field(default=2000, ge=10, description="Connections held; more are closed at once.")
    max_requests: int = Field(
        default=200, ge=1, description="Requests worked on or waiting; more are answered 503 with Retry-After."
    )
    max_streams: int = Field(
        default=500, ge=1, description="Answers streamed at the same time, beside those who listen; 503 beyond."
    )
    max_streams_per_address: int = Field(
        default=50, ge=1, description="Answers streamed to one address at the same time; 503 beyond."
    )
    max_listeners: int = Field(
        default=1000,
        ge=1,
        description="Consoles and programs that listen at `/v1/events` at the same time; 503 beyond.",
    )
    max_listeners_per_address: int = Field(
        default=500, ge=1, description="Of those, behind one address: an office shares one; 503 beyond."
    )
    stream_timeout_s: float = Field(
        default=3600.0, gt=0, le=86_400, description="How long one event stream may last; clients then ask again."
    )
    drain_s: float = Field(
        default=0.0, ge=0, le=300,
        description="How long the server answers on after it was told to stop, while `/readyz` already fails.",
    )  # fmt: skip
    threads: int = Field(default=16, ge=1, le=256, description="Requests worked on at the same time.")
    model_places: int = Field(
        default=32,
        ge=1,
        le=1000,
        description="Requests that wait for a language model, beside those and beside streams; 503 beyond.",
    )
    provider_places: int = Field(
        default=8, ge=1, le=1000, description="Sign-ins that wait for the identity provider, beside those; 503 beyond."
    )

    upload_places: int = Field(
        default=32,
        ge=1,
        le=1000,
        description="Uploads that are scanned and stored at the same time, beside other requests; 503 beyond.",
    )

    @model_validator(mode="after")
    def _tls_is_whole(self) -> Self:
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("tls_certificate and tls_key belong together")
        if self.host not in LOOPBACK_NAMES and not (self.tls_certificate or self.tls_at_proxy):
            raise ValueError("beyond this machine the server needs tls_certificate and tls_key, or tls_at_proxy = true")
        return self
