"""Who asks: a person, a program with a key, a background job, or the command line of this machine."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from support_copilot.identity.permissions import PERMISSIONS, Role

PrincipalKind = Literal["user", "key", "job", "local"]


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks, and what they may do; written beside what they change.

    ``id`` is a user's, a key's or a job's id; the command line, whose user can read every file anyway, is ``local``.
    ``session_id`` is set for people who signed in.
    """

    kind: PrincipalKind
    id: str
    name: str
    role: Role | None
    permissions: frozenset[str]
    team_ids: frozenset[str] = frozenset()
    #: Teams whose issues (and those of no team) they see; None: all issues.
    sees: frozenset[str] | None = None
    session_id: str | None = None
    #: Set while a role that needs a second factor has only what it takes to set one up.
    needs_second_factor: bool = False
    #: Of a key: the person who was shown the secret that came; None when it was made on this machine.
    key_holder: str | None = None
    #: Of a key: when it, or the secret that came, ends by itself; None: not.
    ends_at: datetime | None = None

    @property
    def credential_id(self) -> str:
        """The session or the key that opened the door; what it made is good no longer than it is."""
        return self.session_id or self.id

    @property
    def person_id(self) -> str | None:
        """The person who asks, by themselves or with a key; None for this machine and its jobs."""
        return self.id if self.kind == "user" else self.key_holder

    def may(self, permission: str) -> bool:
        return permission in self.permissions


#: Whoever runs commands on this machine owns its files, so everything is open to them; the audit trail names them so.
LOCAL_CLI: Final = Principal("local", "local", "local", None, frozenset(PERMISSIONS))
