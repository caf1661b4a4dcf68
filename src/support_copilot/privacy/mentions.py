"""What other records say of a person: found by sure signs, then masked in every known form."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Text, cast, func, or_, select, true

from support_copilot.db.documents import put_document
from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import Analysis, Article, Base, Issue, Message, Suggestion, Template
from support_copilot.issues.documents import put_issue_document
from support_copilot.issues.queries import load_issue
from support_copilot.knowledge.documents import article_document, template_document
from support_copilot.privacy.catalog import SEALED_TEXTS, TEXTS, Texts
from support_copilot.privacy.holds import unheld
from support_copilot.privacy.person import Person, in_all_texts, without_person
from support_copilot.privacy.removal import batches, remove_panels
from support_copilot.resources import Resources

_BATCH: Final = 100
_SEALED_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Quotes:
    """Ids of panels and of suggestions that quote certain issues, and how many others quote them that a hold keeps."""

    panels: Sequence[str]
    suggestions: Sequence[str]
    kept: int


def mask_mentions(resources: Resources, person: Person) -> int:
    """Take the person out of all texts that name one surely; returns how many records were changed.

    A text is read only if an address, a number or the full name stands in it: a first name alone is somebody else's
    as well. In such a text every known form is masked. Panels are removed, being made anew on demand.
    Records of customers under a hold stay as they are.
    """
    if not person.marks:
        return 0
    change = without_person(person)
    return sum(
        _mask_rows(resources, texts, ids, change)
        for texts in TEXTS
        for ids in batches(_ids(resources, texts, person.marks), _BATCH)
    ) + sum(_mask_sealed(resources, texts, person, change) for texts in SEALED_TEXTS)


def quoting(resources: Resources, issue_ids: Sequence[str]) -> Quotes:
    """What of other issues quotes one of these issues."""
    found: list[list[str]] = []
    kept = 0
    with resources.database.read() as session:
        for model, columns in ((Analysis, (Analysis.panel,)), (Suggestion, (Suggestion.context, Suggestion.citations))):
            naming = or_(*(cast(column, Text).contains(each) for column in columns for each in issue_ids))
            others = select(model.id).where(naming, model.issue_id.not_in(issue_ids))
            found.append(list(session.scalars(others.where(unheld(model)))))
            kept += len(list(session.scalars(others.where(~unheld(model)))))
    return Quotes(found[0], found[1], kept)


def forget_quotes(session: WriteSession, quotes: Quotes, gone: Sequence[str]) -> int:
    """Remove those panels, and in those suggestions every source that is gone; returns how many records changed."""
    ids = set(gone)
    for row in session.scalars(select(Suggestion).where(Suggestion.id.in_(quotes.suggestions))):
        row.citations = [each for each in row.citations if each.get("source", {}).get("id") not in ids]
        row.context = _without(row.context, ids)
    return remove_panels(session, quotes.panels) + len(quotes.suggestions)


def count_mentions(session: ReadSession, person: Person, *, held: bool = False) -> int:
    """How many records still name the person surely, but for the person's own; or only those that a hold keeps."""
    if not person.marks:
        return 0

    def which(texts: Texts) -> ColumnElement[bool]:
        return ~unheld(texts.model) if held else true()

    counts = (
        select(func.count()).select_from(texts.model).where(_names(texts, person.marks), which(texts))
        for texts in TEXTS
    )
    return sum(int(session.scalar(query)) for query in counts) + sum(
        len(ids)
        for texts in SEALED_TEXTS
        for ids in _sealed_naming(lambda: nullcontext(session), texts, person, which(texts))
    )


def _mask_sealed(resources: Resources, texts: Texts, person: Person, change: Callable[[str], str]) -> int:
    masked = 0
    for ids in _sealed_naming(resources.database.read, texts, person, unheld(texts.model)):
        with resources.database.transaction() as session:
            for identifier in ids:
                row = session.lock(texts.model, identifier)
                if row is not None:
                    mask_columns(row, texts.columns, change)
                    masked += 1
    return masked


