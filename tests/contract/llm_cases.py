"""What the tests of language models share."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from support_copilot.backends.llm.config import LlmConfig
from support_copilot.backends.llm.port import Message, ModelCall
from tests.model_server import ACCESS_KEY, KEY, SECRET_KEY, ModelServer

Kind = Literal["openai", "bedrock"]
CALL = ModelCall("probe", (Message("system", "Be brief.", trusted=True), Message("user", "Hello?")))


class Mood(BaseModel):
    label: Literal["good", "bad"]
    confidence: float = Field(ge=0, le=1)


def config_of(kind: Kind, server: ModelServer, **refined: Any) -> LlmConfig:
    provider: dict[str, Any] = {"kind": kind, "model": "stand-in-1", "base_url": server.url}
    if kind == "openai":
        provider |= {"api_key": KEY}
    else:
        provider |= {"region": "eu-central-1", "access_key_id": ACCESS_KEY, "secret_access_key": SECRET_KEY}
    return LlmConfig(providers={"one": provider | refined}, chain=["one"])
