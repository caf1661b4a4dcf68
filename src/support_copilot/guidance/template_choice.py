"""Which templates a draft may follow; what fits is told in ``knowledge/template_choice.py``."""

from collections.abc import Sequence

from support_copilot.backends.search.port import SearchHit
from support_copilot.db.models import Template
from support_copilot.guidance.context import Material, TemplateOption
from support_copilot.guidance.draft import Source
from support_copilot.knowledge.template_choice import Matter, Proven, TemplateFit, fitting, template_fit
from support_copilot.ml.content_words import content_words


def fitting_templates(
    templates: Sequence[tuple[SearchHit | None, Template]],
    matter: Matter,
    chosen: Template | None,
    words: int,
    fixes: Sequence[Material],
    language: str,
) -> list[TemplateOption]:
    """Templates that are about the matter or of its category, best first; one that was asked for is taken as it is.

    Args:
        words: how many words a template has to share where its meaning leaves doubt.
        fixes: of past issues; those in the language of the reply can speak against a template.
    """
    if chosen:
        return [_option(row, template_fit(row, hit, matter)) for hit, row in templates]
    of_language = (fix for fix in fixes if fix.language == language)
    nearest = max(of_language, key=lambda fix: fix.likeness or 0.0, default=None)
    surest = Proven(content_words(nearest.text()), nearest.likeness or 0.0) if nearest else None
    return [_option(row, fit) for row, fit in fitting(templates, matter, words, surest)]


def _option(template: Template, fit: TemplateFit) -> TemplateOption:
    return TemplateOption(
        source=Source("template", template.id, template.title),
        version=template.version,
        body=template.body,
        tone=template.tone,
        score=fit.score,
        matters=fit.matters,
    )
