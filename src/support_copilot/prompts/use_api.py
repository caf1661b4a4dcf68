"""Endpoints about the use of language models: who is asked, whether they answer, and the pause of all."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from support_copilot.backends.llm.port import TASKS, ProviderInfo, Task
from support_copilot.http.dependencies import ResourcesDep
from support_copilot.http.errors import PROBLEM_RESPONSES
from support_copilot.http.fields import Line
from support_copilot.http.places import ModelPlacesDep
from support_copilot.identity.access import GuardedRoute, PrincipalDep, requires
from support_copilot.prompts.use import Pause, check_provider, load_pause, set_pause
from support_copilot.resources import Resources

router = APIRouter(tags=["models"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)


class PauseOut(BaseModel):
    """All models are paused: nobody is asked, the offline engine answers and says so."""

    since: datetime
    by: str = Field(description="Id of the person or key.")
    by_name: str | None
    reason: str | None


class ProviderOut(BaseModel):
    """A provider in use, as the process that answers sees it; nothing is asked for this."""

    name: str
    kind: str = Field(description="`openai` for everything that speaks its API, or `bedrock`.")
    model: str
    state: Literal["ok", "left_alone", "trying"] = Field(
        description="`left_alone` after several failures in a row; `trying`: the next call finds out if it is back."
    )
    retry_in_s: float = Field(description="How long it is left alone yet.")


class TaskChainOut(BaseModel):
    """The names of the providers that a task asks, in order; none where the offline engine answers."""

    task: Task
    chain: list[str]


class ModelsInUse(BaseModel):
    """What is set and how it is. Which model a task asks, and what it may cost, is set where the keys are."""

    pause: PauseOut | None
    providers: list[ProviderOut]
    tasks: list[TaskChainOut]


class PauseIn(BaseModel):
    """Pause all models, or let them be asked again."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"paused": True, "reason": "An invoice"}]}
    )

    paused: Annotated[bool, Field(strict=True)]
    reason: Annotated[Line | None, Field(description="Shown to those who may see models.")] = None


class ModelCheckOut(BaseModel):
    """How a provider answered when it was asked for one word."""

    provider: str
    model: str
    answers: bool
    first_token_ms: float | None
    code: str | None = Field(description="Code of the reason why it does not answer.")
    problem: str | None = Field(description="The same as a sentence.")


@router.get("/v1/models", dependencies=[requires("models.read")])
def get_models(resources: ResourcesDep) -> ModelsInUse:
    """Read which models each task asks, how their providers did of late, and whether they are paused."""
    with resources.database.read() as session:
        return _in_use(resources, load_pause(session))


@router.put("/v1/models/pause", dependencies=[requires("models.manage")])
def put_models_pause(body: PauseIn, resources: ResourcesDep, principal: PrincipalDep) -> ModelsInUse:
    """Pause all language models at once, in every process, or let them be asked again."""
    return _in_use(resources, set_pause(resources, paused=body.paused, reason=body.reason, principal=principal))


@router.post("/v1/models/providers/{name}/check", dependencies=[requires("models.manage")])
async def post_model_check(
    name: str, resources: ResourcesDep, principal: PrincipalDep, places: ModelPlacesDep
) -> ModelCheckOut:
    """Ask a provider for one word, which costs a little, and say how long that took or why it does not answer."""
    state = await places.run(check_provider, resources, name, principal)
    answers = state.code is None
    return ModelCheckOut(
        provider=state.provider,
        model=state.model,
        answers=answers,
        first_token_ms=state.first_token_ms if answers else None,
        code=state.code,
        problem=state.problem,
    )


def _in_use(resources: Resources, pause: Pause | None) -> ModelsInUse:
    return ModelsInUse(
        pause=PauseOut(since=pause.since, by=pause.by, by_name=pause.by_name, reason=pause.reason) if pause else None,
        providers=[_provider(each) for each in resources.llm.providers()],
        tasks=[TaskChainOut(task=task, chain=list(resources.llm.chain_of(task))) for task in TASKS if task != "probe"],
    )


def _provider(info: ProviderInfo) -> ProviderOut:
    state: Literal["left_alone", "trying"] = "left_alone" if info.retry_in_s else "trying"
    return ProviderOut(
        name=info.name, kind=info.kind, model=info.model, state=state if info.failing else "ok",
        retry_in_s=info.retry_in_s,
    )  # fmt: skip
