"""The polite frame of a reply in one language: greetings, closings, empathy, and how to ask for something."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from support_copilot.ml.tone import Tone


@dataclass(frozen=True, slots=True)
class ByTone:
    """The same thing said in three tones."""

    formal: str
    warm: str
    neutral: str

    def of(self, tone: Tone) -> str:
        match tone:
            case "formal":
                return self.formal
            case "warm":
                return self.warm
            case "neutral":
                return self.neutral


@dataclass(frozen=True, slots=True)
class Phrases:
    """``{name}``, ``{topic}``, ``{title}`` and ``{things}`` stand for what is put in; addresses are polite."""

    greeting: ByTone
    greeting_unnamed: ByTone
    closing: ByTone
    thanks: ByTone
    apology: ByTone
    glad: ByTone
    #: Behind a text that does not know yet whether it helped.
    follow_up: ByTone
    #: When the customer has not written since the last answer.
    check_back: str
    #: After thanks: the door stays open.
    anything_else: str
    about_topic: str
    no_source: str
    #: The same while something of the company's own is down or leaking.
    incident: str
    fix_lead: str
    steps_lead: str
    article_lead: str
    ask: str
    conjunction: str
    #: What can be asked for, in the form that fits ``ask``.
    things: Mapping[str, str]
    #: A thing that has no phrase of its own.
    unknown_thing: str
    #: How the first line of a letter begins, lower case.
    greeting_words: tuple[str, ...]

    def question(self, names: Sequence[str]) -> str:
        """The question that asks for these things, in one sentence."""
        spoken = [self.things.get(name) or self.unknown_thing.format(name=name.replace("_", " ")) for name in names]
        listed = spoken[0] if len(spoken) == 1 else f"{', '.join(spoken[:-1])} {self.conjunction} {spoken[-1]}"
        return self.ask.format(things=listed)


#: What a diagnosis may need; each is a key of ``Phrases.things`` in every language.
THINGS: Final = (
    "order_number", "invoice_number", "version", "error_message", "account", "tracking_number", "device", "details",
)  # fmt: skip
