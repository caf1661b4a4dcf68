"""The only reader of the environment: one frozen tree with each part's configuration."""

import os
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from support_copilot.backends.blobs.config import BlobsConfig
from support_copilot.backends.cache.config import CacheConfig
from support_copilot.backends.embedder.config import EmbedderConfig
from support_copilot.backends.llm.config import LlmConfig
from support_copilot.backends.master_key.config import MasterKeyConfig
from support_copilot.backends.scanner.config import NoScannerConfig, ScannerConfig
from support_copilot.backends.search.config import SearchConfig
from support_copilot.db.config import DatabaseConfig
from support_copilot.http.config import ServerConfig
from support_copilot.http.rate_limits import RateLimitsConfig
from support_copilot.identity.audit_config import AuditConfig
from support_copilot.identity.config import IdentityConfig
from support_copilot.issues.config import AttachmentsConfig, InboxConfig
from support_copilot.kit.errors import AppError
from support_copilot.kit.log import LogFormat
from support_copilot.outgoing.config import OutgoingConfig

PREFIX = "SUPPORT_COPILOT_"
CONFIG_FILE = "support-copilot.toml"


class SettingsError(AppError):
    code, title = "settings_invalid", "The settings are not valid"


class WorkerConfig(BaseModel):
    """How background jobs are worked on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    poll_s: float = Field(default=1.0, gt=0, le=60, description="Pause between looks for due jobs.")
    lease_s: float = Field(
        default=60.0, gt=0, le=3600, description="How long a worker may hold a job before another takes it over."
    )
    deadline_s: float = Field(
        default=600.0, gt=0, description="How long one job may work; after that its lease is not renewed."
    )
    waiting_jobs: int = Field(
        default=4, ge=1, le=32, description="Jobs that wait for a language model, at once, beside all others."
    )
    sending_jobs: int = Field(default=4, ge=1, le=32, description="Webhooks that are sent at once, beside all others.")
    keep_finished_days: int = Field(default=7, ge=0, description="Days after which finished jobs are forgotten.")


class Settings(BaseSettings):
    """Everything that can be set, by environment variable, by TOML file, or by default."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", frozen=True, extra="forbid", env_ignore_empty=True
    )

    data_dir: Path = Field(default=Path(".data"), description="The one folder of the embedded default.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least severe log events shown."
    )
    log_format: LogFormat = Field(
        default="auto", description="`console` for people, `json` for machines, `auto` decides by the terminal."
    )
    server: ServerConfig = ServerConfig()
    limits: RateLimitsConfig = RateLimitsConfig()
    worker: WorkerConfig = WorkerConfig()
    identity: IdentityConfig = IdentityConfig()
    database: DatabaseConfig = DatabaseConfig()
    cache: CacheConfig = CacheConfig()
    outgoing: OutgoingConfig = OutgoingConfig()
    audit: AuditConfig = AuditConfig()
    attachments: AttachmentsConfig = AttachmentsConfig()
    inbox: InboxConfig = InboxConfig()
    scanner: ScannerConfig = NoScannerConfig()
    search: SearchConfig
    embedder: EmbedderConfig
    blobs: BlobsConfig
    llm: LlmConfig = LlmConfig()
    encryption: MasterKeyConfig

    @model_validator(mode="before")
    @classmethod
    def _place_defaults(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Fill what depends on the data folder, so that each part's configuration is complete by itself."""
        data_dir = Path(values.get("data_dir") or cls.model_fields["data_dir"].default).expanduser().absolute()
        search: dict[str, Any] = {"kind": "embedded"} | dict(values.get("search") or {})
        if search["kind"] == "embedded":
            search.setdefault("path", data_dir / "index")
        embedder: dict[str, Any] = {"kind": "minilm"} | dict(values.get("embedder") or {})
        if embedder["kind"] == "minilm":
            embedder.setdefault("model_dir", shared_model_dir())
        blobs: dict[str, Any] = {"kind": "local"} | dict(values.get("blobs") or {})
        if blobs["kind"] == "local":
            blobs.setdefault("path", data_dir / "files")
        audit = {"heads_path": data_dir / "audit-heads.jsonl"} | dict(values.get("audit") or {})
        encryption: dict[str, Any] = {"kind": "file"} | dict(values.get("encryption") or {})
        if encryption["kind"] == "file" and not dict(values.get("database") or {}).get("url"):
            encryption.setdefault("path", data_dir / "master.key")
        placed = {"search": search, "embedder": embedder, "blobs": blobs, "audit": audit, "encryption": encryption}
        return {**values, "data_dir": data_dir, **placed}

    @property
    def database_path(self) -> Path:
        """The SQLite file of the embedded default."""
        return self.data_dir / "support-copilot.db"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        folder = Path(init_settings().get("data_dir") or env_settings().get("data_dir") or ".data")
        file = Path(os.environ.get(PREFIX + "CONFIG") or folder / CONFIG_FILE)
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, file)


def load_settings(**overrides: Any) -> Settings:
    """Read the settings once.

    Raises:
        SettingsError: a value is wrong or a key unknown; the sentence names the key, never its value.
    """
    _refuse_unknown_variables()
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(str(p) for p in e['loc'])}: {e['msg']}" for e in error.errors())
        raise SettingsError(f"Settings are not valid: {wrong}") from None


def shared_model_dir() -> Path:
    """Models are the same for every data folder of a user, so they are kept beside the other caches."""
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(cache) / "support-copilot" / "models" / "minilm-l6-v2"


def _refuse_unknown_variables() -> None:
    """A misspelt variable must not be ignored: pydantic-settings skips names that it does not know."""
    known = {name.upper() for name in Settings.model_fields} | {"CONFIG"}
    for name in os.environ:
        part = name.removeprefix(PREFIX).split("__")[0]
        if name.startswith(PREFIX) and part not in known:
            raise SettingsError(f"{name} is not a setting; docs/settings.md lists them all.")
