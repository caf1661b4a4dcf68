"""A person's word against the panel: checked, kept with what was predicted, and used from then on."""

from collections.abc import Callable, Mapping
from typing import Any, get_args

from support_copilot.analysis.queries import newest_analysis
from support_copilot.analysis.schemas import CorrectionIn
from support_copilot.db.documents import change_filters
from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import Correction, Issue
from support_copilot.http.fields import Severity
from support_copilot.issues.queries import get_issue, lock_issue
from support_copilot.issues.service import touch
from support_copilot.kit.errors import InvalidRequestError
from support_copilot.kit.ids import new_id
from support_copilot.kit.text import one_line
from support_copilot.ml.sentiment import SentimentLabel
from support_copilot.resources import Resources
from support_copilot.retrieval.feed import tell_index

_LABEL_OF = {
    "language": "code",
    "sentiment": "label",
    "resolution_time": "median_hours",
    "satisfaction_risk": "probability",
}
_OF_ISSUE = ("severity", "category", "language")
_MAX_HOURS = 100_000


def store_correction(resources: Resources, issue_id: str, said: CorrectionIn, by: str) -> Correction:
    """Keep a correction; the issue, its search filters and every later panel follow it.

    Raises:
        IssueNotFoundError: no issue has this id.
        InvalidRequestError: the value does not fit the part.
    """
    value = _VALUE_READERS[said.part](said.value)
    now = resources.clock()
    with resources.database.transaction() as session:
        issue = lock_issue(session, issue_id)
        if said.part == "similar_issues":
            _check_other_issue(session, issue_id, value["issue_id"])
        predicted, model = _prediction(session, issue_id, said.part)
        correction = Correction(
            id=new_id("correction"), issue_id=issue_id, part=said.part, value=value, predicted=predicted, model=model,
            note=said.note, created_by=by, created_at=now,
        )  # fmt: skip
        session.add(correction)
        if said.part in _OF_ISSUE:
            _apply_to_issue(session, issue, said.part, value)
            touch(issue, now)
        elif said.part == "satisfaction_risk":
            # Lists are narrowed and ordered by it at once.
            issue.rating_risk = round(100 * value)
            touch(issue, now)
    tell_index(resources)
    return correction


def _apply_to_issue(session: WriteSession, issue: Issue, part: str, value: str) -> None:
    setattr(issue, part, value)
    setattr(issue, f"{part}_source", "agent")
    change_filters(session, issue.id, {part: value})


def _prediction(session: ReadSession, issue_id: str, part: str) -> tuple[Any, str | None]:
    """What the stored panel said, so that the correction can be learned from."""
    stored = newest_analysis(session, issue_id)
    if stored is None or part == "similar_issues":
        return None, None
    shown: dict[str, Any] = stored.panel.get(part) or {}
    return shown.get(_LABEL_OF.get(part, "value")), shown.get("model")


def _check_other_issue(session: ReadSession, issue_id: str, other_id: str) -> None:
    if other_id == issue_id:
        raise _invalid("must name another issue")
    get_issue(session, other_id)


def _invalid(message: str) -> InvalidRequestError:
    return InvalidRequestError.of_field("value", "invalid_value", message)


def _one_of(*allowed: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise _invalid(f"must be one of {', '.join(allowed)}")
        return value

    return read


def _line(value: Any) -> str:
    if not isinstance(value, str) or not 1 <= len(one_line(value)) <= 80:
        raise _invalid("must be a text of 1 to 80 characters")
    return one_line(value)


def _language(value: Any) -> str:
    if not isinstance(value, str) or not (2 <= len(value) <= 3 and value.isascii() and value.isalpha()):
        raise _invalid("must be a language code such as en")
    return value.lower()


def _number(low: float, high: float) -> Callable[[Any], float]:
    def read(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise _invalid(f"must be a number between {low:g} and {high:g}")
        return float(value)

    return read


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _invalid("must be true or false")
    return value


def _relevance(value: Any) -> dict[str, Any]:
    fits = isinstance(value, dict) and value.keys() == {"issue_id", "relevant"}
    if not fits or not isinstance(value["issue_id"], str) or not isinstance(value["relevant"], bool):
        raise _invalid('must be {"issue_id": "iss_…", "relevant": true or false}')
    return dict(value)


_VALUE_READERS: Mapping[str, Callable[[Any], Any]] = {
    "severity": _one_of(*get_args(Severity)),
    "category": _line,
    "language": _language,
    "sentiment": _one_of(*get_args(SentimentLabel)),
    "resolution_time": _number(0, _MAX_HOURS),
    "satisfaction_risk": _number(0, 1),
    "similar_issues": _relevance,
    "critical": _flag,
}
