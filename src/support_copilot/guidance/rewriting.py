"""The agent's text in other words: what comes back has the same facts, or the text stays as it was."""

import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

from support_copilot.backends.llm.errors import ModelError
from support_copilot.guidance.assist_schemas import RewriteOut, RewriteRequest
from support_copilot.guidance.checks import LINK
from support_copilot.guidance.composer import OFFLINE_ENGINE
from support_copilot.guidance.context import GuidanceContext
from support_copilot.guidance.draft import CheckResult, Source
from support_copilot.guidance.gathering import notes_of
from support_copilot.guidance.judge import Judge
from support_copilot.guidance.layout import LIST_ITEM
from support_copilot.guidance.optimizer import merged
from support_copilot.guidance.policy import RULES, Policy, broken_rules
from support_copilot.guidance.policy_rules import load_policy
from support_copilot.guidance.schemas import CheckOut
from support_copilot.guidance.scrub import numbered_words
from support_copilot.guidance.support import model_source
from support_copilot.identity.principal import Principal
from support_copilot.issues.queries import IssueRecord, load_issue
from support_copilot.kit.reasons import Reason
from support_copilot.kit.text import storable
from support_copilot.knowledge.rendering import placeholder_values
from support_copilot.ml.language import detect_language
from support_copilot.ml.personal_data import PlaceholderMasker
from support_copilot.ml.plain_text import visible
from support_copilot.ml.sentences import split_sentences
from support_copilot.ml.untrusted import addresses_a_machine
from support_copilot.prompts.asking import ask_for_text, engine_of
from support_copilot.prompts.outgoing import NotSent, Outgoing, asker, make_ready, may_be_sent
from support_copilot.prompts.rewrite import rewrite_prompt
from support_copilot.resources import Resources

_DIFFERS: Final = Reason("check.translation_differs", "The translation differs from the text here.")
_MARKUP: Final = re.compile(r"!\[|<[a-zA-Z/!]|\[[A-Z]{2,12}_\d+\]")
#: A translation far shorter or longer than its text says something else.
_SHORTEST, _LONGEST = 0.4, 2.5


def rewrite_text(resources: Resources, issue_id: str, request: RewriteRequest, principal: Principal) -> RewriteOut:
    """The text in other words, checked; as it was, with the reason, where that cannot be had. Blocks this thread.

    Raises:
        IssueNotFoundError: no issue has this id.
    """
    with resources.database.read() as session:
        record, policy = load_issue(session, issue_id), load_policy(session)
    own = _language_of(request.text, record)
    language = request.language or own
    outgoing = _outgoing(resources, record, request, principal)
    if isinstance(outgoing, NotSent):
        return _unchanged(request.text, own, outgoing.detail)
    try:
        written, completion = ask_for_text(resources, outgoing)
    except ModelError as error:
        return _unchanged(request.text, own, error.title)
    if request.manner == "translate":
        text, results = _translated(request.text, written, language, outgoing.masker, policy)
    else:
        text, results = _judged(record, request.text, written, language, outgoing.masker, policy)
    if not text:
        return _unchanged(request.text, own, "What the language model wrote does not keep to the text", results)
    engine = CheckResult("engine", "pass", f"Written by {completion.model} ({completion.provider}), checked here.")
    return RewriteOut(
        text=text, changed=text != request.text, language=language, checks=_out([*results, engine]),
        engine=engine_of(completion, outgoing),
    )  # fmt: skip


def preview_rewrite(
    resources: Resources, issue_id: str, request: RewriteRequest, principal: Principal
) -> Outgoing | NotSent:
    """What a model would be sent to say this text in other words, or why nothing would; nothing is.

    Raises:
        IssueNotFoundError: no issue has this id.
    """
    with resources.database.read() as session:
        record = load_issue(session, issue_id)
    return _outgoing(resources, record, request, principal)


def _outgoing(
    resources: Resources, record: IssueRecord, request: RewriteRequest, principal: Principal
) -> Outgoing | NotSent:
    refusal = may_be_sent(resources, "rewrite", record.customer)
    if refusal is not None:
        return refusal
    own = _language_of(request.text, record)
    prompt = rewrite_prompt(request.text, request.manner, request.language or own)
    return make_ready(resources, prompt, record, language=own, user=asker(principal), names=[principal.name])


