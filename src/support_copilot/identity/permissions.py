"""The one table of permissions: who may do what. Everything that is not in it is refused."""

from collections.abc import Mapping
from typing import Final, Literal, get_args

Role = Literal["agent", "lead", "admin", "auditor", "machine"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)

_Roles = frozenset[Role]
_EVERYBODY: Final[_Roles] = frozenset(ROLES)
_PEOPLE: Final[_Roles] = _EVERYBODY - {"machine"}
_DESK: Final[_Roles] = _EVERYBODY - {"auditor"}
_LEADS: Final[_Roles] = frozenset({"lead", "admin"})
_LEADS_AND_MACHINES: Final[_Roles] = _LEADS | {"machine"}
_ADMINS: Final[_Roles] = frozenset({"admin"})
_OVERSIGHT: Final[_Roles] = frozenset({"admin", "auditor"})

#: Permission -> roles that have it. An auditor reads everything and changes nothing; a machine is a program beside
#: the desk: it works on issues, but decides nothing that a person answers for.
PERMISSIONS: Final[Mapping[str, _Roles]] = {
    "account.read": _EVERYBODY,
    "account.use": _PEOPLE,
    "analysis.correct": _DESK - {"machine"},
    "analysis.use": _DESK,
    "audit.read": _OVERSIGHT,
    "customers.edit": _DESK,
    "customers.read": _EVERYBODY,
    "guidance.use": _DESK,
    "issues.create": _DESK,
    "issues.edit": _DESK,
    "issues.read": _EVERYBODY,
    "jobs.read": _LEADS | {"auditor"},
    "jobs.retry": _LEADS,
    "keys.manage": _ADMINS,
    "keys.read": _OVERSIGHT,
    "knowledge.decide": _LEADS,
    "knowledge.edit": _LEADS_AND_MACHINES,
    "knowledge.read": _EVERYBODY,
    "metrics.read": _OVERSIGHT | {"machine"},
    "models.manage": _ADMINS,
    "models.read": _OVERSIGHT,
    "privacy.manage": _ADMINS,
    "privacy.read": _OVERSIGHT,
    "prompts.read": _LEADS | {"auditor"},
    "replies.stop": _LEADS,
    "reports.agents": _LEADS | {"auditor"},
    "reports.read": _EVERYBODY,
    "rules.manage": _ADMINS,
    "sample.load": _ADMINS,
    "search.use": _EVERYBODY,
    "summaries.write": _DESK,
    "teams.manage": _ADMINS,
    "teams.read": _EVERYBODY,
    "templates.edit": _LEADS_AND_MACHINES,
    "templates.read": _EVERYBODY,
    "users.manage": _ADMINS,
    "users.read": _EVERYBODY,
    "views.edit": _DESK - {"machine"},
    "webhooks.manage": _ADMINS,
    "webhooks.read": _OVERSIGHT,
}

#: What belongs to a person's own account (password, second factor, sessions) is never lent to a key.
PERSONAL: Final = frozenset({"account.use"})
#: What no scope takes away: a program may always ask who it is.
ALWAYS: Final = frozenset({"account.read"})
#: What is left to a person whose role needs a second factor until they have set one up and signed in with it.
ENROLMENT: Final = PERSONAL | ALWAYS


def permissions_of(role: Role) -> frozenset[str]:
    """Every permission of a role."""
    return _BY_ROLE[role]


_BY_ROLE: Final[Mapping[Role, frozenset[str]]] = {
    role: frozenset(name for name, roles in PERMISSIONS.items() if role in roles) for role in ROLES
}
