"""The response optimizer: runs every check, keeps the repairs, and answers with one result for each name."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from support_copilot.guidance.checks import CHECKS, WHOLE_CHECKS, flag_length
from support_copilot.guidance.context import GuidanceContext
from support_copilot.guidance.draft import Block, CheckResult, Draft, Verdict, piece_of
from support_copilot.guidance.phrasebook import phrases_of
from support_copilot.kit.reasons import Reason

_NO_USABLE_SOURCE: Final = Reason("check.no_usable_source", "No source found that may be used in a reply.")
_WORSE: Final[dict[Verdict, int]] = {"pass": 0, "fixed": 1, "flagged": 2}


def optimise(draft: Draft, context: GuidanceContext) -> tuple[Draft, tuple[CheckResult, ...]]:
    """The draft after all repairs, and what was found: the composer's remarks and the checks, one result a name."""
    if not draft.blocks:
        return draft, merged(draft.remarks)
    results = list(draft.remarks)
    claimed = any(True for _piece in draft.claims())
    for check in CHECKS:
        draft, result = check(draft, context)
        results.append(result)
    if claimed and not any(True for _piece in draft.claims()):
        draft = _admitting(draft)
        results.append(CheckResult("sources", "flagged", _NO_USABLE_SOURCE))
    return draft, merged(results)


def look_over(draft: Draft, context: GuidanceContext, remarks: Iterable[CheckResult]) -> tuple[CheckResult, ...]:
    """What there is to say of a draft whose sentences were judged one by one: nothing is changed any more.

    Args:
        remarks: what judging found.
    """
    cited = sum(1 for _piece in draft.claims())
    sources = CheckResult("sources", "pass", f"{cited} sentence(s) cite a source, the others are courtesy.")
    results = [*draft.remarks, *remarks, sources, flag_length(draft)]
    results += [check(draft, context)[1] for check in WHOLE_CHECKS]
    return merged(results)


def merged(results: Iterable[CheckResult]) -> tuple[CheckResult, ...]:
    """One result for each name, in the order of first mention: the worst verdict, with what spoke for it."""
    by_name: dict[str, CheckResult] = {}
    for result in results:
        known = by_name.get(result.name)
        if known is None or _WORSE[result.verdict] > _WORSE[known.verdict]:
            by_name[result.name] = result
        elif result.verdict == known.verdict and result.verdict != "pass" and result.detail not in known.detail:
            by_name[result.name] = replace(known, detail=f"{known.detail} {result.detail}")
    return tuple(by_name.values())


def _admitting(draft: Draft) -> Draft:
    """With the honest sentence in place of what had to go: behind the greeting, before the rest."""
    admission = Block("paragraph", (piece_of(phrases_of(draft.language).no_source),))
    at = 1 if draft.blocks and draft.blocks[0].layout == "lines" else 0
    return replace(draft, blocks=(*draft.blocks[:at], admission, *draft.blocks[at:]))
