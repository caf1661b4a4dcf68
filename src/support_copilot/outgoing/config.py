"""Where requests of the product may go besides the public network."""

import ipaddress
import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

_HOST = re.compile(r"^(?!-)[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*$")


def _place(value: str) -> str:
    try:
        ipaddress.ip_network(value)
    except ValueError:
        if not _HOST.match(value) or value.replace(".", "").isdigit():
            raise ValueError("must be a network such as 10.0.0.0/8 or a host name, without scheme and port") from None
    return value.lower()


class OutgoingConfig(BaseModel):
    """Requests that the product makes: to language models, identity providers, webhooks.

    Addresses of this machine and of private networks are refused unless they are named here, or an address in the
    settings itself names this machine or a number (`http://localhost:11434`).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    allow: tuple[Annotated[str, AfterValidator(_place)], ...] = Field(
        default=(),
        description="Host names, and networks such as `10.1.0.0/16`, that requests may go to although private.",
    )
    max_response_bytes: int = Field(default=32_000_000, ge=1000, description="Largest answer that is read.")
    webhook_timeout_s: float = Field(
        default=10.0, gt=0, le=60, description="How long a webhook may take to answer, from the look-up of its name on."
    )
    webhook_deadline_h: float = Field(
        default=72.0, gt=0, le=720, description="How long an event is tried to be told to a webhook."
    )
    webhook_pause_after_h: float = Field(
        default=24.0, gt=0, le=720, description="How long a webhook may fail at every try before it is paused."
    )
