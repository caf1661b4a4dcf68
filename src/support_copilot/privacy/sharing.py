"""What leaves for models and to whom, read from what is set and opened: nothing is asked for this."""

from ipaddress import ip_address
from typing import Final, get_args
from urllib.parse import urlsplit

from pydantic import BaseModel, Field
from sqlalchemy import func, select

from support_copilot.backends.embedder.port import Embedder
from support_copilot.backends.llm.port import ProviderInfo, Task
from support_copilot.db.engine import ReadSession
from support_copilot.db.models import Customer
from support_copilot.ml.personal_data import PersonalDataType
from support_copilot.privacy.retention import rules
from support_copilot.prompts.catalog import PROMPTS, Material
from support_copilot.prompts.use import load_pause
from support_copilot.resources import Resources

_MASKED: Final[tuple[PersonalDataType, ...]] = get_args(PersonalDataType)


class WhereOut(BaseModel):
    """Where a service is reached."""

    host: str | None = Field(description="Null where its SDK knows the address by the region.")
    region: str | None
    on_this_machine: bool = Field(
        description="Whether the address is a loopback one; what listens there may pass texts on."
    )


class ProviderShareOut(BaseModel):
    """What a provider of language models is given: ``carries`` of the prompts that may go to it."""

    name: str
    kind: str
    model: str
    where: WhereOut
    tasks: list[Task]
    carries: list[Material]


class EmbeddingShareOut(BaseModel):
    """Who makes vectors of texts: of issues, articles, templates and what is searched for."""

    model: str = Field(description="Name and version, as stored beside each vector; `none` for words alone.")
    kind: str | None = Field(description="Null where texts stay in this process.")
    where: WhereOut | None
    max_chars: int | None = Field(description="How much of a text is sent at most.")


class DataSharingOut(BaseModel):
    """Whom texts may reach, and what is done to them before."""

    leaves: bool = Field(description="Whether any text goes to a service outside of this process.")
    paused: bool = Field(description="Whether an admin has paused the language models; embeddings go on.")
    providers: list[ProviderShareOut]
    offline_tasks: list[Task] = Field(description="What the offline engine does, so that nothing is sent for it.")
    embeddings: list[EmbeddingShareOut] = Field(description="Two while one model follows another.")
    masked: list[PersonalDataType] = Field(
        description="Personal data that is looked for and replaced before a text goes."
    )
    customers_opted_out: int = Field(description="Customers of whom nothing is sent.")
    calls_kept_days: int | None = Field(description="How long what was sent and answered is kept here; null for good.")


def data_sharing(resources: Resources, session: ReadSession) -> DataSharingOut:
    """What is set, as this process uses it."""
    providers = [each for info in resources.llm.providers() if (each := _provider(resources, info)).tasks]
    embeddings = [_embedding(embedder) for embedder in _embedders(resources)]
    opted_out = select(func.count()).select_from(Customer).where(Customer.language_model_allowed.is_(False))
    return DataSharingOut(
        leaves=bool(providers) or any(each.where for each in embeddings),
        paused=load_pause(session) is not None,
        providers=providers,
        offline_tasks=[info.task for info in PROMPTS if not resources.llm.chain_of(info.task)],
        embeddings=embeddings,
        masked=list(_MASKED),
        customers_opted_out=session.scalar(opted_out) or 0,
        calls_kept_days=rules(session)["model_calls"],
    )


def _embedders(resources: Resources) -> list[Embedder]:
    if resources.spaces is None:
        return [resources.embedder]
    return [space.embedder for space in resources.spaces.in_use()]


def _provider(resources: Resources, info: ProviderInfo) -> ProviderShareOut:
    prompts = [prompt for prompt in PROMPTS if info.name in resources.llm.chain_of(prompt.task)]
    carried = {material for prompt in prompts for material in prompt.carries}
    return ProviderShareOut(
        name=info.name, kind=info.kind, model=info.model, where=_where(info.address, info.region),
        tasks=[prompt.task for prompt in prompts],
        carries=[material for material in get_args(Material) if material in carried],
    )  # fmt: skip


def _embedding(embedder: Embedder) -> EmbeddingShareOut:
    service = embedder.service
    if service is None:
        return EmbeddingShareOut(model=embedder.model, kind=None, where=None, max_chars=None)
    return EmbeddingShareOut(
        model=embedder.model, kind=service.kind, where=_where(service.address, service.region),
        max_chars=service.max_chars,
    )  # fmt: skip


def _where(address: str | None, region: str | None) -> WhereOut:
    host = urlsplit(address).hostname if address else None
    return WhereOut(host=host, region=region, on_this_machine=host is not None and _is_loopback(host))


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
