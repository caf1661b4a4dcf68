"""What the front door keeps in memory; built once for each application."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from support_copilot.db.engine import Database
from support_copilot.identity.config import IdentityConfig
from support_copilot.identity.last_seen import LastSeen
from support_copilot.identity.oidc import OidcProvider
from support_copilot.identity.signing import Keyring
from support_copilot.resources import Resources


@dataclass(frozen=True, slots=True)
class Identity:
    """Settings, keys and clock of the front door."""

    config: IdentityConfig
    database: Database
    clock: Callable[[], datetime]
    keyring: Keyring
    last_seen: LastSeen
    provider: OidcProvider | None = None

    def close(self) -> None:
        self.last_seen.close()


def build_identity(resources: Resources, config: IdentityConfig) -> Identity:
    """The front door over opened resources; nothing is read or written yet."""
    return Identity(
        config=config,
        database=resources.database,
        clock=resources.clock,
        keyring=Keyring(resources.database, config),
        last_seen=LastSeen(resources.database),
        provider=OidcProvider(config.oidc, config.public_url, resources.outgoing)
        if config.oidc and config.public_url
        else None,
    )


async def _identity(request: Request) -> Identity:
    identity = request.app.state.identity
    assert isinstance(identity, Identity)  # noqa: S101  # set by serve.py before the first request
    return identity


IdentityDep = Annotated[Identity, Depends(_identity)]
