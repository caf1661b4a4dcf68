"""What in a text speaks for or against a severe issue, as numbers that have a name."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from support_copilot.kit.reasons import Reason
from support_copilot.ml.matters import NOT_MADE, matters_of
from support_copilot.ml.phrases import PhraseBook, folded_words, read_table, split_list

#: Who wants help says so early; what follows in a very long text is a log.
_READ_CHARS: Final = 8_000
_NEGATORS: Final = frozenset(
    {
        "no", "not", "without", "never", "isn't", "wasn't", "aren't", "kein", "keine", "keinen", "keiner",
        "nicht", "ohne", "nie", "pas", "aucun", "aucune", "sans", "jamais", "sin", "ningún", "ninguna", "não",
        "sem", "nenhum", "nenhuma", "non", "senza", "nessun", "nessuna", "geen", "niet", "zonder",
    }
)  # fmt: skip
_NEGATION_REACH: Final = 2
#: Words that name a cue only where one of these stands so near and no praise does.
_TROUBLES: Final = frozenset({"outage", "data_loss", "security", "privacy", "payment", "blocked", "crash", "broken"})
_WITH_TROUBLE: Final = "?"
_LASTING: Final = "+"
_AGAIN_REACH, _AGAIN_AT_ONCE = 6, 2
#: What the subject names counts as if the body said it so often.
_SUBJECT_WEIGHT: Final = 2
#: A cue that is there once has more than half of its full strength.
_UNSEEN_SHARE: Final = 0.45
#: Who asks writes little, or a question mark; "how does" in a long report asks nothing.
_SHORT_WORDS: Final = 40
_QUESTION_MARKS: Final = ("?", "？", "؟")

#: Beside the phrases: how the text is written, with its prior and its reason.
STYLE_CUES: Final[Mapping[str, tuple[float, str]]] = {
    "capitals": (0.4, "is written in capitals"),
    "exclamations": (0.3, "uses exclamation marks"),
    "asking_subject": (-0.7, "the subject is a question"),
    "length": (0.3, "is described at length"),
}


@dataclass(frozen=True, slots=True)
class Cue:
    """``prior``: what it adds to the score before anything is learned; learning keeps its sign."""

    name: str
    prior: float
    label: Reason


@cache
def cues() -> tuple[Cue, ...]:
    """All cues, in the order of the model's weights."""
    table = read_table("severity_cues.toml")
    named = [(name, float(row["prior"]), str(row["label"])) for name, row in table.items()]
    named += [(name, prior, label) for name, (prior, label) in STYLE_CUES.items()]
    return tuple(Cue(name, prior, Reason(f"severity.{name}", label)) for name, prior, label in named)


def read_cues(subject: str, body: str) -> dict[str, float]:
    """The strength 0..1 of every cue that is there at all; a denied one ("no data loss") is not."""
    subject, body = subject[:_READ_CHARS], body[:_READ_CHARS]
    counts: dict[str, int] = {}
    for text, weight in ((subject, _SUBJECT_WEIGHT), (body, 1)):
        for name in _named(text):
            counts[name] = counts.get(name, 0) + weight
    for name in [name for name in counts if name.endswith(_LASTING)]:
        del counts[name]
        if name.removesuffix(_LASTING) in counts:
            counts[name.removesuffix(_LASTING)] += 1
    if NOT_MADE in matters_of(f"{subject}\n{body}"):
        counts["security"] = counts.get("security", 0) + _SUBJECT_WEIGHT
    if len(body.split()) > _SHORT_WORDS and not any(mark in subject or mark in body for mark in _QUESTION_MARKS):
        counts.pop("question", None)
    strengths = {name: 1 - _UNSEEN_SHARE**count for name, count in counts.items()}
    return strengths | {name: value for name, value in _style(subject, body).items() if value}


def _named(text: str) -> list[str]:
    words = folded_words(text)
    found = [(each.value, each.first) for each in _book().find(words) if not _denied(words, each.first)]
    troubles = [place for name, place in found if name in _TROUBLES]
    good = [place for name, place in found if name == "praise"]

    def is_meant(place: int) -> bool:
        trouble = min((abs(place - other) for other in troubles), default=_AGAIN_REACH + 1)
        # "stopped working again" has "working again" in it.
        return trouble <= _AGAIN_AT_ONCE or (
            trouble <= _AGAIN_REACH and all(abs(place - other) > _AGAIN_REACH for other in good)
        )

    return [
        name.removesuffix(_WITH_TROUBLE) for name, place in found if not name.endswith(_WITH_TROUBLE) or is_meant(place)
    ]


def _denied(words: list[str], first: int) -> bool:
    return any(word in _NEGATORS for word in words[max(0, first - _NEGATION_REACH) : first])


def _style(subject: str, body: str) -> dict[str, float]:
    both = f"{subject} {body}"
    letters = sum(map(str.isalpha, both))
    upper = sum(map(str.isupper, both))
    capitals = upper / letters if letters >= 20 else 0.0
    return {
        "capitals": max(0.0, capitals - 0.3) / 0.7,
        "exclamations": 1 - 0.7 ** min(both.count("!"), 10),
        "asking_subject": float(subject.rstrip().endswith(_QUESTION_MARKS)),
        "length": min(1.0, len(body.split()) / 200),
    }


@cache
def _book() -> PhraseBook[str]:
    table = read_table("severity_cues.toml")
    always = ((phrase, name) for name, row in table.items() for phrase in split_list(row["phrases"]))
    near = (
        (phrase, f"{name}{_WITH_TROUBLE}")
        for name, row in table.items()
        for phrase in split_list(row.get("with_trouble", ""))
    )
    lasting = (
        (phrase, f"{name}{_LASTING}") for name, row in table.items() for phrase in split_list(row.get("lasting", ""))
    )
    pairs = (
        (f"{lacking} {supply}".replace("' ", "'"), name)
        for name, row in table.items()
        for lacking in split_list(row.get("lacking", ""))
        for supply in split_list(row.get("supplies", ""))
    )
    return PhraseBook((*always, *near, *pairs, *lasting))
