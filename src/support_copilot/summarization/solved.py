"""A solved issue, read for writing about it: the fix in force, and what of it an article may be made from."""

from dataclasses import dataclass

from support_copilot.db.models import Conversation, Resolution
from support_copilot.issues.queries import IssueRecord, current_conversation, load_issue
from support_copilot.ml.language import detect_language
from support_copilot.ml.thin_fix import is_thin
from support_copilot.resources import Resources
from support_copilot.summarization.anonymous import People
from support_copilot.summarization.generator import confirmed_fix
from support_copilot.summarization.parser import ParsedConversation, parse_conversation
from support_copilot.summarization.queries import newest_resolution
from support_copilot.summarization.seen_people import people_of
from support_copilot.summarization.updater import Evidence, evidence_of


@dataclass(frozen=True, slots=True)
class Told:
    """An issue read for writing about it."""

    record: IssueRecord
    resolution: Resolution | None
    conversation: Conversation | None
    language: str


def read_solved(resources: Resources, issue_id: str) -> Told:
    """The issue as it is now.

    Raises:
        IssueNotFoundError: no issue has this id.
    """
    with resources.database.read() as session:
        record = load_issue(session, issue_id)
        return Told(
            record,
            newest_resolution(session, issue_id),
            current_conversation(session, issue_id),
            record.issue.language or "en",
        )


@dataclass(frozen=True, slots=True)
class Fix:
    """What solved an issue: as recorded, or (``only_told``) as the conversation tells it."""

    text: str
    steps: tuple[str, ...] = ()
    kind: str | None = None
    resolution_id: str | None = None
    only_told: bool = False
    #: Where it was read for the fix already: a long one is not read twice.
    conversation: ParsedConversation | None = None


def fix_in_force(told: Told) -> Fix | None:
    """The recorded fix; where none says how, what the support team told and the customer confirmed."""
    recorded = told.resolution if told.resolution is not None and not told.resolution.reopened else None
    if recorded is not None and (recorded.steps or not is_thin(recorded.text)):
        return Fix(recorded.text, tuple(recorded.steps), recorded.kind, recorded.id)
    conversation = public_part(told) if told.record.issue.status in ("resolved", "closed") else None
    text = confirmed_fix(conversation) if conversation else None
    if text is not None:
        kind, known = (recorded.kind, recorded.id) if recorded else (None, None)
        return Fix(text, (), kind, known, only_told=True, conversation=conversation)
    return Fix(recorded.text, (), recorded.kind, recorded.id, conversation=conversation) if recorded else None


def public_part(told: Told) -> ParsedConversation:
    """The conversation without internal notes."""
    return parse_conversation([m for m in told.record.messages if m.visibility == "public"], told.language)


def evidence_from(told: Told, fix: Fix) -> tuple[Evidence, People, str]:
    """What an article may be made from, who the issue tells of, and in which language it is."""
    record = told.record
    people = people_of(record, (fix.text, *fix.steps), told.language)
    evidence = evidence_of(record.issue.subject, fix.conversation or public_part(told), fix.text, fix.steps)
    theirs = "\n".join((record.issue.subject, *evidence.told))
    guess = detect_language(f"{theirs}\n{fix.text}")
    # A few words without their accents may be any language; the fix tells which.
    doubtful = guess.sure and not detect_language(theirs).sure
    return evidence, people, guess.code if doubtful else told.language
