"""What a reply may be made from: gathered material, how much of it there is, and what was left out."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, Literal

from support_copilot.guidance.draft import Source
from support_copilot.guidance.policy import DEFAULT_POLICY, Policy
from support_copilot.guidance.scrub import NOBODY, Identity
from support_copilot.kit.text import count_tokens
from support_copilot.ml.mail_kind import MailKind
from support_copilot.ml.sentiment import SentimentLabel
from support_copilot.ml.severity import IncidentKind

ItemKind = Literal["message", "note", "customer", "issue", "article", "template"]

#: Estimated model tokens, for each kind and for all together.
TOKEN_BUDGETS: Final[Mapping[ItemKind, int]] = {
    "message": 1600, "note": 400, "customer": 150, "issue": 800, "article": 900, "template": 700,
}  # fmt: skip
TOTAL_BUDGET: Final = 4000


@dataclass(frozen=True, slots=True)
class Turn:
    """A public message without quoted history and signature."""

    message_id: str
    author: str
    text: str


@dataclass(frozen=True, slots=True)
class Material:
    """A fix that lasted or a passage of an article: sentences first, then steps; all may be shown to the customer.

    ``likeness`` is the cosine to what the customer asks, None without vectors. ``withheld`` counts sentences that
    may not leave their issue, or that address a machine or a colleague. ``language`` is the one it is written in.
    ``lured`` says that somewhere in it whoever answers is told what to write; ``model_allowed`` that its customer lets
    a language model read it. ``matters``: what it is about, as ``ml/matters.py`` tells such things apart.
    """

    source: Source
    sentences: tuple[str, ...]
    steps: tuple[str, ...]
    language: str
    likeness: float | None
    score: float
    withheld: int = 0
    lured: bool = False
    model_allowed: bool = True
    matters: frozenset[str] = frozenset()

    def text(self) -> str:
        return "\n".join((*self.sentences, *self.steps))


@dataclass(frozen=True, slots=True)
class TemplateOption:
    """A template that fits, best first by ``score`` (0..1); ``matters`` as of ``Material``."""

    source: Source
    version: int
    body: str
    tone: str | None
    score: float
    matters: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ContextItem:
    """Something that was found; ``reason`` says why it was left out, None when it was taken."""

    kind: ItemKind
    id: str
    title: str
    tokens: int
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class GuidanceContext:
    """All that a composer may read. Internal notes are background: nothing of them goes into a reply.

    ``open_turn`` is what the customer said since the last public answer. ``values`` fill placeholders.
    ``foreign`` is what would give other customers away. ``message_count`` dates the draft. ``incident`` says what of
    the company's own is reported to be down or leaking, so that only the company can end it.
    """

    issue_id: str
    subject: str
    language: str
    turns: tuple[Turn, ...] = ()
    open_turn: str = ""
    notes: tuple[str, ...] = ()
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    sentiment: SentimentLabel = "neutral"
    fixes: tuple[Material, ...] = ()
    passages: tuple[Material, ...] = ()
    templates: tuple[TemplateOption, ...] = ()
    foreign: Identity = NOBODY
    items: tuple[ContextItem, ...] = ()
    message_count: int = 0
    policy: Policy = DEFAULT_POLICY
    #: Names of attached files, as whoever sent them named them.
    files: tuple[str, ...] = ()
    incident: frozenset[IncidentKind] = frozenset()
    #: What the customer says has happened.
    matters: frozenset[str] = frozenset()
    #: What it is, where it is no request for help.
    mail: MailKind | None = None

    def said(self) -> str:
        """Everything that customer and agents know already: subject and public messages."""
        return "\n".join((self.subject, *(turn.text for turn in self.turns)))

    def known(self) -> frozenset[str]:
        """Which things the customer named already, such as ``order_number``."""
        return frozenset(self.values.get("ask", {}))

    def report(self) -> dict[str, Any]:
        """What was taken and what was left out, with token counts: the data of the ``context`` event."""
        taken = [item for item in self.items if item.reason is None]
        by_kind: dict[str, int] = {}
        for item in taken:
            by_kind[item.kind] = by_kind.get(item.kind, 0) + item.tokens
        return {
            "language": self.language,
            "items": [{k: v for k, v in asdict(item).items() if k != "reason"} for item in taken],
            "left_out": [asdict(item) for item in self.items if item.reason is not None],
            "tokens": {"total": sum(by_kind.values()), "budget": TOTAL_BUDGET, "by_kind": by_kind},
        }


def within_budget(candidates: Sequence[tuple[ContextItem, str]]) -> tuple[ContextItem, ...]:
    """Take what fits, first come first served, within the budget of its kind and of all together.

    Args:
        candidates: items in order of worth with the text of each, whose tokens are counted here.

    Returns:
        the items in the order given, with tokens, and with the reason where one was left out.
    """
    left = dict(TOKEN_BUDGETS)
    total = TOTAL_BUDGET
    items: list[ContextItem] = []
    for item, text in candidates:
        tokens = count_tokens(text)
        reason = item.reason
        if reason is None and tokens > min(left[item.kind], total):
            reason = "over the token budget"
        if reason is None:
            left[item.kind] -= tokens
            total -= tokens
        items.append(replace(item, tokens=tokens, reason=reason))
    return tuple(items)
