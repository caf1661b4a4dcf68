"""Templates that people put into their replies themselves, counted when the reply is sent."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import select

from support_copilot.db.engine import WriteSession
from support_copilot.db.models import Message, Template, TemplateUse
from support_copilot.kit.text import one_line
from support_copilot.knowledge.templates import count_template_outcome, count_template_use
from support_copilot.ml.phrases import folded_words

#: What a template leaves where the issue does not tell it; filling it changes nothing of the template.
_BLANK: Final = re.compile(r"\[[^\[\]\n]{1,80}\]")
#: With less of its runs of words than this a reply is not made of the template any more.
_LEAST_SHARE: Final = 0.4
_READ_CHARS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Inserted:
    """What was put into a reply: the words of a template as they were filled for the issue."""

    template_id: str
    text: str


def count_inserted(session: WriteSession, message: Message, inserted: Sequence[Inserted]) -> None:
    """Note which templates a reply that was sent is made of; what its writer took out again is not counted."""
    outcomes = {each.template_id: made_of(each.text, message.body) for each in inserted}
    known = session.scalars(select(Template.id).where(Template.id.in_(outcomes)).order_by(Template.id))
    for template_id in list(known):
        outcome = outcomes[template_id]
        if outcome is None:
            continue
        use = TemplateUse(message_id=message.id, template_id=template_id, issue_id=message.issue_id, outcome=outcome)
        session.add(use)
        count_template_use(session, template_id)
        count_template_outcome(session, template_id, outcome)


def made_of(text: str, sent: str) -> Literal["accepted", "edited"] | None:
    """Whether a reply has a text as it was, changed, or hardly any of it. Blanks that were filled change nothing."""
    text, sent = text[:_READ_CHARS], sent[:_READ_CHARS]
    if _stands_in(text, one_line(sent)):
        return "accepted"
    runs, kept = _runs(text), set(_runs(sent))
    share = sum(run in kept for run in runs) / len(runs) if runs else 0.0
    return "edited" if share >= _LEAST_SHARE else None


def _runs(text: str) -> list[tuple[str, ...]]:
    """Neighbouring words: single ones, a greeting and a closing stand in many texts that have nothing in common."""
    words = folded_words(_BLANK.sub(" ", text))
    return list(zip(words, words[1:], words[2:], strict=False))


def _stands_in(text: str, sent: str) -> bool:
    place = 0
    for piece in filter(None, (one_line(part) for part in _BLANK.split(text))):
        found = sent.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    return place > 0
