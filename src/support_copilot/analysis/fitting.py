"""The templates of the panel: those that the draft would choose from, by the same knowledge."""

from typing import Any, Final

from sqlalchemy import Row

from support_copilot.analysis.case import Case, text_of
from support_copilot.analysis.gather import Gathered
from support_copilot.analysis.schemas import TemplateMatch, TemplatesPart
from support_copilot.issues.queries import ENDED
from support_copilot.kit.endings import is_fix
from support_copilot.kit.reasons import Reason
from support_copilot.knowledge.template_choice import (
    ANY_INCIDENT,
    FITS_FROM,
    VERY_LIKE,
    Matter,
    Proven,
    TemplateFit,
    fitting,
    template_fit,
)
from support_copilot.ml.content_words import content_words
from support_copilot.ml.language import detect_language
from support_copilot.ml.mail_kind import mail_kind
from support_copilot.ml.matters import is_other_matter, matters_of
from support_copilot.ml.severity import IssueText, incident_kinds, speaks_of
from support_copilot.retrieval.embedding import understands
from support_copilot.retrieval.word_likeness import likeness_of

_SHOWN: Final = 3
_NONE_FITS: Final = Reason("help.no_template", "There is no template that fits.")


def templates_part(case: Case, found: Gathered, language: str, category: str | None) -> TemplatesPart:
    """The templates that fit, best first; where none does, the nearest ones of the language, and that none fits.

    Args:
        category: of the issue, None where it is unsure.
    """
    if mail_kind(case.subject, found.words) is not None:
        return TemplatesPart(status="unsure", help=_NONE_FITS)
    rows = [
        (hit, row)
        for hit in found.template_hits
        if (row := found.templates.get(hit.id)) is not None and row.language.partition("-")[0] == language
    ]
    asked = matters_of(text_of(case, found.words))
    matter = Matter(category, incident_kinds(IssueText(case.subject, found.words, language)), asked)
    words = 1 if understands(found.embedder, language) else 2
    fits = [each for each in fitting(rows, matter, words, _surest(found, language)) if each[1].score >= FITS_FROM]
    if fits:
        return TemplatesPart(items=[_match(row.id, row.title, fit.score) for row, fit in fits[:_SHOWN]])
    near = [(row, template_fit(row, hit, matter)) for hit, row in rows]
    near = [(row, fit) for row, fit in near if _may_be_named(row, fit, matter)]
    near.sort(key=lambda each: (-each[1].score, each[0].id))
    return TemplatesPart(
        status="unsure", help=_NONE_FITS, items=[_match(row.id, row.title, fit.score) for row, fit in near[:_SHOWN]]
    )


def _may_be_named(row: Row[Any], fit: TemplateFit, matter: Matter) -> bool:
    """Whether a template that does not fit may be shown as near: none for something that nobody reported."""
    if is_other_matter(matter.asked, fit.matters) or (fit.matters and not fit.matters & matter.asked):
        return False
    return bool(matter.incident) or not speaks_of(ANY_INCIDENT, row.title, row.body)


def _match(template_id: str, title: str, score: float) -> TemplateMatch:
    return TemplateMatch(template_id=template_id, title=title, score=score)


def _surest(found: Gathered, language: str) -> Proven | None:
    """The fix of the nearest issue that is nearly the same and whose fix lasted; only such can speak against one."""
    for hit in sorted(found.issue_hits, key=lambda hit: -likeness_of(hit)):
        card = found.cards.get(hit.id)
        if likeness_of(hit) < VERY_LIKE:
            break
        if card is None or card.fix is None or card.status not in ENDED:
            continue
        if card.fix.reopened or not is_fix(card.fix.kind):
            continue
        text = "\n".join((card.fix.text, *card.fix.steps))
        guess = detect_language(text)
        if not guess.sure or guess.code == language:
            return Proven(content_words(text), likeness_of(hit))
    return None
