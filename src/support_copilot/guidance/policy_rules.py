"""The rules for replies as an admin has set them."""

from collections.abc import Iterator
from typing import cast

from sqlalchemy import select

from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import ReplyRule
from support_copilot.guidance.policy import DEFAULT_ACTIONS, RULES, Action, Policy, RuleName
from support_copilot.identity.desk_settings import change_settings
from support_copilot.identity.principal import Principal
from support_copilot.resources import Resources


def load_policy(session: ReadSession) -> Policy:
    """The rules in force."""
    rows = {row.name: row for row in session.scalars(select(ReplyRule))}
    actions = {name: cast("Action", rows[name].action) for name in RULES if name in rows}
    return Policy(actions, tuple(rows["words"].words) if "words" in rows else ())


def change_policy(
    resources: Resources, actions: dict[RuleName, Action], words: list[str] | None, principal: Principal
) -> Policy:
    """Set the rules named, and the desk's own words where they are given; the others stay as they are."""

    def rows(session: WriteSession, before: Policy) -> Iterator[ReplyRule]:
        for name in [*actions, *(["words"] if words is not None and "words" not in actions else [])]:
            rule = cast("RuleName", name)
            row = session.lock(ReplyRule, rule) or ReplyRule(name=rule, words=[])
            row.action = actions.get(rule, before.action(rule))
            row.words = words if rule == "words" and words is not None else row.words
            yield row

    return change_settings(resources, principal, "reply_rules", load=load_policy, rows=rows, plain=_plain)


def _plain(policy: Policy) -> dict[str, object]:
    return {**{name: policy.action(name) for name in DEFAULT_ACTIONS}, "own_words": list(policy.words)}
