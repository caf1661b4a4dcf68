"""Every route that changes something leaves an event in the audit trail, and every walk through people's data does.

The routes come from the committed OpenAPI file: a new one that is not called here, or leaves no event, fails.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyotp
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from support_copilot.db.models import AuditEntry, Base, Job, Proposal
from support_copilot.identity.audit_changes import RECORDS
from support_copilot.identity.users import make_setup_link
from support_copilot.resources import Resources
from tests.conftest import StepClock, authorization
from tests.people import PASSWORD, add_person, headers_of
from tests.security.issue_calls import ISSUE_CALLS, WORDS
from tests.security.knowledge_calls import KNOWLEDGE_CALLS
from tests.security.team_calls import TEAM_CALLS
from tests.security.webhook_calls import WEBHOOK_CALLS, Call

OPENAPI = json.loads((Path(__file__).parents[2] / "openapi.json").read_text("utf-8"))
OPERATIONS: dict[str, tuple[str, str, str]] = {
    operation["operationId"]: (method.upper(), path, operation["x-permission"])
    for path, operations in OPENAPI["paths"].items()
    for method, operation in operations.items()
}
CHANGES = sorted(name for name, (method, _, _) in OPERATIONS.items() if method != "GET")
#: What changes nothing that anybody else will ever see.
SILENT = {
    **dict.fromkeys(("post_analyze", "post_guidance_preview", "post_rewrite", "post_question"), "keeps nothing"),
    **dict.fromkeys((f"post_{name}" for name in ("next_action", "missing", "link_check")), "keeps nothing"),
    **dict.fromkeys((f"post_{name}_preview" for name in ("template", "text", "panel", "question")), "keeps nothing"),
    **dict.fromkeys((f"post_{name}_preview" for name in ("summary", "rewrite", "macro", "article")), "keeps nothing"),
    **dict.fromkeys((f"post_{name}_preview" for name in ("next_action", "missing", "incident_reply")), "keeps nothing"),
    "post_model_check": "asks for one word, and counts it to who asked among the calls of models",
    "post_refresh": "the same session goes on; its beginning is recorded, and so is a token that was used twice",
    "post_totp": "takes force with the confirmation, which is recorded",
    **dict.fromkeys(("put_presence", "put_reading"), "who looks at an issue, and what a person has read"),
    "post_mentions_read": "that a person has looked; what names them is a note, which is recorded",
    "put_draft": "a person's own unfinished words, saved while they type; what is sent is recorded",
}
#: Tables that are not taken from the transaction, and why.
ELSEWHERE = {
    "recorded by identity": {
        "api_keys", "api_key_secrets", "users", "team_members", "teams", "sessions", "refresh_tokens",
        "one_time_links", "recovery_codes", "signing_keys", "known_devices", "sign_in_attempts",
    },
    "recorded by privacy": {"legal_holds", "privacy_requests", "privacy_secrets", "retention_rules"},
    "recorded by jobs": {"jobs"},
    "recorded by issues": {"response_targets"},
    "recorded by webhooks, and what they tell others of it": {"webhook_endpoints", "webhook_deliveries"},
    "recorded by guidance": {"reply_rules", "model_switches"},
    "the trail itself": {"audit_events", "audit_checkpoints"},
    "follows from a record": {
        "analyses", "conversations", "customer_words", "search_documents", "search_next_vectors", "idempotency_keys",
        "article_versions", "incident_replies", "template_uses",
    },
    "counts and keys of the product": {
        "counters", "embedding_models", "encryption_keys", "model_budgets", "model_calls", "model_usage",
    },
    "a person's own unfinished words": {"drafts"},
    "who looks at an issue at this moment, and what a person has read": {"presence", "reading_marks"},
    "whom a note names, which is recorded, and whether they have looked": {"note_mentions"},
}  # fmt: skip
VIEW = {"name": "Zephyrine", "filters": {"q": "labels"}}
NEW_PASSWORD = "copper-meadow-17-lighthouse"


class Desk:
    """A desk with one of everything, and for each route a way to call it that changes something."""

    def __init__(self, client: TestClient, resources: Resources, clock: StepClock) -> None:
        self.client, self.resources, self.clock = client, resources, clock

    def made(self, path: str, body: dict[str, Any], **options: Any) -> dict[str, Any]:
        answer = self.client.post(path, json=body, **options)
        assert answer.status_code in (200, 201, 202), answer.text
        found: dict[str, Any] = answer.json()
        return found

    def issue(self) -> str:
        body = {"subject": WORDS, "body": WORDS, "customer": {"name": "Zephyrine", "email": "zephyrine@example.com"}}
        return str(self.made("/v1/issues", body)["issue"]["id"])

    def customer(self) -> str:
        return str(self.made("/v1/customers", {"name": "Zephyrine"})["id"])

    def template(self) -> str:
        return str(self.made("/v1/templates", {"title": "Labels", "body": "Hello"})["id"])

    def article(self) -> str:
        return str(self.made("/v1/knowledge/articles", {"title": "Labels", "body": WORDS})["id"])

    def suggestion(self) -> str:
        headers = {"Accept": "application/json"}
        return str(self.made(f"/v1/issues/{self.issue()}/guidance", {}, headers=headers)["suggestion_id"])

    def proposal(self) -> str:
        issue_id, now = self.issue(), self.clock()
        with self.resources.database.transaction() as session:
            session.add(
                Proposal(
                    id="prp_01j9z3k6w8f5v9m2q4x7c1b0ad", kind="new", issue_id=issue_id, title="Labels", body=WORDS,
                    language="en", tags=[], reason="It was solved", status="pending", version=1, created_at=now,
                    updated_at=now,
                )
            )  # fmt: skip
        return "prp_01j9z3k6w8f5v9m2q4x7c1b0ad"

    def buried_job(self) -> str:
        self.client.post(f"/v1/issues/{self.issue()}/resolve", json={"resolution": {"text": "A new roll."}})
        with self.resources.database.transaction() as session:
            job_id = str(session.scalar(select(Job.id).limit(1)))
            session.execute(update(Job).where(Job.id == job_id).values(status="buried"))
        return job_id

    def user(self) -> dict[str, Any]:
        body = {"name": "Ada", "email": f"ada{id(object())}@example.com", "role": "agent"}
        return self.made("/v1/users", body)

    def key(self) -> str:
        found = self.made("/v1/api-keys", {"name": "Shop", "role": "agent"})
        return str(found.get("id") or found["api_key"]["id"])

    def enrolled(self) -> tuple[dict[str, str], pyotp.TOTP]:
        """A person who is setting up a second factor: headers and authenticator."""
        headers = headers_of(self.client, add_person(self.resources, "agent"))
        begun = self.made("/v1/auth/totp", {"password": PASSWORD}, headers=headers)
        return headers, pyotp.TOTP(begun["secret"])

    def with_second_factor(self) -> dict[str, str]:
        headers, totp = self.enrolled()
        self.made("/v1/auth/totp/confirm", {"code": totp.at(self.clock())}, headers=headers)
        return headers


def _person(desk: Desk) -> dict[str, str]:
    return headers_of(desk.client, add_person(desk.resources, "agent"))


def _login(desk: Desk) -> Call:
    return {}, {"json": add_person(desk.resources, "agent").credentials()}


def _setup(desk: Desk) -> Call:
    with desk.resources.database.transaction() as session:
        token = make_setup_link(session, desk.clock())
    return {}, {"json": {"token": token, "name": "Ada", "email": "ada@example.com", "password": NEW_PASSWORD}}


def _reset(desk: Desk) -> Call:
    token = desk.user()["password_link"]["link"].partition("token=")[2]
    return {}, {"json": {"token": token, "password": NEW_PASSWORD}}


def _session(desk: Desk) -> Call:
    person = add_person(desk.resources, "agent")
    headers = headers_of(desk.client, person)
    headers_of(desk.client, person)
    sessions = desk.client.get("/v1/auth/sessions", headers=headers).json()["data"]
    other = next(session["id"] for session in sessions if not session["current"])
    return {"session_id": other}, {"headers": headers}


def _other_sessions(desk: Desk) -> Call:
    person = add_person(desk.resources, "agent")
    headers_of(desk.client, person)
    return {}, {"headers": headers_of(desk.client, person)}


def _confirm(desk: Desk) -> Call:
    headers, totp = desk.enrolled()
    return {}, {"headers": headers, "json": {"code": totp.at(desk.clock())}}


def _user_sessions(desk: Desk) -> Call:
    person = add_person(desk.resources, "agent")
    headers_of(desk.client, person)
    return {"user_id": person.id}, {}


def _second_factor(desk: Desk) -> Call:
    headers = desk.with_second_factor()
    return {"user_id": desk.client.get("/v1/auth/me", headers=headers).json()["id"]}, {}


def _attachment(desk: Desk) -> Call:
    return {}, {"data": {"issue_id": desk.issue()}, "files": {"file": ("log.txt", b"words", "text/plain")}}


def _attachment_link(desk: Desk) -> Call:
    upload = {"data": {"issue_id": desk.issue()}, "files": {"file": ("log.txt", b"words", "text/plain")}}
    return {"attachment_id": desk.client.post("/v1/attachments", **upload).json()["id"]}, {}  # type: ignore[arg-type]


def _in_draft(desk: Desk) -> dict[str, str]:
    form, sent = {"issue_id": desk.issue(), "draft": "note"}, {"Idempotency-Key": "an upload"}
    return dict(desk.client.post("/v1/attachments", data=form, files={"file": b"words"}, headers=sent).json())


def _queued(desk: Desk) -> Call:
    waiting = desk.made(f"/v1/issues/{desk.issue()}/queued-messages", {"body": WORDS, "delay_s": 600})
    return {"queued_id": waiting["id"]}, {}


def _release(desk: Desk) -> Call:
    hold = desk.made("/v1/privacy/retention/holds", {"customer_id": desk.customer(), "reason": "A claim"})
    return {"hold_id": hold["id"]}, {}


def _incident(desk: Desk) -> dict[str, str]:
    issue_id = desk.issue()
    incident = desk.made("/v1/incidents", {"title": "Zephyrine", "issue_ids": [issue_id]})
    return {"incident_id": incident["id"], "issue_id": issue_id}


def _reply_to_all(desk: Desk) -> Call:
    ids = _incident(desk)
    return ids, {"json": {"body": WORDS, "issue_ids": [ids["issue_id"]]}}


def _taken_back(desk: Desk) -> Call:
    ids, options = _reply_to_all(desk)
    desk.made(f"/v1/incidents/{ids['incident_id']}/replies", options["json"], headers={"Idempotency-Key": "a-key"})
    return ids, {"json": {"key": "a-key", "issue_ids": [ids["issue_id"]]}}


def _view_order(desk: Desk) -> Call:
    ids = [desk.made("/v1/views", VIEW)["id"] for _ in range(2)]
    return {}, {"json": {"ids": ids[::-1]}}


_SIMPLE: dict[str, Callable[[Desk], Call]] = {
    "post_logout": lambda desk: ({}, {"headers": _person(desk)}),
    "post_password": lambda desk: (
        {}, {"headers": _person(desk), "json": {"current_password": PASSWORD, "new_password": NEW_PASSWORD}}
    ),
    "patch_me": lambda desk: ({}, {"headers": _person(desk), "json": {"name": "Zephyrine"}}),
    "post_totp_removal": lambda desk: ({}, {"headers": desk.with_second_factor(), "json": {"password": PASSWORD}}),
    "post_recovery_codes": lambda desk: ({}, {"headers": desk.with_second_factor(), "json": {"password": PASSWORD}}),
    "post_user": lambda _desk: ({}, {"json": {"name": "Ada", "email": "ada@example.com", "role": "agent"}}),
    "patch_user": lambda desk: ({"user_id": desk.user()["user"]["id"]}, {"json": {"role": "lead"}}),
    "post_password_link": lambda desk: ({"user_id": desk.user()["user"]["id"]}, {}),
    "post_api_key": lambda _desk: ({}, {"json": {"name": "Shop", "role": "agent"}}),
    "patch_api_key": lambda desk: ({"key_id": desk.key()}, {"json": {"name": "Till"}}),
    "delete_api_key": lambda desk: ({"key_id": desk.key()}, {}),
    "post_api_key_rotation": lambda desk: ({"key_id": desk.key()}, {"json": {}}),
    "post_export": lambda desk: ({}, {"json": {"customer_id": desk.customer()}}),
    "post_anonymization": lambda desk: ({}, {"json": {"customer_id": desk.customer()}}),
    "post_erasure": lambda desk: ({}, {"json": {"customer_id": desk.customer()}}),
    "put_retention": lambda _desk: ({}, {"json": {"rules": {"attachments": 900}}}),
    "post_legal_hold": lambda desk: ({}, {"json": {"customer_id": desk.customer(), "reason": "A claim"}}),
    "post_guidance": lambda desk: ({"issue_id": desk.issue()}, {"json": {}}),
    "post_macro": lambda desk: ({"issue_id": desk.issue()}, {"json": {}}),
    "put_response_targets": lambda _desk: (
        {}, {"json": {"targets": {"low": {"first_response_minutes": 9, "resolution_minutes": None}}}}
    ),
    "post_saved_view": lambda _desk: ({}, {"json": VIEW}),
    "patch_saved_view": lambda desk: ({"view_id": desk.made("/v1/views", VIEW)["id"]}, {"json": {"shared": True}}),
    "post_sample_data": lambda _desk: ({}, {}),
    "delete_saved_view": lambda desk: ({"view_id": desk.made("/v1/views", VIEW)["id"]}, {}),
    "put_view_order": _view_order,
    "post_incident": lambda desk: ({}, {"json": {"title": "Zephyrine", "issue_ids": [desk.issue()]}}),
    "patch_incident": lambda desk: (_incident(desk), {"json": {"status": "closed"}}),
    "post_incident_issues": lambda desk: (_incident(desk), {"json": {"issue_ids": [desk.issue()]}}),
    "delete_incident_issue": lambda desk: (_incident(desk), {}),
    "post_incident_replies": _reply_to_all,
    "post_incident_replies_take_back": _taken_back,
    "put_models_pause": lambda _desk: ({}, {"json": {"paused": True, "reason": WORDS}}),
    "put_reply_rules": lambda _desk: ({}, {"json": {"actions": {"dates": "flag"}}}),
    "post_outcome": lambda desk: ({"suggestion_id": desk.suggestion()}, {"json": {"outcome": "accepted"}}),
    "post_summary": lambda desk: ({"issue_id": desk.issue()}, {"json": {"kind": "handover"}}),
    "post_customer": lambda _desk: ({}, {"json": {"name": "Zephyrine"}}),
    "patch_customer": lambda desk: ({"customer_id": desk.customer()}, {"json": {"notes": WORDS, "plan": "gold"}}),
    "post_job_retry": lambda desk: ({"job_id": desk.buried_job()}, {}),
    "post_template": lambda _desk: ({}, {"json": {"title": "Labels", "body": "Hello"}}),
    "patch_template": lambda desk: ({"template_id": desk.template()}, {"json": {"body": "Good day"}}),
    "archive_template": lambda desk: ({"template_id": desk.template()}, {}),
    "post_article": lambda _desk: ({}, {"json": {"title": "Labels", "body": WORDS}}),
}  # fmt: skip
CALLS = {
    **_SIMPLE,
    "post_login": _login,
    "post_setup": _setup,
    "post_password_reset": _reset,
    "delete_session": _session,
    "post_end_other_sessions": _other_sessions,
    "post_totp_confirmation": _confirm,
    "delete_user_sessions": _user_sessions,
    "post_second_factor_removal": _second_factor,
    "post_attachment": _attachment,
    "delete_attachment": lambda desk: ({"attachment_id": _in_draft(desk)["id"]}, {}),
    "delete_upload": lambda desk: ({"issue_id": _in_draft(desk)["issue_id"], "key": "an upload"}, {}),
    "post_attachment_link": _attachment_link,
    "delete_queued_message": _queued,
    **ISSUE_CALLS,
    **KNOWLEDGE_CALLS,
    **TEAM_CALLS,
    **WEBHOOK_CALLS,
    "post_legal_hold_release": _release,
}


@pytest.fixture
def desk(app: FastAPI, resources: Resources, clock: StepClock) -> Iterator[Desk]:
    headers = {"Authorization": authorization(resources, "admin")}
    with TestClient(app, raise_server_exceptions=False, headers=headers) as client:
        yield Desk(client, resources, clock)


def events_of(resources: Resources, request_id: str) -> list[AuditEntry]:
    with resources.database.read() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.request_id == request_id)))


def test_every_route_that_changes_something_is_called_here() -> None:
    assert sorted([*CALLS, *SILENT]) == CHANGES, "each once"


@pytest.mark.parametrize("name", sorted(CALLS))
def test_a_change_leaves_an_event(desk: Desk, name: str) -> None:
    place, options = CALLS[name](desk)
    method, path, permission = OPERATIONS[name]
    options["headers"] = {**options.get("headers", {}), "X-Request-Id": "the-change", "User-Agent": "a-browser"}

    answer = desk.client.request(method, path.format(**place), **options)

    assert answer.status_code < 300, answer.text
    events = events_of(desk.resources, "the-change")
    assert events
    for event in events:
        assert (event.via, event.address, event.user_agent) == ("http", "testclient", "a-browser")
        assert event.actor or permission == "public"
        assert event.target
        kept = json.dumps([event.before, event.after])
        assert "ephyrine" not in kept
        assert "labels" not in kept.lower()


def test_a_draft_leaves_none(desk: Desk) -> None:
    method, path, _ = OPERATIONS["put_draft"]
    headers = {**headers_of(desk.client, add_person(desk.resources, "agent")), "X-Request-Id": "the-draft"}

    body = {"reply": WORDS, "note": ""}
    answer = desk.client.request(method, path.format(issue_id=desk.issue()), json=body, headers=headers)

    assert answer.status_code < 300, answer.text
    assert not events_of(desk.resources, "the-draft")


def test_every_table_is_in_the_trail_or_has_a_reason_not_to_be() -> None:
    elsewhere = {name for names in ELSEWHERE.values() for name in names}
    recorded = {model.__tablename__ for model in RECORDS}  # type: ignore[attr-defined]

    assert sorted([*elsewhere, *recorded]) == sorted(Base.metadata.tables), "each once"


def test_an_edit_shows_what_was_and_what_is(desk: Desk) -> None:
    issue_id = desk.issue()
    body = {"status": "pending", "severity": "low", "subject": "Zephyrine again"}
    desk.client.patch(f"/v1/issues/{issue_id}", json=body, headers={"X-Request-Id": "the-edit"})

    (event,) = events_of(desk.resources, "the-edit")
    assert (event.action, event.target) == ("issue.edited", issue_id)
    assert {"status", "severity", "subject"} <= set(event.changed)
    assert (event.before["status"], event.after["status"]) == ("open", "pending")
    assert event.after["severity"] == "low"
    assert "subject" not in {**event.before, **event.after}


def test_an_edit_of_what_is_encrypted_names_the_field_alone(desk: Desk) -> None:
    customer_id = desk.customer()
    body = {"email": "zephyrine@example.com", "plan": "gold"}
    desk.client.patch(f"/v1/customers/{customer_id}", json=body, headers={"X-Request-Id": "the-edit"})

    (event,) = events_of(desk.resources, "the-edit")
    assert {"email", "plan"} <= set(event.changed)
    assert not [name for name in event.changed if name.endswith(("_sealed", "_index"))]
    assert event.after["plan"] == "gold"
    assert "email" not in {**event.before, **event.after}


def test_what_is_rolled_back_leaves_no_event(desk: Desk) -> None:
    headers = {"X-Request-Id": "the-edit"}
    answer = desk.client.patch(f"/v1/customers/{desk.customer()}", json={"name": None}, headers=headers)

    assert answer.status_code == 422
    assert not events_of(desk.resources, "the-edit")
