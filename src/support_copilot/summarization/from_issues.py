"""An article drafted on demand from the fixes of several solved issues, with the people taken out of each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from support_copilot.http.idempotency import Creation
from support_copilot.kit.errors import ConflictError
from support_copilot.kit.text import shorten
from support_copilot.knowledge.articles import NewArticle, create_article
from support_copilot.prompts.outgoing import NotSent
from support_copilot.resources import Resources
from support_copilot.summarization.model_article import write_by_model
from support_copilot.summarization.solved import evidence_from, fix_in_force, read_solved
from support_copilot.summarization.updater import Lesson, body_of, learn, why_not_worth_it


class NothingToLearnError(ConflictError):
    code, title = "nothing_to_learn", "None of these issues has a fix that others could use"


@dataclass(frozen=True, slots=True)
class _Learned:
    issue_id: str
    lesson: Lesson
    model_allowed: bool


@dataclass(frozen=True, slots=True)
class Drafted:
    """The article, and those of the issues that it was made from."""

    creation: Creation
    used: tuple[str, ...]


def draft_from_issues(
    resources: Resources, issue_ids: Sequence[str], key: str | None, body_fingerprint: str, user: str | None
) -> Drafted:
    """Store an unpublished article of what the issues teach; by a model where there is one, else offline. Blocks.

    Issues without a fix that others could use are left out, and those in another language than most.

    Raises:
        IssueNotFoundError: one of the issues is not there.
        NothingToLearnError: none of them teaches anything.
        IdempotencyKeyReusedError: the key came before with another body.
    """
    learned = [each for issue_id in dict.fromkeys(issue_ids) if (each := _learn(resources, issue_id, user))]
    if not learned:
        raise NothingToLearnError
    language = Counter(each.lesson.language for each in learned).most_common(1)[0][0]
    used = [each for each in learned if each.lesson.language == language]
    category = Counter(each.lesson.category for each in used).most_common(1)[0][0]
    new = NewArticle(
        title=shorten(used[0].lesson.title, 300),
        body=body_of([each.lesson for each in used]),
        language=language,
        category=category,
        source_issue_ids=[each.issue_id for each in used],
        language_model_allowed=all(each.model_allowed for each in used),
    )
    creation = create_article(resources, new, key, body_fingerprint)
    return Drafted(creation, tuple(each.issue_id for each in used))


def _learn(resources: Resources, issue_id: str, user: str | None) -> _Learned | None:
    told = read_solved(resources, issue_id)
    fix = fix_in_force(told)
    if fix is None:
        return None
    evidence, people, language = evidence_from(told, fix)
    lesson = learn(evidence, people=people, language=language, category=told.record.issue.category)
    if why_not_worth_it(lesson, fix.kind) is not None:
        return None
    made = write_by_model(resources, told.record, evidence, lesson, people, user=user)
    customer = told.record.customer
    allowed = customer is None or customer.language_model_allowed
    return _Learned(issue_id, lesson if isinstance(made, NotSent) else made.lesson, allowed)
