"""What the ids of the trail stand for now: the trail itself holds no name, which may have to be forgotten one day."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final, Literal

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from support_copilot.db.engine import ReadSession
from support_copilot.db.models import (
    ApiKey,
    Article,
    Attachment,
    AuditEntry,
    Customer,
    Issue,
    Team,
    Template,
    User,
    UserSession,
    WebhookEndpoint,
)
from support_copilot.identity.principal import Principal
from support_copilot.identity.visibility import Sees, seen_customer, seen_issue
from support_copilot.kit.ids import PREFIXES, looks_like_id

NamedKind = Literal["issue", "customer", "article", "template", "user", "team", "key", "webhook"]
#: So many ids of a page are looked up; those of the first events come first.
_MOST: Final = 2_000


@dataclass(frozen=True, slots=True)
class NamedRecord:
    """A record that an id of the trail stands for: of a file its issue, of a session its person."""

    kind: NamedKind
    id: str
    name: str


_Found = Mapping[str, NamedRecord]
_Read = Callable[[ReadSession, Collection[str], Sees], _Found]


def names_of_records(session: ReadSession, events: Iterable[AuditEntry], reader: Principal) -> dict[str, NamedRecord]:
    """What the ids that these events mention stand for: of what is still there, and the reader may see."""
    by_prefix: dict[str, list[str]] = defaultdict(list)
    mentioned = dict.fromkeys(value for event in events for value in ids_of(event))
    for value in islice(mentioned, _MOST):
        by_prefix[value[:3]].append(value)
    found: dict[str, NamedRecord] = {}
    for prefix, ids in by_prefix.items():
        permission, read = _READERS.get(prefix, ("", None))
        if read is not None and reader.may(permission):
            found.update(read(session, ids, reader.sees))
    return found


def ids_of(event: AuditEntry) -> Iterator[str]:
    """The ids that an event mentions: what it is about, who did it, and what changed."""
    for value in (event.target, event.actor, *event.before.values(), *event.after.values()):
        if looks_like_id(value):
            yield str(value)


def _named(kind: NamedKind, id_of: InstrumentedAttribute[str], name_of: InstrumentedAttribute[str]) -> _Read:
    def read(session: ReadSession, ids: Collection[str], _sees: Sees) -> _Found:
        query = select(id_of.label("id"), name_of.label("name")).where(id_of.in_(ids))
        rows = session.execute(query).mappings()
        return {str(row["id"]): NamedRecord(kind, str(row["id"]), str(row["name"])) for row in rows}

    return read


def _issues(session: ReadSession, ids: Collection[str], sees: Sees) -> _Found:
    query = select(Issue.id, Issue.subject).where(Issue.id.in_(ids))
    if sees is not None:
        query = query.where(seen_issue(sees))
    return {row.id: NamedRecord("issue", row.id, row.subject) for row in session.execute(query)}


def _customers(session: ReadSession, ids: Collection[str], sees: Sees) -> _Found:
    query = select(Customer).where(Customer.id.in_(ids))
    if sees is not None:
        query = query.where(seen_customer(sees))
    rows = session.scalars(query)
    # With the address: two records of one person that were merged bear one name.
    named = ((row.id, " · ".join(filter(None, (row.name, row.email))) or row.external_id) for row in rows)
    return {customer: NamedRecord("customer", customer, name) for customer, name in named if name}


def _files(session: ReadSession, ids: Collection[str], sees: Sees) -> _Found:
    query = select(Attachment.id, Attachment.issue_id).where(Attachment.id.in_(ids))
    owners = {row.id: row.issue_id for row in session.execute(query)}
    issues = _issues(session, set(owners.values()), sees)
    return {file: issues[issue] for file, issue in owners.items() if issue in issues}


def _sessions(session: ReadSession, ids: Collection[str], _sees: Sees) -> _Found:
    query = (
        select(UserSession.id, UserSession.user_id, User.name)
        .join(User, User.id == UserSession.user_id)
        .where(UserSession.id.in_(ids))
    )
    return {row.id: NamedRecord("user", row.user_id, row.name) for row in session.execute(query)}


#: By the prefix of an id: what a reader needs, and how the names are read.
_READERS: Final[Mapping[str, tuple[str, _Read]]] = {
    PREFIXES["issue"]: ("issues.read", _issues),
    PREFIXES["attachment"]: ("issues.read", _files),
    PREFIXES["customer"]: ("customers.read", _customers),
    PREFIXES["article"]: ("knowledge.read", _named("article", Article.id, Article.title)),
    PREFIXES["template"]: ("templates.read", _named("template", Template.id, Template.title)),
    PREFIXES["user"]: ("users.read", _named("user", User.id, User.name)),
    PREFIXES["session"]: ("users.read", _sessions),
    PREFIXES["team"]: ("teams.read", _named("team", Team.id, Team.name)),
    PREFIXES["key"]: ("keys.read", _named("key", ApiKey.id, ApiKey.name)),
    PREFIXES["webhook"]: ("webhooks.read", _named("webhook", WebhookEndpoint.id, WebhookEndpoint.name)),
}
