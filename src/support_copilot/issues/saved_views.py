"""Views that people save: filters and order of the inbox under a name, for themselves or for everybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import SavedView, User
from support_copilot.http.concurrency import check_version
from support_copilot.identity.directory_queries import names_of_users
from support_copilot.identity.principal import Principal
from support_copilot.issues.clocks import load_targets
from support_copilot.issues.listing import IssueFilter, count_each
from support_copilot.issues.saved_views_schemas import SavedViewEdit, SavedViewIn, SavedViewOut, ViewFilters
from support_copilot.kit.errors import ConflictError, InvalidRequestError, NotFoundError
from support_copilot.kit.ids import is_id, new_id
from support_copilot.resources import Resources

MAX_VIEWS = 50


class SavedViewNotFoundError(NotFoundError):
    code, title = "saved_view_not_found", "There is no view with this id that you may change"


class TooManyViewsError(ConflictError):
    code, title = "too_many_views", "You have as many views as a person may"


@dataclass(frozen=True, slots=True)
class _Shown:
    view: SavedView
    owner_name: str | None
    count: int


def list_views(resources: Resources, principal: Principal) -> list[SavedViewOut]:
    """One's own views in one's order, then those that others share who have not left, by name; each with its count."""
    now = resources.clock()
    with resources.database.read() as session:
        mine = select(SavedView).where(SavedView.owner_id == principal.id)
        rows = list(session.scalars(mine.order_by(SavedView.position, SavedView.id)))
        # Keys have views as well, and no row here.
        left = select(User.id).where(User.disabled_at.is_not(None))
        shared = SavedView.shared.is_(True) & SavedView.owner_id.not_in(left)
        others = select(SavedView).where(shared, SavedView.owner_id != principal.id)
        rows += session.scalars(others.order_by(SavedView.name, SavedView.id).limit(MAX_VIEWS))
        return [_render(shown, principal) for shown in _counted(session, rows, principal, now)]


def save_view(resources: Resources, new: SavedViewIn, principal: Principal) -> SavedViewOut:
    """Keep filters under a name, after one's others.

    Raises:
        TooManyViewsError: this person has as many views as they may.
    """
    now = resources.clock()
    with resources.database.transaction() as session:
        held = [row.position for row in session.scalars(_of(principal).with_for_update())]
        if len(held) >= MAX_VIEWS:
            raise TooManyViewsError(f"A person may have at most {MAX_VIEWS} views.")
        row = SavedView(
            id=new_id("view"), owner_id=principal.id, name=new.name, shared=new.shared,
            position=max(held, default=-1) + 1, filters=_stored(new.filters), version=1, created_at=now,
            updated_at=now,
        )  # fmt: skip
        session.add(row)
        session.flush()
        return _one(session, row, principal, now)


def edit_view(
    resources: Resources, view_id: str, changes: SavedViewEdit, principal: Principal, if_match: str | None
) -> SavedViewOut:
    """Change one's own view.

    Raises:
        SavedViewNotFoundError: this person has no view with this id.
        StaleVersionError: it changed since ``if_match`` was read.
    """
    now = resources.clock()
    with resources.database.transaction() as session:
        row = _lock(session, view_id, principal)
        check_version(if_match, row.version)
        given = changes.changes()
        if "filters" in given:
            given["filters"] = _stored(changes.filters or ViewFilters())
        for name, value in given.items():
            setattr(row, name, value)
        row.version += 1
        row.updated_at = now
        session.flush()
        return _one(session, row, principal, now)


def delete_view(resources: Resources, view_id: str, principal: Principal) -> None:
    """Remove one's own view, for everybody.

    Raises:
        SavedViewNotFoundError: this person has no view with this id.
    """
    with resources.database.transaction() as session:
        session.delete(_lock(session, view_id, principal))


def order_views(resources: Resources, ids: Sequence[str], principal: Principal) -> None:
    """Put one's own views in this order.

    Raises:
        InvalidRequestError: it does not name each of them once.
    """
    now = resources.clock()
    with resources.database.transaction() as session:
        rows = {row.id: row for row in session.scalars(_of(principal).with_for_update())}
        if sorted(ids) != sorted(rows):
            raise InvalidRequestError.of_field("ids", "not_all_views", "must name each of your views once")
        for position, view_id in enumerate(ids):
            if rows[view_id].position != position:
                rows[view_id].position, rows[view_id].updated_at = position, now


def _of(principal: Principal) -> Select[SavedView]:
    return select(SavedView).where(SavedView.owner_id == principal.id)


def _lock(session: WriteSession, view_id: str, principal: Principal) -> SavedView:
    row = session.lock(SavedView, view_id) if is_id(view_id, "view") else None
    if row is None or row.owner_id != principal.id:
        raise SavedViewNotFoundError
    return row


def _counted(session: ReadSession, rows: Sequence[SavedView], principal: Principal, now: datetime) -> list[_Shown]:
    names = names_of_users(session, {row.owner_id for row in rows})
    filters = [_filter_of(ViewFilters.model_validate(row.filters), principal, now) for row in rows]
    counts = count_each(session, filters, load_targets(session))
    return [_Shown(row, names.get(row.owner_id), count) for row, count in zip(rows, counts, strict=True)]


def _filter_of(filters: ViewFilters, principal: Principal, now: datetime) -> IssueFilter:
    return IssueFilter(
        view=filters.view, person=principal.id, now=now, statuses=filters.status, severities=filters.severity,
        channel=filters.channel, assignee=filters.assignee, tag=filters.tag, subject_contains=filters.q,
        plans=filters.plan, sla=filters.sla, risks=filters.risk, team_id=filters.team_id, sees=principal.sees,
    )  # fmt: skip


def _stored(filters: ViewFilters) -> dict[str, object]:
    return filters.model_dump(mode="json", exclude_defaults=True) | {"view": filters.view}


def _one(session: WriteSession, row: SavedView, principal: Principal, now: datetime) -> SavedViewOut:
    (shown,) = _counted(session, [row], principal, now)
    return _render(shown, principal)


def _render(shown: _Shown, principal: Principal) -> SavedViewOut:
    row = shown.view
    return SavedViewOut(
        id=row.id, name=row.name, shared=row.shared, mine=row.owner_id == principal.id, owner_name=shown.owner_name,
        filters=ViewFilters.model_validate(row.filters), count=shown.count, version=row.version,
        created_at=row.created_at, updated_at=row.updated_at,
    )  # fmt: skip
