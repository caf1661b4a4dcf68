"""Kept suggestions, narrowed to who reads them: one may quote issues that only its asker sees."""

from collections.abc import Sequence

from support_copilot.db.engine import ReadSession
from support_copilot.db.models import Suggestion
from support_copilot.identity.visibility import Sees, SuggestionNotFoundError, seen_issue_ids


def seen_suggestions(session: ReadSession, rows: Sequence[Suggestion], sees: Sees) -> list[Suggestion]:
    """Those drawn from nothing that is hidden. A source is read all over a text: it is shown whole or not at all."""
    if sees is None:
        return list(rows)
    drawn_on = {row.id: _issues_drawn_on(row) for row in rows}
    seen = seen_issue_ids(session, set().union(*drawn_on.values()), sees)
    return [row for row in rows if drawn_on[row.id] <= seen]


def check_suggestion_seen(session: ReadSession, row: Suggestion, sees: Sees) -> None:
    """Refuse a suggestion that was drawn from what is not seen.

    Raises:
        SuggestionNotFoundError: as if there were none.
    """
    if not seen_suggestions(session, [row], sees):
        raise SuggestionNotFoundError


def _issues_drawn_on(row: Suggestion) -> set[str]:
    sources = [cited["source"] for cited in row.citations if cited["source"]]
    sources += [*row.context.get("items", ()), *row.context.get("left_out", ())]
    return {source["id"] for source in sources if source["kind"] == "issue"}
