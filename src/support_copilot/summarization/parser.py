"""The conversation parser: who said what, and what each sentence does."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from support_copilot.ml.mail_text import clean_message
from support_copilot.ml.sentences import split_sentences
from support_copilot.summarization.cues import (
    CLOSING,
    CONFIRMATION,
    COURTESY,
    EMPTY,
    FAILURE,
    HANDLES,
    OPENING,
    PAST,
    PROMISE,
    SIGNED,
    STEP,
    is_call,
)

#: A message is read up to here; what a person has to say comes before.
_READ_CHARS: Final = 20_000
#: Of a very long conversation the beginning and the end are read.
_MAX_MESSAGES: Final = 400
_MAX_SENTENCES_PER_MESSAGE: Final = 60
_COURTESY_WORDS: Final = 9
_MIN_WORDS: Final = 3
_MAX_SENTENCE_CHARS: Final = 400


class SaidMessage(Protocol):
    """What the parser needs of a message."""

    @property
    def id(self) -> str: ...
    @property
    def author(self) -> str: ...
    @property
    def visibility(self) -> str: ...
    @property
    def body(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence as it was said, and in ``text`` without greeting and handles; nothing is ever added."""

    text: str
    message_id: str
    author: str
    internal: bool
    #: Place in the conversation: which turn (of one speaker), which sentence overall.
    turn: int
    position: int
    question: bool
    step: bool
    promise: bool
    confirmation: bool
    failure: bool
    #: Regret, thanks, a plea for another channel: nothing about the matter.
    empty: bool = False
    #: An agent takes leave: nothing to tell at all.
    closing: bool = False
    #: Calls for somebody without saying what for.
    call: bool = False


@dataclass(frozen=True, slots=True)
class ParsedConversation:
    """All sentences that say something, in order, and which questions nobody answered."""

    sentences: tuple[Sentence, ...]
    open_questions: tuple[Sentence, ...]
    open_promises: tuple[Sentence, ...]

    def by(self, author: str, *, internal: bool = False) -> list[Sentence]:
        """What one side said, in public or among colleagues."""
        return [s for s in self.sentences if s.author == author and s.internal == internal]


def parse_conversation(messages: Sequence[SaidMessage], language: str = "en") -> ParsedConversation:
    """Read a conversation, oldest message first: quotes, signatures, greetings and automatic messages left out."""
    if len(messages) > _MAX_MESSAGES:
        messages = [*messages[: _MAX_MESSAGES // 2], *messages[-_MAX_MESSAGES // 2 :]]
    sentences: list[Sentence] = []
    turn, speaker = -1, None
    for message in messages:
        if message.author == "system":
            continue
        who = (message.author, message.visibility)
        if who != speaker:
            turn, speaker = turn + 1, who
        for text, whole in _sentences_of(message.body, language):
            sentences.append(_sentence(text, whole, message, turn, len(sentences)))
    kept = tuple(sentences)
    return ParsedConversation(kept, tuple(_unanswered(kept)), tuple(_unkept(kept)))


def _sentences_of(body: str, language: str) -> Iterable[tuple[str, str]]:
    """Each sentence that says something, bare and as it was said."""
    cleaned = clean_message(body[:_READ_CHARS]).text
    for text in split_sentences(cleaned, language)[:_MAX_SENTENCES_PER_MESSAGE]:
        bare = OPENING.sub("", HANDLES.sub("", SIGNED.sub("", text))).strip(" \t-–•*,;")
        words = len(bare.split())
        if not bare or (words < _MIN_WORDS and not _is_telling(bare)):
            continue
        if COURTESY.match(bare) and words <= _COURTESY_WORDS:
            continue
        yield bare[:_MAX_SENTENCE_CHARS], text[:_MAX_SENTENCE_CHARS]


def _is_telling(text: str) -> bool:
    """Short answers such as "Works now" matter; so do scripts without spaces."""
    return bool(CONFIRMATION.search(text) or FAILURE.search(text)) or (" " not in text and len(text) > 8)


def _sentence(text: str, whole: str, message: SaidMessage, turn: int, position: int) -> Sentence:
    # What a sentence does often shows in the words that are cut from its beginning: "Please restart it".
    question = text.rstrip("\"'”)»").endswith(("?", "？", "؟"))
    failed = bool(FAILURE.search(whole))
    return Sentence(
        text=text,
        message_id=message.id,
        author=message.author,
        internal=message.visibility == "internal",
        turn=turn,
        position=position,
        question=question,
        step=bool(STEP.search(whole)) and not (question and message.author == "customer"),
        promise=message.author == "agent" and bool(PROMISE.search(whole)) and not question,
        confirmation=message.author == "customer" and not failed and not question and _confirms(whole),
        failure=failed,
        empty=bool(EMPTY.search(text)),
        closing=message.author == "agent" and bool(CLOSING.search(whole)),
        call=message.author == "customer" and is_call(text),
    )


def _confirms(text: str) -> bool:
    return bool(CONFIRMATION.search(text)) and not PAST.search(text)


def _unanswered(sentences: Sequence[Sentence]) -> Iterable[Sentence]:
    """Questions after which the other side said nothing in public."""
    last_turn = {
        author: max((s.turn for s in sentences if s.author == author and not s.internal), default=-1)
        for author in ("customer", "agent")
    }
    for sentence in sentences:
        other = "agent" if sentence.author == "customer" else "customer"
        if sentence.question and not sentence.internal and last_turn[other] < sentence.turn:
            yield sentence


def _unkept(sentences: Sequence[Sentence]) -> Iterable[Sentence]:
    """Promises after which the agent said nothing more and the customer did not confirm."""
    settled = max((s.turn for s in sentences if s.confirmation), default=-1)
    last_agent_turn = max((s.turn for s in sentences if s.author == "agent" and not s.internal), default=-1)
    for sentence in sentences:
        if sentence.promise and not sentence.internal and sentence.turn >= last_agent_turn and sentence.turn > settled:
            yield sentence
