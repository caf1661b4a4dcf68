"""An article in the words of a language model: a checked shape, lines that the issue carries, and nobody in it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import structlog

from support_copilot.backends.llm.errors import ModelError
from support_copilot.issues.queries import IssueRecord
from support_copilot.kit.text import one_line, shorten
from support_copilot.ml.content_words import share_of_words
from support_copilot.ml.plain_text import visible
from support_copilot.prompts.article import ArticleAnswer, ArticleMaterial, article_prompt
from support_copilot.prompts.asking import ask_for_shape, engine_of
from support_copilot.prompts.outgoing import NotSent, Outgoing, make_ready, may_be_sent
from support_copilot.resources import Resources
from support_copilot.summarization.anonymous import People, depersonalize
from support_copilot.summarization.carried import is_carried
from support_copilot.summarization.updater import Evidence, Lesson, is_harmless

_log = structlog.get_logger("support_copilot.summarization")
_TOLD: Final = 8
_ANSWERED: Final = 40
_TITLE_CHARS: Final = 200
_MOST_PROBLEM: Final = 3
_MOST_SOLUTION: Final = 8
#: So much of each recorded step is said by the steps of the model, or they are not used.
_KEPT: Final = 0.6
_LEAST_VALUE: Final = 3
#: As it is written: a word that stands somewhere without a capital is no name.
_WORD: Final = re.compile(r"[^\W\d_]+")
_ITEM: Final = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")


@dataclass(frozen=True, slots=True)
class ModelLesson:
    """What a solved issue teaches in the words of a model, and what made it."""

    lesson: Lesson
    engine: str


def write_by_model(
    resources: Resources,
    record: IssueRecord,
    evidence: Evidence,
    offline: Lesson,
    people: People,
    *,
    user: str | None = None,
) -> ModelLesson | NotSent:
    """The lesson as a model writes it, line by line as far as it may stay; or why the offline one does. Blocks.

    Args:
        offline: what is used for each part of which nothing may stay.
        people: who the issue tells of.
        user: id of who asks, None for work in the background.
    """
    outgoing = make_article_ready(resources, record, evidence, offline.language, user)
    if isinstance(outgoing, NotSent):
        return outgoing
    try:
        answer, completion = ask_for_shape(resources, outgoing, ArticleAnswer)
    except ModelError as error:
        _log.warning("summarization.article.failed", code=error.code)
        return NotSent(error.code, f"{error.title}, so the offline engine wrote the article.")
    private = {label: value for label, value in outgoing.masker.issued().items() if not _is_public(value, evidence)}
    persons = [value for label, value in private.items() if label.startswith("[PERSON")]
    reader = _Reader(evidence, offline.language, people.with_names(persons), tuple(private.values()))
    lesson = reader.lesson(answer, offline)
    if lesson is None:
        _log.warning("summarization.article.withheld")
        detail = "Too little of what the language model wrote is carried by the issue, "
        return NotSent("model_withheld", f"{detail}so the offline engine wrote the article.")
    return ModelLesson(lesson, engine_of(completion, outgoing))


def make_article_ready(
    resources: Resources, record: IssueRecord, evidence: Evidence, language: str, user: str | None
) -> Outgoing | NotSent:
    """What a model would be sent for the article of a solved issue, or why nothing would; nothing is.

    Args:
        user: id of who asks, None for work in the background.
    """
    refusal = may_be_sent(resources, "article", record.customer)
    if refusal is not None:
        return refusal
    material = ArticleMaterial(
        evidence.heading, evidence.told[:_TOLD], evidence.fix, evidence.steps, evidence.answered[-_ANSWERED:], language
    )
    return make_ready(resources, article_prompt(material), record, language=language, user=user)


def _is_public(value: str, evidence: Evidence) -> bool:
    """Whether what was masked was written for everybody, such as a product, or is a word that looks like a name."""
    written = "\n".join((evidence.fix, *evidence.steps))
    said = "\n".join((written, evidence.heading or "", *evidence.told, *evidence.answered))
    return value in written or value.casefold() in _WORD.findall(said)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads an answer. ``private`` is what was masked on the way out: no line may give it away."""

    evidence: Evidence
    language: str
    people: People
    private: tuple[str, ...]

    def lesson(self, answer: ArticleAnswer, offline: Lesson) -> Lesson | None:
        """The lesson, None where nothing of the solution may stay."""
        ours = [self._solution_source(), *self.evidence.answered]
        theirs = [*filter(None, (self.evidence.heading,)), *self.evidence.told]
        solution = self._kept(answer.solution, ours, ours=True)[:_MOST_SOLUTION]
        if not solution:
            return None
        problem = self._kept(answer.problem, [*theirs, *ours])[:_MOST_PROBLEM]
        title = self._kept([answer.title], [*theirs, self._solution_source()])
        return replace(
            offline,
            title=shorten(title[0], _TITLE_CHARS).rstrip(".") if title else offline.title,
            problem=" ".join(problem) or offline.problem,
            fix=" ".join(solution),
            steps=self._steps(answer.steps, ours) or offline.steps,
        )

    def _steps(self, written: Sequence[str], ours: Sequence[str]) -> tuple[str, ...]:
        """All or none: half a recipe may do harm, and so may one that lost a step."""
        bare = [_ITEM.sub("", step) for step in written]
        kept = self._kept(bare, ours, ours=True)
        whole = len(kept) == len(bare)
        said = "\n".join(kept)
        return tuple(kept) if whole and all(share_of_words(s, said) >= _KEPT for s in self.evidence.steps) else ()

    def _kept(self, lines: Iterable[str], sources: Sequence[str], *, ours: bool = False) -> list[str]:
        """Lines that one source carries each, without the person; none twice. ``ours``: all sources are."""
        kept: dict[str, str] = {}
        for line in lines:
            text = one_line(visible(line))
            if text and is_harmless(text) and any(self._carries(source, text) for source in sources):
                plain = depersonalize(text, self.people, ours=ours)
                if not any(value in plain for value in self.private if len(value) >= _LEAST_VALUE):
                    kept.setdefault(plain.casefold(), plain)
        return list(kept.values())

    def _carries(self, source: str, text: str) -> bool:
        return is_carried(text, source, "", self.language)

    def _solution_source(self) -> str:
        return "\n".join((self.evidence.fix, *self.evidence.steps))
