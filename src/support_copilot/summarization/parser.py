"""The conversation parser: who said what, and what each sentence does."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
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
    REQUEST,
    SIGNED,
    STEP,
    is_call,
)
from support_copilot.summarization.deeds import DEED, is_own_try, is_praise, is_well, promises_at_a_time

#: A message is read up to here; what a person has to say comes before.
_READ_CHARS: Final = 20_000
#: Of a very long conversation the beginning and the end are read.
_MAX_MESSAGES: Final = 400
_MAX_SENTENCES_PER_MESSAGE: Final = 60
_COURTESY_WORDS: Final = 9
_MIN_WORDS: Final = 3
#: What is longer says by itself what it answers.
_BRIEF_WORDS: Final = 5
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
    #: The agent tells what they did about it.
    deed: bool = False
    #: The customer took this step before they wrote.
    own_try: bool = False
    #: A colleague is asked for something in a note.
    request: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A question of the agent and the few words that the customer answered it with."""

    question: Sentence
    text: str
    message_id: str


@dataclass(frozen=True, slots=True)
class ParsedConversation:
    """All sentences that say something, in order, and which questions nobody answered."""

    sentences: tuple[Sentence, ...]
    open_questions: tuple[Sentence, ...]
    open_promises: tuple[Sentence, ...]
    short_answers: tuple[Answer, ...] = ()

    def by(self, author: str, *, internal: bool = False) -> list[Sentence]:
        """What one side said, in public or among colleagues."""
        return [s for s in self.sentences if s.author == author and s.internal == internal]


