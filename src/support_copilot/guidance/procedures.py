"""Procedures for an issue: steps of published articles, then those of fixes that lasted."""

from dataclasses import dataclass
from typing import Final

from support_copilot.guidance.context import GuidanceContext, Material
from support_copilot.guidance.draft import Source
from support_copilot.guidance.materials import sections_of
from support_copilot.knowledge.queries import articles_by_id
from support_copilot.ml.content_words import share_of_words
from support_copilot.ml.untrusted import addresses_a_machine, addresses_the_writer
from support_copilot.resources import Resources

_LEAST_STEPS: Final = 2
_MOST_STEPS: Final = 20
_MOST: Final = 3


@dataclass(frozen=True, slots=True)
class Procedure:
    """Steps in order, none empty. ``model_allowed``: the customer whose issue it stems from lets a model read it."""

    source: Source
    steps: tuple[str, ...]
    model_allowed: bool = True


def find_procedures(resources: Resources, context: GuidanceContext) -> list[Procedure]:
    """What fits the issue and has steps, best first, at most three; nothing that tells its reader what to write."""
    passages = [each for each in context.passages if not each.lured]
    without = [each.source.id for each in passages if len(each.steps) < _LEAST_STEPS]
    longer = _steps_elsewhere(resources, context, without)
    found = [_procedure(each, longer.get(each.source.id, each.steps)) for each in passages]
    found += [_procedure(each, each.steps) for each in context.fixes if not each.lured]
    whole = [each for each in found if len(each.steps) >= _LEAST_STEPS]
    return [each for each in whole if not any(map(addresses_the_writer, each.steps))][:_MOST]


def _procedure(material: Material, steps: tuple[str, ...]) -> Procedure:
    return Procedure(material.source, steps[:_MOST_STEPS], material.model_allowed)


def _steps_elsewhere(
    resources: Resources, context: GuidanceContext, article_ids: list[str]
) -> dict[str, tuple[str, ...]]:
    """The steps of articles whose fitting passage has none: those of the section that shares most words."""
    if not article_ids:
        return {}
    with resources.database.read() as session:
        articles = articles_by_id(session, article_ids)
    question = f"{context.subject}\n{context.open_turn}"
    found: dict[str, tuple[str, ...]] = {}
    for article in articles.values():
        listed = [each for each in sections_of(article) if len(each.steps) >= _LEAST_STEPS]
        clean = [each for each in listed if not any(map(addresses_a_machine, each.steps))]
        if clean:
            best = max(clean, key=lambda each: share_of_words(question, f"{each.about}\n{each.text()}"))
            found[article.id] = best.steps
    return found
