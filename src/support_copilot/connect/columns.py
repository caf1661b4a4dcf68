"""Which column means which field: detected by usual names, overridden by ``--map``."""

from collections.abc import Mapping, Sequence
from typing import Literal

from support_copilot.kit.errors import InvalidRequestError

Kind = Literal["issues", "messages", "customers", "articles", "templates"]

_CUSTOMER = {
    "name": ("name", "full_name", "customer", "customer_name", "company"),
    "email": ("email", "e-mail", "mail", "email_address", "customer_email"),
    "phone": ("phone", "telephone", "mobile"),
    "plan": ("plan", "tier", "subscription"),
    "value_amount": ("value.amount", "value", "mrr", "arr", "revenue"),
    "value_currency": ("value.currency", "currency"),
    "notes": ("notes", "note", "comment"),
    # After the name: a file with companies alone names its customers by them.
    "company": ("company", "company_name", "organisation", "organization", "account_name", "shop", "firma"),
}
_TEXT = {
    "external_id": ("external_ref.id", "external_id", "id", "key"),
    "external_source": ("external_ref.source",),
    "title": ("title", "name", "subject", "question"),
    "body": ("body", "text", "content", "html", "answer"),
    "category": ("category", "section", "folder", "topic"),
    "language": ("language", "lang", "locale"),
    "tags": ("tags", "labels", "label_names"),
    "created_at": ("created_at", "created", "date"),
}

#: For each kind: field -> column names that mean it, the likeliest first. Compared without case, spaces, - and _.
FIELDS: Mapping[Kind, Mapping[str, Sequence[str]]] = {
    "issues": {
        "external_id": (
            "external_ref.id",
            "external_id",
            "id",
            "key",
            "issue_id",
            "ticket_id",
            "case_id",
            "number",
            "ticketnummer",
            "nummer",
            "vorgangsnummer",
        ),
        "external_source": ("external_ref.source",),
        "subject": ("subject", "title", "summary", "short_description", "headline", "betreff", "titel"),
        "body": (
            "body",
            "description",
            "text",
            "content",
            "message",
            "details",
            "beschreibung",
            "nachricht",
            "anfrage",
        ),
        "messages": ("messages", "turns", "conversation", "thread"),
        "status": ("status", "state", "final_status"),
        "severity": ("severity", "priority", "urgency", "impact", "priorität", "prioritaet", "dringlichkeit"),
        "category": ("category", "type", "issue_type", "component", "topic", "intent", "kategorie", "thema"),
        "language": ("language", "lang", "locale", "sprache"),
        "channel": ("channel", "via", "origin", "kanal"),
        "tags": ("tags", "labels"),
        "assignee": ("assignee", "owner", "agent", "assigned_to", "bearbeiter", "zuständig"),
        "created_at": (
            "created_at",
            "created",
            "opened_at",
            "opened",
            "date",
            "timestamp",
            "erstellt_am",
            "erstellt",
            "eröffnet_am",
            "datum",
        ),
        "first_response_at": ("first_response_at", "first_reply_at"),
        "resolved_at": (
            "resolved_at",
            "resolved",
            "solved_at",
            "closed_at",
            "gelöst_am",
            "erledigt_am",
            "geschlossen_am",
        ),
        "resolved_in_hours": ("resolved_in_hours", "hours_to_resolve", "resolution_hours", "resolution_time_hours"),
        "resolution": (
            "resolution.text",
            "resolution",
            "final_resolution",
            "solution",
            "fix",
            "resolution_text",
            "lösung",
        ),
        "resolution_steps": ("resolution.steps", "steps"),
        "resolution_kind": ("resolution.kind", "resolution_kind"),
        "resolution_reopened": ("resolution.reopened",),
        "reopened_count": ("reopened_count", "reopens", "reopen_count"),
        "rating": (
            "rating.score",
            "rating",
            "csat",
            "satisfaction",
            "satisfaction_score",
            "bewertung",
            "zufriedenheit",
        ),
        "rating_comment": ("rating.comment", "rating_comment", "csat_comment"),
        "customer_id": ("customer.external_ref.id", "customer_id", "customer.id", "requester_id", "kundennummer"),
        "customer_name": (
            "customer.name",
            "customer_name",
            "customer",
            "requester",
            "requester_name",
            "reporter",
            "kunde",
            "kundenname",
        ),
        "customer_email": ("customer.email", "customer_email", "email", "requester_email", "from"),
        "customer_plan": ("customer.plan", "customer_plan", "plan"),
    },
    "messages": {
        "issue_id": ("issue.external_ref.id", "issue_id", "ticket_id", "external_ref.id", "case_id"),
        "external_source": ("external_ref.source", "issue.external_ref.source"),
        "author": ("author", "speaker", "role", "from", "sender_type"),
        "author_name": ("author_name", "sender", "name"),
        "visibility": ("visibility", "public", "is_public"),
        "body": ("body", "text", "content", "message", "comment"),
        "created_at": ("created_at", "created", "date", "timestamp", "time"),
    },
    "customers": {
        "external_id": ("external_ref.id", "external_id", "id", "customer_id", "key"),
        "external_source": ("external_ref.source",),
        **_CUSTOMER,
        "language": ("language", "lang", "locale"),
        "created_at": ("created_at", "created", "since"),
    },
    "articles": {**_TEXT, "status": ("status", "state")},
    "templates": {
        **_TEXT,
        "category": ("category", "section", "topic"),
        "folder": ("folder",),
        "tone": ("tone",),
        "add_tags": ("add_tags",),
        "then_status": ("then_status",),
    },
}


class MappingError(InvalidRequestError):
    code, title = "mapping_invalid", "The column mapping is not valid"


def choose_columns(kind: Kind, columns: Sequence[str], overrides: Mapping[str, str]) -> dict[str, str]:
    """Which field each column fills.

    Args:
        columns: column names of the file, in order.
        overrides: column name -> field, from ``--map``; an empty field leaves the column out.

    Returns:
        Column -> field. No field is filled by two columns: an override wins, then the likelier name.
    """
    chosen = {column: field for column, field in overrides.items() if column in columns and field}
    plain = {_plain(column): column for column in reversed(columns)}
    for field, names in FIELDS[kind].items():
        if field in chosen.values():
            continue
        candidates = (plain.get(_plain(name)) for name in names)
        column = next((c for c in candidates if c and c not in chosen and c not in overrides), None)
        if column:
            chosen[column] = field
    return chosen


def parse_overrides(kind: Kind, pairs: Sequence[str]) -> dict[str, str]:
    """``COLUMN=FIELD`` pairs as given on the command line.

    Raises:
        MappingError: a pair has another form, names a field that this kind does not have, or one named before.
    """
    overrides: dict[str, str] = {}
    for pair in pairs:
        column, separator, field = pair.partition("=")
        if not separator or not column.strip():
            raise MappingError("A mapping has the form COLUMN=FIELD (an empty FIELD leaves the column out).")
        check_field(kind, field.strip(), allow_empty=True)
        if field.strip() and field.strip() in overrides.values():
            raise MappingError(f"Two columns are to fill {field.strip()}; name one.")
        overrides[column.strip()] = field.strip()
    return overrides


def check_field(kind: Kind, field: str, *, allow_empty: bool = False) -> None:
    """Refuse a field that this kind does not have.

    Raises:
        MappingError: with the fields that there are.
    """
    if field not in FIELDS[kind] and not (allow_empty and not field):
        raise MappingError(f"There is no field of that name; {kind} have: {', '.join(FIELDS[kind])}.")


def _plain(name: str) -> str:
    return name.strip().lower().replace(" ", "").replace("_", "").replace("-", "")
