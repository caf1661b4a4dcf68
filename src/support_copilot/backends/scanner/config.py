"""Which scanner is asked about files."""

from ipaddress import ip_address
from typing import Annotated, Final, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

DEFAULT_PORT: Final = 3310


class NoScannerConfig(BaseModel):
    """None: files are kept without having been scanned for malware. `support-copilot doctor` says so."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["off"] = "off"


class ClamdConfig(BaseModel):
    """ClamAV's `clamd`. A file that it finds infected is refused, and every file while it does not answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["clamd"] = "clamd"
    address: str = Field(
        max_length=300, description="Where it listens: `unix:///run/clamav/clamd.ctl` or `tcp://127.0.0.1:3310`."
    )
    across_network: bool = Field(
        default=False,
        description="Says that the way to a scanner on another machine is protected otherwise: clamd speaks no TLS.",
    )
    timeout_s: float = Field(
        default=30.0, gt=0, le=300, description="How long one file may take, all in all; 503 beyond."
    )

    @field_validator("address")
    @classmethod
    def _is_an_address(cls, address: str) -> str:
        try:
            parts = urlsplit(address)
            usable = _is_unix(parts) or _is_tcp(parts)
        except ValueError:
            usable = False
        if not usable:
            raise ValueError("must be unix:///PATH or tcp://HOST:PORT")
        return address

    @model_validator(mode="after")
    def _stays_on_this_machine(self) -> "ClamdConfig":
        host = urlsplit(self.address).hostname
        if host and not self.across_network and not _is_loopback(host):
            raise ValueError("clamd speaks no TLS: use one on this machine, or say across_network")
        return self


ScannerConfig = Annotated[NoScannerConfig | ClamdConfig, Field(discriminator="kind")]


def _is_unix(parts: SplitResult) -> bool:
    return parts.scheme == "unix" and not parts.netloc and len(parts.path) > 1


def _is_tcp(parts: SplitResult) -> bool:
    return parts.scheme == "tcp" and bool(parts.hostname) and parts.port != 0 and parts.path in ("", "/")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
