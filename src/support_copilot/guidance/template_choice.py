"""Which templates are about what happened, and not only of the same drawer or of like words."""

from collections.abc import Sequence
from typing import Final

from support_copilot.backends.search.port import SearchHit
from support_copilot.db.models import Template
from support_copilot.guidance.context import Material, TemplateOption
from support_copilot.guidance.materials import (
    RATHER_LIKE,
    VERY_LIKE,
    Matter,
    closeness,
    is_alike,
    near_enough,
    template_option,
)
from support_copilot.ml.content_words import share_of_words
from support_copilot.ml.matters import is_other_matter
from support_copilot.ml.severity import speaks_of

#: A past issue that is so much nearer than a template tells what is meant; a template of that shares so many words.
_FAR_AHEAD: Final = 0.25
_OF_ONE_MATTER: Final = 0.15


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
    proven = [fix for fix in fixes if fix.language == language]
    options = [(hit, row, template_option(row, hit, matter)) for hit, row in templates]
    if chosen:
        return [option for _hit, _row, option in options]
    fitting = [option for hit, row, option in options if _fits_as_template(hit, row, option, matter, words, proven)]
    return sorted(fitting, key=lambda option: -option.score)


def _fits_as_template(
    hit: SearchHit | None,
    row: Template,
    option: TemplateOption,
    matter: Matter,
    words: int,
    proven: Sequence[Material],
) -> bool:
    if hit is None or is_other_matter(matter.asked, option.matters):
        return False
    if option.matters & matter.asked:
        return True
    # How an earlier incident ended says nothing against what is told while one is going on.
    if speaks_of(matter.incident, row.title, row.body):
        return near_enough(hit)
    if _is_belied(option, hit, proven):
        return False
    if option.matters:
        # One that is for something of its own has to be named, or meant beyond doubt.
        return is_alike(hit, words=words) and closeness(hit) >= RATHER_LIKE
    of_category = matter.category is not None and row.category == matter.category
    return is_alike(hit, words=words) or (of_category and near_enough(hit))


def _is_belied(option: TemplateOption, hit: SearchHit, proven: Sequence[Material]) -> bool:
    """Whether the fix of an issue that is nearly the same speaks against a template that is itself hardly like.

    Args:
        proven: fixes in the language of the reply.
    """
    surest = max(proven, key=lambda fix: fix.likeness or 0.0, default=None)
    if surest is None or (surest.likeness or 0.0) < max(VERY_LIKE, closeness(hit) + _FAR_AHEAD) or not surest.text():
        return False
    shared = max(share_of_words(surest.text(), option.body), share_of_words(option.body, surest.text()))
    return shared < _OF_ONE_MATTER
