"""What a key may hand on: no more than it has itself, else its scopes would limit nobody."""

from collections.abc import Collection
from datetime import datetime

from support_copilot.identity.errors import PermissionDeniedError
from support_copilot.identity.permissions import PERSONAL, Role, permissions_of
from support_copilot.identity.principal import Principal


def check_may_give(actor: Principal | None, role: Role, scopes: Collection[str] | None = None) -> None:
    """Refuse a key that would open more with another key or person than it does by itself.

    Args:
        role: of who is made, changed or let in; ``scopes`` where it is a key that they limit.

    Raises:
        PermissionDeniedError: ``actor`` is a key without one of these permissions.
    """
    if actor is None or actor.kind != "key":
        return
    given = permissions_of(role) if scopes is None else frozenset(scopes)
    if not given - PERSONAL <= actor.permissions:
        raise PermissionDeniedError("A key gives nobody a permission that it does not have itself.")


def check_may_last(actor: Principal, ends_at: datetime | None) -> None:
    """Refuse a key that would have another last longer than itself: by that one it would live on.

    Args:
        ends_at: when the other key is to end, None: never.

    Raises:
        PermissionDeniedError: ``actor`` is a key, or has a secret, that ends before.
    """
    if actor.ends_at is not None and (ends_at is None or ends_at > actor.ends_at):
        raise PermissionDeniedError("A key lets no other key last longer than itself.")