def _unchanged(text: str, language: str, why: str, results: Sequence[CheckResult] = ()) -> RewriteOut:
    said = f"{why.split(', so the offline', maxsplit=1)[0].rstrip('.')}, so the text is as it was."
    detail = Reason("check.unchanged", said)
    checks = [*results, CheckResult("engine", "flagged", detail)]
    return RewriteOut(text=text, changed=False, language=language, checks=_out(checks), engine=OFFLINE_ENGINE)


def _judged(
    record: IssueRecord, text: str, written: str, language: str, masker: PlaceholderMasker, policy: Policy
) -> tuple[str, list[CheckResult]]:
    """The new text line by line: each sentence is carried by the old text, or is courtesy."""
    context = GuidanceContext(
        issue_id=record.issue.id, subject="", language=language, notes=_notes_beside(record, text),
        values=placeholder_values(record, None), policy=policy,
    )  # fmt: skip
    judge = Judge(context, [model_source(1, Source("conversation", record.issue.id, "Your text"), text)], masker)
    known = {line.strip() for line in text.split("\n")}
    lines: list[str] = []
    for line in storable(written).strip().split("\n"):
        item = LIST_ITEM.match(line)
        mark = item[0] if item else ""
        pieces = [judge.judge(part) for part in split_sentences(line[len(mark) :], language)]
        kept = " ".join(piece.text for piece in pieces if piece is not None)
        if line.strip() in known:
            kept, mark = line.strip(), ""
        if kept or not line.strip():
            lines.append(f"{mark}{kept}" if kept else "")
    results = judge.remarks()
    new = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    lost = set(numbered_words(text.casefold())) - set(numbered_words(new.casefold()))
    if lost:
        results.append(CheckResult("facts", "flagged", _lost(len(lost))))
    return new, results


def _lost(count: int) -> Reason:
    return Reason("check.numbers_lost", f"{count} number(s) of the text are not in the new one.", count=count)


def _translated(
    text: str, written: str, language: str, masker: PlaceholderMasker, policy: Policy
) -> tuple[str, list[CheckResult]]:
    """The translation as a whole: words cannot be compared, so numbers, links, length and language are."""
    new = visible(written)
    links, numbers = ({each.casefold() for each in LINK.findall(side)} for side in (text, new)), (text, new)
    before, after = links
    wrong = [
        *(["links"] if before != after else []),
        *(
            ["facts"]
            if set(numbered_words(numbers[0].casefold())) != set(numbered_words(numbers[1].casefold()))
            else []
        ),
        *(["placeholders"] if masker.unissued(written) or _MARKUP.search(new) else []),
        *(["injection"] if addresses_a_machine(new) and not addresses_a_machine(text) else []),
        *(["length"] if not _SHORTEST <= len(new) / len(text) <= _LONGEST and len(text) > 40 else []),
    ]
    if wrong:
        return "", [CheckResult(name, "flagged", _DIFFERS) for name in wrong]
    results: list[CheckResult] = []
    guess = detect_language(new)
    if guess.sure and guess.code != language.partition("-")[0]:
        said = f"Meant to be in “{language}”, reads like “{guess.code}”."
        detail = Reason("check.language", said, language=language, other_language=guess.code)
        results.append(CheckResult("language", "flagged", detail))
    broken = {name for part in split_sentences(new, language) for name in broken_rules(part, policy)}
    if broken:
        told = "; ".join(RULES[name] for name in sorted(broken))
        results.append(CheckResult("policy", "flagged", f"A sentence {told}."))
    return new, results


def _notes_beside(record: IssueRecord, text: str) -> tuple[str, ...]:
    """Internal notes whose words the agent did not put into the text; their words may not come from elsewhere."""
    return tuple(note for note in notes_of(record.messages) if note not in text)


def _language_of(text: str, record: IssueRecord) -> str:
    guess = detect_language(text)
    return guess.code if guess.sure else (record.issue.language or "en").partition("-")[0]


def _out(results: Sequence[CheckResult]) -> list[CheckOut]:
    return [CheckOut(**asdict(result)) for result in merged(results)]
