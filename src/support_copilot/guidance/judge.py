"""The response optimizer before the first word is shown: what a model wrote, sentence by sentence, against its sources.

A model is taken to be able to say anything, because whoever writes to the desk can talk to it. So a sentence stays for
one of three reasons only: a source carries it, it is plain courtesy, or it asks the customer or takes up their words in
words that they did not dictate. Everything else is withheld, and the agent is told how much that was.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from support_copilot.guidance.checks import LINK, SENTENCE_CHECKS
from support_copilot.guidance.context import GuidanceContext
from support_copilot.guidance.dictation import Dictation
from support_copilot.guidance.draft import Block, CheckResult, Draft, Piece, Verdict, piece_of
from support_copilot.guidance.layout import plain_markdown
from support_copilot.guidance.scrub import numbered_words
from support_copilot.guidance.support import LOOSELY, SUPPORTED, ModelSource, best_support, is_polite, unfamiliar_words
from support_copilot.kit.reasons import Reason
from support_copilot.ml.content_words import content_words
from support_copilot.ml.entailment import Contradiction
from support_copilot.ml.personal_data import PlaceholderMasker
from support_copilot.ml.plain_text import visible

_CITED: Final = re.compile(r"\s*[\[【(]\s*([Sm]\d{1,3}(?:\s*[,;]\s*[Sm]\d{1,3})*)\s*[\]】)]")
_IMAGE: Final = re.compile(r"!\s*\[[^\]]*\]\s*(?:\([^)]*\)?|\[[^\]]*\])?")
_TAG: Final = re.compile(r"<[a-zA-Z/!][^>]*>?")
_HEADING: Final = re.compile(r"^\s{0,3}#{1,6}\s+")
#: Addresses without a scheme, and those written so that filters do not see them.
_HIDDEN_LINK: Final = re.compile(
    r"\bhxxps?\b|\w\s?\[\.\]\s?\w|\w\s?\(\.\)\s?\w|\b(?:data|javascript|file|ftp|mailto|tel):\S|"
    r"(?<![\w@.])(?:[a-z0-9-]{2,}\.)+(?:[a-z]{2,})(?:/\S*)?(?!\w)",
    re.IGNORECASE,
)
#: A program writes such runs, no person does: encoded data on its way out.
_ENCODED: Final = re.compile(r"[A-Za-z0-9+/_=%-]{40,}|(?:%[0-9A-Fa-f]{2}){4,}")
_ASKS: Final = re.compile(
    r"[?？؟][\"'”»)]*$|"
    r"^\s*(?:could|would|can|may|please|könnten|bitte|würden|pourriez|pouvez|veuillez|podría|puede|por favor|"
    r"poderia|pode|kunt|zou|potrebbe|può)\b.{0,40}\b(?:tell|let (?:us|me) know|send|share|check|describe|mitteilen|nennen|"
    r"beschreiben|sagen|dire|indiquer|préciser|envoyer|decir\w*|indicar\w*|enviar\w*|informar|dizer|laten weten|vertellen|"
    r"sturen|dirci|indicarci|inviarci)\b",
    re.IGNORECASE,
)
_TAKES_UP: Final = re.compile(
    r"^\s*(?:(?:we|i)(?:['’]m| am|['’]re| are)? (?:really |very |truly |so )?(?:sorry|understand|see|hear)|sorry|thank|thanks|"
    r"it (?:sounds|seems|looks) (?:like|as)|(?:es tut (?:uns|mir)|das tut) |(?:wir|ich) versteh|vielen dank|danke|"
    r"(?:je|nous) (?:suis|sommes|comprend)|merci|lamento|lamentamos|entiendo|entendemos|gracias|compreend|entend|obrigad|"
    r"lamentamos|het spijt|(?:we|ik) begrijp|bedankt|mi dispiace|ci dispiace|capisco|comprendiamo|grazie)",
    re.IGNORECASE,
)
#: One who takes up words does not say what will be, or that all is well.
_STATES: Final = re.compile(
    r"\b(?:will|shall|approved?|confirmed?|verified|granted|entitled|guarantee\w*|refund\w*|free|official\w*|always|must|"
    r"wird|werden|genehmigt|bestätigt|sera|approuvé\w*|confirmé\w*|será|aprobad\w*|confirmad\w*|aprovad\w*|zal|goedgekeurd|"
    r"bevestigd|sarà|approvat\w*|confermat\w*)\b",
    re.IGNORECASE,
)
_MOST_WORDS: Final = 40
_TAKEN_UP_WORDS: Final = 28
#: Words that nobody used before: more of them are another message, however it was encoded.
_STRANGE_ASKED, _STRANGE_TAKEN_UP = 3, 2
_PLACEHOLDER: Final = re.compile(r"[\[【][A-Z]{2,12}_\d+[\]】]")
_SHOUTED: Final = re.compile(r"\b[A-Z]{4,}\b")


@dataclass(frozen=True, slots=True)
class _Refusal:
    name: str
    why: str


_CONTRADICTED: Final[Mapping[Contradiction, str]] = {
    "negation": "their source says the opposite",
    "opposite": "their source says the opposite",
    "number": "their source says it of another number",
    "order": "in their source things stand the other way round",
}
_DICTATED: Final = _Refusal("injection", "they repeat word for word what a text wanted to be said")


class Judge:
    """Judges one draft. ``pieces`` it lets pass are final; what it held back it counts for ``remarks``."""

    def __init__(self, context: GuidanceContext, sources: Sequence[ModelSource], masker: PlaceholderMasker) -> None:
        self._context = context
        self._sources = sources
        self._masker = masker
        said = [context.subject, *context.files, *(turn.text for turn in context.turns)]
        self._dictation = Dictation(said)
        own = [value for name in ("name", "first_name") if (value := context.values.get("customer", {}).get(name))]
        self._own = (
            re.compile("|".join(map(re.escape, sorted(own, key=len, reverse=True))), re.IGNORECASE) if own else None
        )
        self._familiar = content_words("\n".join((*said, *(each.text for each in sources))))
        self._numbers = frozenset(numbered_words("\n".join((*said, *(each.text for each in sources))).casefold()))
        self._withheld: Counter[tuple[str, str]] = Counter()
        self._loose = 0
        self._results: list[CheckResult] = []

    def judge(self, written: str) -> Piece | None:
        """The sentence or step as it may be shown, or None where it may not."""
        cited = [name.strip() for group in _CITED.findall(written) for name in re.split(r"[,;]", group)]
        text = _plain(written)
        if not any(map(str.isalnum, text)):
            return None
        piece = self._weighed(text, cited)
        if isinstance(piece, Piece):
            piece = self._checked(piece)
        if isinstance(piece, Piece):
            return piece
        self._withheld[piece.name, piece.why] += 1
        return None

    def judge_steps(self, written: Sequence[str]) -> list[Piece]:
        """The steps, all or none: half a recipe may do harm."""
        pieces = [self.judge(step) for step in written]
        kept = [piece for piece in pieces if piece is not None]
        if len(kept) < len(pieces):
            self._withheld["sources", "belong to a list of steps that is not whole"] += len(kept)
            return []
        return kept

    def remarks(self) -> list[CheckResult]:
        """What was held back or is in doubt, one result for each reason."""
        results = list(self._results)
        for (name, why), count in self._withheld.items():
            results.append(CheckResult(name, "fixed", f"{count} sentence(s) of the model were left out: {why}."))
        if self._loose:
            said = f"{self._loose} sentence(s) follow their source only loosely; compare them before sending."
            detail = Reason("check.loose", said, count=self._loose)
            results.append(CheckResult("sources", "flagged", detail))
        return results

    def _weighed(self, text: str, cited: Sequence[str]) -> Piece | _Refusal:
        if self._masker.unissued(text) or _PLACEHOLDER.search(text):
            return _Refusal("placeholders", "they stand for personal data that is not there")
        if _ENCODED.search(text):
            return _Refusal("links", "they carry encoded text")
        support = best_support(text, self._sources, cited, self._context.language)
        bare = self._without_source(text) if support.share < LOOSELY or _TAKES_UP.search(text) else None
        if bare is not None and (support.source is None or support.share < LOOSELY or isinstance(bare, Piece)):
            return bare
        assert support.source is not None  # noqa: S101  # a share of more than nothing is a share of a source
        if self._dictation.is_in(text, unless=support.source.text):
            return _DICTATED
        refusal = _disagreement(text, support.source, support.contradicted)
        if refusal is None:
            self._loose += support.share < SUPPORTED
            source = support.source
            return piece_of(text, source.source, f"{source.text}\n{source.source.title}")
        return refusal

    def _without_source(self, text: str) -> Piece | _Refusal:
        # Whoever they are, customers may be called by their name.
        rest = self._own.sub("", text) if self._own else text
        if LINK.search(rest) or _HIDDEN_LINK.search(rest):
            return _Refusal("links", "they have a link that no source has")
        if is_polite(rest):
            return piece_of(text)
        if self._dictation.is_in(text):
            return _DICTATED
        words, strange = len(text.split()), unfamiliar_words(rest, self._familiar)
        asks = _ASKS.search(text) and words <= _MOST_WORDS and strange <= _STRANGE_ASKED
        takes_up = _TAKES_UP.search(text) and words <= _TAKEN_UP_WORDS and strange <= _STRANGE_TAKEN_UP
        takes_up = takes_up and not _STATES.search(text)
        if (asks or takes_up) and not _SHOUTED.search(text) and self._numbers_known(text):
            return piece_of(text)
        return _Refusal("sources", "no source carries them")

    def _checked(self, piece: Piece) -> Piece | _Refusal:
        """The checks that every draft is held to, on this sentence alone."""
        draft = Draft((Block("paragraph", (piece,)),), self._context.language, "model")
        for check in SENTENCE_CHECKS:
            draft, result = check(draft, self._context)
            if not draft.blocks:
                return _Refusal(result.name, _reason(result))
            if _is(result, "flagged"):
                self._results.append(result)
        return piece

    def _numbers_known(self, text: str) -> bool:
        return self._numbers.issuperset(numbered_words(text.casefold()))


def _disagreement(text: str, source: ModelSource, contradicted: Contradiction | None) -> _Refusal | None:
    """Why a sentence that shares the words of a source may not stand on it all the same."""
    if contradicted is not None:
        return _Refusal("facts" if contradicted == "number" else "sources", _CONTRADICTED[contradicted])
    if _has_foreign_link(text, source):
        return _Refusal("links", "they have a link that their source does not have")
    known = source.text.casefold()
    if any(word.casefold() not in known for word in _SHOUTED.findall(text)):
        return _Refusal("facts", "they name what their source does not name")
    return None


def _has_foreign_link(text: str, source: ModelSource) -> bool:
    """A link, in whatever spelling, that does not stand in the source; one of a past issue opens nothing of ours."""
    known = _links(source.text) if source.source.kind in ("article", "template") else set()
    return not _links(text) <= known | {re.split(r"[/?#]", link.partition("://")[2])[0] for link in known}


def _links(text: str) -> set[str]:
    found = [*(each[0] for each in LINK.finditer(text)), *(each[0] for each in _HIDDEN_LINK.finditer(text))]
    return {link.rstrip(".,;:!?)").casefold() for link in found}


def _plain(written: str) -> str:
    """Without marks of citation, images, tags and markup; a link keeps its address, so that it is seen."""
    text = _TAG.sub(" ", _IMAGE.sub(" ", _CITED.sub("", visible(written))))
    return piece_of(plain_markdown(_HEADING.sub("", text))).text


def _reason(result: CheckResult) -> str:
    reasons = {
        "injection": "they read like instructions to a program",
        "placeholders": "something in them waits to be filled in",
        "internal_notes": "they have the wording of an internal note",
        "other_customers": "they have data of another customer",
        "facts": "they have a number or address that no source has",
        "sources": "they state something without a source",
    }
    return reasons.get(result.name, result.detail.removesuffix("."))


def _is(result: CheckResult, verdict: Verdict) -> bool:
    return result.verdict == verdict
