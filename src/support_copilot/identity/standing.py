"""Whether what somebody asked for earlier may still be done in their name."""

from typing import cast

from support_copilot.db.engine import ReadSession
from support_copilot.db.models import ApiKey, User
from support_copilot.identity.permissions import Role, permissions_of
from support_copilot.identity.principal import LOCAL_CLI
from support_copilot.kit.ids import is_id


def may_still(session: ReadSession, principal_id: str, permission: str) -> bool:
    """Whether this person or key is neither disabled nor revoked, and has the permission now.

    A key whose time is over did not lose anybody's trust: what it asked for before is done.
    """
    if principal_id == LOCAL_CLI.id:
        return True
    if is_id(principal_id, "key"):
        key = session.get(ApiKey, principal_id)
        if key is None or key.revoked_at is not None:
            return False
        return permission in (key.scopes if key.scopes is not None else permissions_of(cast("Role", key.role)))
    user = session.get(User, principal_id) if is_id(principal_id, "user") else None
    return user is not None and user.disabled_at is None and permission in permissions_of(cast("Role", user.role))
