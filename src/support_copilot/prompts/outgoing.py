"""The way out to a model: whether it may be asked at all, and what exactly it is given."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from support_copilot.backends.llm.errors import ModelError, ModelsPausedError
from support_copilot.backends.llm.port import ModelCall, ModelInfo, Task
from support_copilot.db.models import Customer
from support_copilot.identity.principal import Principal
from support_copilot.issues.queries import IssueRecord
from support_copilot.kit.reasons import Reason
from support_copilot.ml.mail_text import clean_message
from support_copilot.ml.personal_data import KnownPerson, PlaceholderMasker
from support_copilot.prompts.prompt import Prompt, Rendered, as_data, render, with_passages
from support_copilot.resources import Resources
from support_copilot.retrieval.outside import known_people

_READ_CHARS: Final = 20_000
#: Messages that are numbered first, oldest first, so that a value keeps its placeholder from call to call.
_NUMBERED: Final = 60
_MARK_BYTES: Final = 4
#: With less room than this there is no use in asking.
_LEAST_ROOM: Final = 600


@dataclass(frozen=True, slots=True)
class NotSent:
    """Why no model is asked; ``detail`` is a sentence for the agent."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What is sent, and what brings the answer back.

    ``masker`` knows whose placeholders they are; it holds personal data and lives no longer than the call.
    """

    prompt: Prompt
    rendered: Rendered
    masker: PlaceholderMasker
    info: ModelInfo
    issue_id: str | None
    user: str | None

    def call(self) -> ModelCall:
        return ModelCall(self.prompt.task, self.rendered.messages, user=self.user)


NO_MODEL: Final = NotSent(
    "model_not_set", Reason("model.not_set", "No language model is set for this, so the offline engine answered.")
)
PAUSED: Final = NotSent(
    ModelsPausedError.code,
    Reason("model.paused", "An administrator has paused the language models, so the offline engine answered."),
)
OPTED_OUT: Final = NotSent(
    "customer_opted_out",
    Reason(
        "model.opted_out",
        "This customer does not want a language model to read what they write, so the offline engine answered.",
    ),
)
NO_ROOM: Final = NotSent(
    "model_too_small",
    Reason("model.too_small", "The language model reads too little for this, so the offline engine answered."),
)


def asker(principal: Principal) -> str | None:
    """Whom a call is charged to: people and keys by their ids, nobody for work in the background."""
    return principal.id if principal.kind in ("user", "key") else None


def may_be_sent(resources: Resources, task: Task, customer: Customer | None) -> NotSent | None:
    """Why nothing of this customer may go to a model, None where it may. Asked before anything is made ready."""
    if resources.llm.describe(task) is None:
        return NO_MODEL
    if customer is not None and not customer.language_model_allowed:
        return OPTED_OUT
    try:
        return PAUSED if resources.llm.is_paused() else None
    except ModelError as error:
        return NotSent(error.code, f"{error.title}, so the offline engine answered.")


def make_ready(
    resources: Resources,
    prompt: Prompt,
    record: IssueRecord,
    *,
    language: str | None,
    user: str | None,
    names: Sequence[str] = (),
) -> Outgoing | NotSent:
    """The prompt masked and fitted to the model that would answer; nothing is sent yet.

    Args:
        language: ISO 639-1 code of the conversation, where it is known.
        user: id of who asks, for the budget.
        names: further people of the issue, such as who will sign.
    """
    refusal = may_be_sent(resources, prompt.task, record.customer)
    if refusal is not None:
        return refusal
    info = resources.llm.describe(prompt.task)
    assert info is not None  # noqa: S101  # may_be_sent has looked
    masker = PlaceholderMasker(known=_people(record, names), language=language)
    for text in _numbered_first(record):
        masker.mask(text)
    masked = with_passages(prompt, {each.id: masker.mask(as_data(each.text)) for each in prompt.passages})
    room = info.context_tokens - min(info.max_tokens, info.context_tokens // 2)
    if room < _LEAST_ROOM:
        return NO_ROOM
    rendered = render(masked, mark=secrets.token_hex(_MARK_BYTES), room=room)
    return Outgoing(masked, rendered, masker, info, record.issue.id, user)


def _people(record: IssueRecord, names: Sequence[str]) -> list[KnownPerson]:
    customer = record.customer
    known: list[KnownPerson] = []
    if customer is not None:
        known += known_people(customer)
    writers = dict.fromkeys(name for message in record.messages if (name := message.author_name))
    return [*known, *(KnownPerson(name) for name in dict.fromkeys([*writers, *filter(None, names)]))]


def _numbered_first(record: IssueRecord) -> Iterable[str]:
    """The customer, the subject, the messages from the first on: what is always there, in the order it came."""
    customer = record.customer
    if customer is not None:
        for known in customer.known_as:
            yield "\n".join(filter(None, (known.name, known.email, known.phone)))
    yield record.issue.subject
    for message in record.messages[:_NUMBERED]:
        if message.visibility == "public":
            yield clean_message(message.body[:_READ_CHARS]).text