def parse_conversation(messages: Sequence[SaidMessage], language: str = "en") -> ParsedConversation:
    """Read a conversation, oldest message first: quotes, signatures, greetings and automatic messages left out."""
    if len(messages) > _MAX_MESSAGES:
        messages = [*messages[: _MAX_MESSAGES // 2], *messages[-_MAX_MESSAGES // 2 :]]
    sentences: list[Sentence] = []
    brief: list[_Brief] = []
    turn, speaker = -1, None
    for message in messages:
        if message.author == "system":
            continue
        who = (message.author, message.visibility)
        if who != speaker:
            turn, speaker = turn + 1, who
        for text, whole in _sentences_of(message.body, language):
            if len(text.split()) < _MIN_WORDS and not _is_telling(text):
                brief.append(_Brief(turn, message.author, message.visibility == "internal", text, message.id))
                continue
            sentences.append(_sentence(text, whole, message, turn, len(sentences)))
    kept = tuple(_with_praise(sentences))
    return ParsedConversation(
        kept, tuple(_unanswered(kept, brief)), tuple(_unkept(kept)), tuple(_short_answers(kept, brief))
    )


@dataclass(frozen=True, slots=True)
class _Brief:
    """Words that are no sentence: "5.2.1", "Yes"; an answer where a question stands before them."""

    turn: int
    author: str
    internal: bool
    text: str
    message_id: str


def _sentences_of(body: str, language: str) -> Iterable[tuple[str, str]]:
    """Each sentence that says something, bare and as it was said."""
    cleaned = clean_message(body[:_READ_CHARS]).text
    for text in split_sentences(cleaned, language)[:_MAX_SENTENCES_PER_MESSAGE]:
        bare = OPENING.sub("", HANDLES.sub("", SIGNED.sub("", text))).strip(" \t-–•*,;")
        if not bare or (COURTESY.match(bare) and len(bare.split()) <= _COURTESY_WORDS):
            continue
        yield bare[:_MAX_SENTENCE_CHARS], text[:_MAX_SENTENCE_CHARS]


def _is_telling(text: str) -> bool:
    """Short answers such as "Works now" matter; so do scripts without spaces."""
    return bool(CONFIRMATION.search(text) or FAILURE.search(text) or is_well(text) or is_praise(text)) or (
        " " not in text and len(text) > 8
    )


def _sentence(text: str, whole: str, message: SaidMessage, turn: int, position: int) -> Sentence:
    # What a sentence does often shows in the words that are cut from its beginning: "Please restart it".
    question = text.rstrip("\"'”)»").endswith(("?", "？", "؟"))
    failed = bool(FAILURE.search(whole))
    by_agent = message.author == "agent"
    promise = by_agent and not question and bool(PROMISE.search(whole) or promises_at_a_time(whole))
    step = bool(STEP.search(whole)) and not (question and message.author == "customer")
    internal = message.visibility == "internal"
    return Sentence(
        text=text,
        message_id=message.id,
        author=message.author,
        internal=internal,
        turn=turn,
        position=position,
        question=question,
        step=step,
        promise=promise,
        confirmation=message.author == "customer" and not failed and not question and _confirms(whole),
        failure=failed,
        empty=bool(EMPTY.search(text)),
        closing=message.author == "agent" and bool(CLOSING.search(whole)),
        call=message.author == "customer" and is_call(text),
        deed=by_agent and not (question or promise) and bool(DEED.search(whole)),
        own_try=step and message.author == "customer" and is_own_try(whole),
        request=internal and (question or bool(REQUEST.search(whole))),
    )


def _confirms(text: str) -> bool:
    return is_well(text) or (bool(CONFIRMATION.search(text)) and not PAST.search(text))


def _with_praise(sentences: Sequence[Sentence]) -> Iterable[Sentence]:
    """Praise confirms what was done or told to do right before; after a promise it confirms nothing."""
    answered: list[Sentence] = []
    for sentence in sentences:
        if sentence.author == "agent" and not sentence.internal:
            answered = [*(s for s in answered if s.turn == sentence.turn), sentence]
        elif sentence.author == "customer" and is_praise(sentence.text) and not (sentence.failure or sentence.question):
            done = any(s.deed or s.step for s in answered) and not any(s.promise for s in answered)
            yield replace(sentence, confirmation=sentence.confirmation or done)
            continue
        yield sentence


def _unanswered(sentences: Sequence[Sentence], brief: Sequence[_Brief]) -> Iterable[Sentence]:
    """Questions after which the other side said nothing in public, or only asked in its turn."""
    last_turn = {
        author: max(
            (
                *(s.turn for s in sentences if s.author == author and not (s.internal or _only_asks(s))),
                *(each.turn for each in brief if each.author == author and not each.internal),
            ),
            default=-1,
        )
        for author in ("customer", "agent")
    }
    for sentence in sentences:
        other = "agent" if sentence.author == "customer" else "customer"
        if sentence.question and not sentence.internal and last_turn[other] < sentence.turn:
            yield sentence


def _only_asks(sentence: Sentence) -> bool:
    # An agent who asks back works on it; a customer who does has not answered.
    return sentence.question and sentence.author == "customer"


def _short_answers(sentences: Sequence[Sentence], brief: Sequence[_Brief]) -> Iterable[Answer]:
    """Each last question of a turn of the agent that the customer answered next in a few words."""
    asked = {s.turn: s for s in sentences if s.question and s.author == "agent" and not s.internal}
    for turn, question in asked.items():
        said = [(each.text, each.message_id) for each in brief if _follows(each, turn)]
        said += [(s.text, s.message_id) for s in sentences if _follows(s, turn) and not s.question]
        if said:
            yield Answer(question, *said[0])


def _follows(each: _Brief | Sentence, turn: int) -> bool:
    public = each.author == "customer" and not each.internal
    return public and each.turn == turn + 1 and len(each.text.split()) <= _BRIEF_WORDS


def _unkept(sentences: Sequence[Sentence]) -> Iterable[Sentence]:
    """Promises after which the agent said nothing more and the customer did not confirm."""
    settled = max((s.turn for s in sentences if s.confirmation), default=-1)
    last_agent_turn = max((s.turn for s in sentences if s.author == "agent" and not s.internal), default=-1)
    for sentence in sentences:
        if sentence.promise and not sentence.internal and sentence.turn >= last_agent_turn and sentence.turn > settled:
            yield sentence