def _sealed_naming(
    read: Callable[[], AbstractContextManager[ReadSession]], texts: Texts, person: Person, which: ColumnElement[bool]
) -> Iterator[list[str]]:
    """Ids of rows, but for the person's own, whose encrypted texts hold a mark; they are read batch by batch."""
    after = ""
    while True:
        page = select(texts.model).where(texts.model.id > after, which).order_by(texts.model.id).limit(_SEALED_BATCH)
        with read() as session:
            rows = list(session.scalars(page))
        if not rows:
            return
        after = rows[-1].id
        others = [row for row in rows if row.id not in person.customer_ids]
        if found := [row.id for row in others if _holds_mark(row, texts.columns, person.marks)]:
            yield found


def _holds_mark(row: Any, columns: Sequence[str], marks: Sequence[str]) -> bool:
    # As text, not as JSON writes it: nothing is escaped.
    said = "\n".join(_texts_in([getattr(row, name) for name in columns])).lower()
    return any(mark.lower() in said for mark in marks)


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts_in(item)


def _ids(resources: Resources, texts: Texts, marks: Sequence[str]) -> list[str]:
    with resources.database.read() as session:
        naming = select(texts.model.id).where(_names(texts, marks), unheld(texts.model))
        return list(session.scalars(naming.order_by(texts.model.id)))


def _names(texts: Texts, marks: Sequence[str]) -> Any:
    """Whether one of the texts holds a mark, in any case; structures may hold it escaped as ``json`` writes it."""
    forms = {form for mark in marks for form in (mark.lower(), json.dumps(mark.lower())[1:-1], json.dumps(mark)[1:-1])}
    columns = [func.lower(cast(getattr(texts.model, name), Text)) for name in texts.columns]
    return or_(*(column.contains(form.lower(), autoescape=True) for column in columns for form in sorted(forms)))


def _mask_rows(resources: Resources, texts: Texts, ids: Sequence[str], change: Callable[[str], str]) -> int:
    with resources.database.transaction() as session:
        rows = list(session.scalars(select(texts.model).where(texts.model.id.in_(ids), unheld(texts.model))))
        if texts.model is Analysis:
            return remove_panels(session, [row.id for row in rows])
        for row in rows:
            mask_columns(row, texts.columns, change)
        _renew_documents(session, texts.model, [row.id for row in rows])
    return len(rows)


def mask_columns(row: Base, columns: Sequence[str], change: Callable[[str], str]) -> None:
    """Change every text in these columns of a row; markup goes, since what was cut out of it could break it."""
    for name in columns:
        value = getattr(row, name)
        if name == "body_html":
            setattr(row, name, None)
        elif value is not None:
            setattr(row, name, _fitted(row, name, in_all_texts(value, change)))


def _fitted(row: Base, name: str, value: Any) -> Any:
    """A label can be longer than what it stands for, and the column still has its length."""
    column = row.__table__.c.get(name)  # none of this name where the text is encrypted
    length = getattr(column.type, "length", None) if column is not None else None
    return value[:length] if isinstance(value, str) and length else value


def _renew_documents(session: WriteSession, model: type[Any], ids: Sequence[str]) -> None:
    session.flush()
    if model is Message or model is Issue:
        key = Message.issue_id if model is Message else Issue.id
        found = session.scalars(select(key).where(model.id.in_(ids)).distinct())
        for issue_id in list(found):
            put_issue_document(session, load_issue(session, issue_id), None, None)
    elif model is Article or model is Template:
        for row in list(session.scalars(select(model).where(model.id.in_(ids)))):
            document = article_document(row) if isinstance(row, Article) else template_document(row)
            put_document(session, document, None, None)


def _without(value: Any, ids: set[str]) -> Any:
    """The structure without those of its parts that stand for one of the ids."""
    if isinstance(value, list):
        return [_without(item, ids) for item in value if not (isinstance(item, dict) and ids & set(_ids_in(item)))]
    if isinstance(value, dict):
        return {name: _without(item, ids) for name, item in value.items()}
    return value


def _ids_in(item: dict[str, Any]) -> Iterator[str]:
    yield from (value for value in item.values() if isinstance(value, str))
