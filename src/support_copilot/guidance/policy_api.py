"""Endpoints of the rules for replies."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from support_copilot.guidance.policy import RULES, Action, Policy, RuleName
from support_copilot.guidance.policy_rules import change_policy, load_policy
from support_copilot.http.dependencies import ResourcesDep
from support_copilot.http.errors import PROBLEM_RESPONSES
from support_copilot.http.fields import Line
from support_copilot.identity.access import GuardedRoute, PrincipalDep, requires

router = APIRouter(tags=["guidance"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)


class RuleOut(BaseModel):
    """A rule, and what becomes of a sentence that breaks it."""

    name: RuleName
    description: str
    action: Action


class PolicyOut(BaseModel):
    """What no suggested reply may say, whichever engine wrote it. Templates of the desk are not held to it."""

    rules: list[RuleOut]
    words: list[str] = Field(description="Words of the desk's own, for the rule `words`.")


class PolicyIn(BaseModel):
    """The rules to change; what is left out stays as it is."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"actions": {"dates": "flag"}, "words": ["guarantee"]}]}
    )

    actions: dict[RuleName, Action] = Field(default_factory=dict)
    words: Annotated[list[Line], Field(max_length=200)] | None = None


@router.get("/v1/reply-rules", dependencies=[requires("templates.read")])
def get_reply_rules(resources: ResourcesDep) -> PolicyOut:
    """Read what no suggested reply may say."""
    with resources.database.read() as session:
        return _render(load_policy(session))


@router.put("/v1/reply-rules", dependencies=[requires("rules.manage")])
def put_reply_rules(body: PolicyIn, resources: ResourcesDep, principal: PrincipalDep) -> PolicyOut:
    """Change what no suggested reply may say."""
    return _render(change_policy(resources, body.actions, body.words, principal))


def _render(policy: Policy) -> PolicyOut:
    rules = [
        RuleOut(name=name, description=f"A sentence that {what}.", action=policy.action(name))
        for name, what in RULES.items()
    ]
    return PolicyOut(rules=rules, words=list(policy.words))
