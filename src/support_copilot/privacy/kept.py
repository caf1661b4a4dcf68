"""What held customers' records say of somebody who is forgotten: kept, told in the receipt, masked afterwards."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Text, cast, or_, select

from support_copilot.db.models import PrivacyRequest
from support_copilot.ml.personal_data import KnownPerson
from support_copilot.privacy.mentions import Quotes, count_mentions, forget_quotes, mask_mentions, quoting
from support_copilot.privacy.person import Person, without_shared_marks
from support_copilot.privacy.removal import BATCH, batches
from support_copilot.privacy.requests import QUOTED, add_counts, finish, get_request, lock_request
from support_copilot.privacy.verification import settle_files
from support_copilot.resources import Resources


def note_person(request: PrivacyRequest, person: Person | None) -> None:
    """Remember with the request, encrypted, whom records still name; None where none does."""
    request.person = _plain(person) if person else {}


def note_quoted(request: PrivacyRequest, quotes: Quotes, issue_ids: Sequence[str]) -> None:
    """Remember which issues records quote that a hold keeps."""
    if quotes.kept:
        request.progress = request.progress | {QUOTED: sorted({*request.progress.get(QUOTED, []), *issue_ids})}


def count_elsewhere(resources: Resources, request_id: str) -> tuple[Counter[str], Counter[str]]:
    """What records of others still say of the person: how many do, and how many of these a hold keeps."""
    with resources.database.read() as session:
        request = get_request(session, None, request_id)
        person, issue_ids = _person(request), request.progress.get(QUOTED, [])
        left, kept = Counter(mentions=0, quotes=0), Counter(mentions=0, quotes=0)
        if person is not None:
            person = without_shared_marks(session, person)
            left["mentions"] = count_mentions(session, person)
            kept["mentions"] = count_mentions(session, person, held=True) if left["mentions"] else 0
    kept["quotes"] = left["quotes"] = sum(quoting(resources, ids).kept for ids in batches(issue_ids, BATCH))
    return left, kept


def mask_kept(resources: Resources) -> int:
    """Take people out of records that were under a hold when these people were forgotten; returns for how many.

    Each gets a new receipt. What another hold keeps stays.
    """
    waiting = or_(PrivacyRequest.person_sealed.is_not(None), cast(PrivacyRequest.progress, Text).contains(QUOTED))
    with resources.database.read() as session:
        ids = list(session.scalars(select(PrivacyRequest.id).where(PrivacyRequest.status == "done", waiting)))
    return sum(_mask_kept_of(resources, request_id) for request_id in ids)


def _mask_kept_of(resources: Resources, request_id: str) -> bool:
    with resources.database.read() as session:
        request = get_request(session, None, request_id)
        person, issue_ids = _person(request), request.progress.get(QUOTED, [])
        if person is not None:
            person = without_shared_marks(session, person)
    removed = Counter(mentions=mask_mentions(resources, person) if person else 0)
    for ids in batches(issue_ids, BATCH):
        quotes = quoting(resources, ids)
        with resources.database.transaction() as session:
            removed["quotes"] += forget_quotes(session, quotes, ids)
    with resources.database.transaction() as session:
        request = lock_request(session, request_id)
        add_counts(request, removed)
        told = {name: request.counts.get(name, {}).get("left", 0) for name in ("mentions", "quotes")}
    left, kept = count_elsewhere(resources, request_id)
    # Not by ``removed``: what an earlier try masked before it was cut off is told as well.
    if left == told and not removed.total():
        return False
    settle_files(resources)
    finish(resources, request_id, left, kept)
    return True


def _plain(person: Person) -> dict[str, Any]:
    known = [{"name": each.name, "emails": each.emails, "phones": each.phones} for each in person.known]
    return {"customer_ids": person.customer_ids, "known": known, "marks": person.marks}


def _person(request: PrivacyRequest) -> Person | None:
    stored = request.person
    if not stored:
        return None
    # What was stored before customers could be merged is of one record.
    ids, records = stored.get("customer_ids") or [stored["customer_id"]], stored.get("known") or [stored]
    known = tuple(
        KnownPerson(name=each["name"], emails=tuple(each["emails"]), phones=tuple(each["phones"])) for each in records
    )
    return Person(tuple(ids), known, tuple(stored["marks"]))
