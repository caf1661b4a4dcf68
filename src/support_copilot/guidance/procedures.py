"""Procedures for an issue: steps of published articles, then those of fixes that lasted."""

from dataclasses import dataclass
from typing import Final

from support_copilot.guidance.context import GuidanceContext, Material
from support_copilot.guidance.draft import Source
from support_copilot.guidance.materials import MAX_STEPS, sections_of
from support_copilot.guidance.needs import fit_to_tell
from support_copilot.knowledge.queries import articles_by_id
from support_copilot.ml.content_words import share_of_words
from support_copilot.ml.untrusted import addresses_a_machine, addresses_the_writer
from support_copilot.prompts.next_action import MOST_STEPS
from support_copilot.resources import Resources

_LEAST_STEPS: Final = 2
_MOST: Final = 3


@dataclass(frozen=True, slots=True)
class Procedure:
    """Steps in order, none empty. ``model_allowed``: the customer whose issue it stems from lets a model read it."""

    source: Source
    steps: tuple[str, ...]
    model_allowed: bool = True


def find_procedures(resources: Resources, context: GuidanceContext) -> list[Procedure]:
    """What fits the issue and has steps, best first, at most three; nothing that tells its reader what to write."""
    fit = [each for each in fit_to_tell(context) if not each.lured]
    passages = [each for each in fit if each.source.kind == "article"]
    steps = _whole_steps(resources, context, passages)
    found = [Procedure(each.source, steps.get(each.source.id, ()), each.model_allowed) for each in passages]
    # Of a fix only so many steps are read; as many may be cut, and half a procedure must not count as taken.
    found += [
        Procedure(each.source, each.steps, each.model_allowed)
        for each in fit
        if each.source.kind == "issue" and len(each.steps) < MAX_STEPS
    ]
    whole = [each for each in found if _LEAST_STEPS <= len(each.steps) <= MOST_STEPS]
    return [each for each in whole if not any(map(addresses_the_writer, each.steps))][:_MOST]


def _whole_steps(
    resources: Resources, context: GuidanceContext, passages: list[Material]
) -> dict[str, tuple[str, ...]]:
    """All steps of the section that fits, else of the section of that article that shares most words."""
    if not passages:
        return {}
    with resources.database.read() as session:
        articles = articles_by_id(session, [each.source.id for each in passages])
    question = f"{context.subject}\n{context.open_turn}"
    found: dict[str, tuple[str, ...]] = {}
    for passage in (each for each in passages if each.source.id in articles):
        listed = [each for each in sections_of(articles[passage.source.id]) if len(each.steps) >= _LEAST_STEPS]
        clean = [each for each in listed if not any(map(addresses_a_machine, each.steps))]
        own = [each for each in clean if passage.steps and each.steps[: len(passage.steps)] == passage.steps]
        if clean:
            best = max(own or clean, key=lambda each: share_of_words(question, f"{each.about}\n{each.text()}"))
            found[passage.source.id] = best.steps
    return found
