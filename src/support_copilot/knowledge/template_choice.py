"""Which templates are about what happened, and not only of the same drawer or of like words.

The panel's list and the draft choose by this alike.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

from support_copilot.backends.search.port import SearchHit
from support_copilot.ml.content_words import content_words, share_of
from support_copilot.ml.matters import is_other_matter, matters_of
from support_copilot.ml.severity import IncidentKind, speaks_of

#: Cosines of MiniLM between texts of support: below the first they only share a language, above the last the wording
#: does not matter. In between the more words they share the better (seen on issues of several products).
_LIKE, RATHER_LIKE, VERY_LIKE = 0.42, 0.6, 0.75
#: By so much texts in a language that the model hardly knows look more alike than they are.
_FOREIGN_LIKENESS: Final = 0.15
#: In another language than the model's own even the same matter seldom comes nearer.
_SAME_DRAWER: Final = 0.25
#: What it is worth that a template speaks of the incident that is reported, or of what the customer says happened.
_INCIDENT: Final = 0.15
_SAME_MATTER: Final = 0.15
ANY_INCIDENT: Final[frozenset[IncidentKind]] = frozenset({"outage", "security", "privacy"})
#: A template that scores less fits by its category or language alone.
FITS_FROM: Final = 0.36
#: A past issue that is so much nearer than a template tells what is meant; a template of that shares so many words.
_FAR_AHEAD: Final = 0.25
_OF_ONE_MATTER: Final = 0.15


class TemplateCard(Protocol):
    """What is looked at of a template: its row, or these columns of it."""

    @property
    def title(self) -> str: ...
    @property
    def body(self) -> str: ...
    @property
    def category(self) -> str | None: ...
    @property
    def accepted_count(self) -> int: ...
    @property
    def edited_count(self) -> int: ...
    @property
    def rejected_count(self) -> int: ...


Card = TypeVar("Card", bound=TemplateCard)


@dataclass(frozen=True, slots=True)
class Matter:
    """What an issue is about, as far as it decides on templates; ``asked``: what its customer says has happened."""

    category: str | None
    incident: frozenset[IncidentKind] = frozenset()
    asked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Proven:
    """A fix of a past issue in the language of the reply: its ``content_words``, and the cosine of the two issues."""

    words: frozenset[str]
    likeness: float


@dataclass(frozen=True, slots=True)
class TemplateFit:
    """How well a template fits, 0..1, what it is for, as ``ml/matters.py`` tells such things apart, and whether it
    speaks of the incident that is reported.
    """

    score: float
    matters: frozenset[str]
    of_incident: bool = False


def fitting(
    templates: Iterable[tuple[SearchHit | None, Card]], matter: Matter, words: int, surest: Proven | None
) -> list[tuple[Card, TemplateFit]]:
    """The templates that are about the matter or of its category, best first.

    Args:
        words: how many words a template has to share where its meaning leaves doubt.
        surest: the fix of the nearest issue, which can speak against a template.
    """
    fits = [(hit, row, template_fit(row, hit, matter)) for hit, row in templates]
    kept = [(row, fit) for hit, row, fit in fits if _fits(hit, row, fit, matter, words, surest)]
    return sorted(kept, key=lambda each: -each[1].score)


def template_fit(template: TemplateCard, hit: SearchHit | None, matter: Matter) -> TemplateFit:
    """How well a template fits: its likeness, the category, and what became of drafts made from it.

    While something of the company's own is down or leaking, a template about that is wanted and no other.
    """
    outcomes = template.accepted_count + template.edited_count + template.rejected_count
    # Half of the drafts of a template nobody judged yet are taken to be liked.
    liked = (template.accepted_count + 0.5 * template.edited_count + 1) / (outcomes + 2)
    near = closeness(hit) if hit else 0.0
    matters = matters_of(template.title)
    # Whoever names what happened tells more than the drawer that it was put in.
    same_matter = bool(matters & matter.asked)
    same_category = same_matter or (matter.category is not None and template.category == matter.category)
    fits, told = 0.0, False
    if matter.incident:
        told = speaks_of(matter.incident, template.title, template.body)
        fits = _INCIDENT if told else 0.0 if same_category else -_INCIDENT
    score = 0.6 * near + 0.25 * same_category + 0.15 * liked + fits + _SAME_MATTER * same_matter
    return TemplateFit(round(min(1.0, max(0.0, score)), 4), matters, told)


def is_alike(hit: SearchHit, *, words: int = 1, understood: bool = True) -> bool:
    """Whether a found text is about the same matter: by meaning, backed by shared words unless it is very like.

    Args:
        words: how many words have to be shared when the meaning alone leaves doubt.
        understood: whether the embedding model knows the language; if not, any two texts in it look rather like.
    """
    if hit.likeness is None:
        return _words_shared(hit) > words
    likeness = hit.likeness if understood else hit.likeness - _FOREIGN_LIKENESS
    needed = 0 if likeness >= VERY_LIKE else 1 if likeness >= RATHER_LIKE else words
    return likeness >= _LIKE and _words_shared(hit) >= needed


def _words_shared(hit: SearchHit) -> int:
    return len(content_words(" ".join(hit.matched_words)))


def near_enough(hit: SearchHit | None) -> bool:
    """Whether a template of the right category is about the matter at all and not only of the same drawer."""
    if hit is None:
        return False
    return bool(hit.matched_words) if hit.likeness is None else hit.likeness >= _SAME_DRAWER


def closeness(hit: SearchHit) -> float:
    """0..1, from the vectors, or from the words where there are none."""
    return max(0.0, hit.likeness) if hit.likeness is not None else min(1.0, _words_shared(hit) / 5)


def _fits(
    hit: SearchHit | None, row: TemplateCard, fit: TemplateFit, matter: Matter, words: int, surest: Proven | None
) -> bool:
    if hit is None or is_other_matter(matter.asked, fit.matters):
        return False
    if fit.matters & matter.asked:
        return True
    # How an earlier incident ended says nothing against what is told while one is going on.
    if fit.of_incident:
        return near_enough(hit)
    # One that is for something of its own has to be named: it states what the customer did not say.
    if fit.matters or (surest is not None and _is_belied(row, hit, surest)):
        return False
    if speaks_of(ANY_INCIDENT, row.title, ""):
        # So does one about an incident, where none is reported.
        return is_alike(hit, words=words) and closeness(hit) >= RATHER_LIKE
    of_category = matter.category is not None and row.category == matter.category
    return is_alike(hit, words=words) or (of_category and near_enough(hit))


def _is_belied(row: TemplateCard, hit: SearchHit, surest: Proven) -> bool:
    """Whether the fix of an issue that is nearly the same speaks against a template that is itself hardly like."""
    if surest.likeness < max(VERY_LIKE, closeness(hit) + _FAR_AHEAD) or not surest.words:
        return False
    words = content_words(row.body)
    return max(share_of(surest.words, words), share_of(words, surest.words)) < _OF_ONE_MATTER
