"""Which embedding model is used."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class MiniLmConfig(BaseModel):
    """The local model all-MiniLM-L6-v2, quantised; needs no network and no key."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())

    kind: Literal["minilm"] = "minilm"
    model_dir: Path = Field(
        description="Folder of the prepared model. Default: `support-copilot/models/minilm-l6-v2` in the user's cache."
    )
    threads: int = Field(
        default=1, ge=1, le=64, description="Threads for one text; several texts at once use one core each anyway."
    )


class NoEmbedderConfig(BaseModel):
    """No model: search works by keywords only."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["none"] = "none"


EmbedderConfig = Annotated[MiniLmConfig | NoEmbedderConfig, Field(discriminator="kind")]
