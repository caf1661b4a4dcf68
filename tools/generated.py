"""Writes openapi.json, docs/settings.md and docs/errors.md from the code, or with --check says which are stale."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_origin
from unittest.mock import MagicMock

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from support_copilot.http.config import ServerConfig
from support_copilot.kit.errors import AppError
from support_copilot.resources import Resources
from support_copilot.serve import build_app
from support_copilot.settings import PREFIX, Settings

_HEAD = """# Settings

Each setting is an environment variable, or a key of `support-copilot.toml` in the data folder (another file by
`SUPPORT_COPILOT_CONFIG`), where `__` separates tables: `SUPPORT_COPILOT_SERVER__PORT=9000` is `port = 9000` under
`[server]`. A variable wins over the file. An unknown key or a wrong value stops the start with a sentence that names
it. `support-copilot config` prints the settings in force. This page is generated from the code.

"""


def main() -> int:
    stale = [name for name, text in _files() if not Path(name).exists() or Path(name).read_text("utf-8") != text]
    if "--check" in sys.argv:
        print(f"Stale, run `make generate`: {', '.join(stale)}" if stale else "Generated files are up to date.")
        return 1 if stale else 0
    for name, text in _files():
        Path(name).write_text(text, encoding="utf-8")
    print(f"Written: {', '.join(stale) or 'nothing changed'}")
    return 0


def _files() -> Iterator[tuple[str, str]]:
    app = build_app(MagicMock(spec=Resources), ServerConfig())
    yield "openapi.json", json.dumps(app.openapi(), indent=2, ensure_ascii=False) + "\n"
    errors = "\n".join(dict.fromkeys(_error_rows()))
    yield "docs/errors.md", f"{_ERRORS_HEAD}| Code | Status | Meaning |\n|---|---|---|\n{errors}\n"
    rows = "\n".join(_rows(Settings.model_fields, PREFIX))
    yield "docs/settings.md", f"{_HEAD}| Setting | Default | Meaning |\n|---|---|---|\n{rows}\n"


_ERRORS_HEAD = """# Errors

Every refusal and failure is `application/problem+json` (RFC 9457) with `type`, `title`, `status`, `detail`, `code` and
`request_id`; 422 also has `errors: [{field, code, message}]`. Switch on `code`: its meaning stays. `detail` is for
people and may change. 429 and 503 carry `Retry-After`. No error repeats what was sent. This page is generated from the
code.

"""


def _error_rows() -> Iterator[str]:
    for kind in sorted(_descendants(AppError), key=lambda kind: (kind.status, kind.code)):
        if kind.__module__.startswith("support_copilot."):
            yield f"| `{kind.code}` | {kind.status} | {kind.title} |"


def _descendants(kind: type[AppError]) -> set[type[AppError]]:
    return {kind}.union(*(_descendants(child) for child in kind.__subclasses__()))


def _rows(fields: dict[str, FieldInfo], prefix: str) -> Iterator[str]:
    for name, field in fields.items():
        variable = prefix + name.upper()
        models = [m for m in _alternatives(field.annotation) if isinstance(m, type) and issubclass(m, BaseModel)]
        if models and get_origin(field.annotation) is dict:
            variable += "__NAME"
        for model in models:
            kind = model.model_fields.get("kind")
            chosen = f" ({variable}__KIND=`{kind.default}`)" if kind and len(models) > 1 else ""
            yield f"| **{variable}__…** | | {' '.join((model.__doc__ or '').split())}{chosen} |"
            yield from _rows(model.model_fields, variable + "__")
        if not models:
            yield f"| `{variable}` | {_default(field)} | {field.description or ''} |"


def _alternatives(annotation: Any) -> list[Any]:
    return [part for arg in get_args(annotation) for part in _alternatives(arg)] or [annotation]


def _default(field: FieldInfo) -> str:
    default = sorted(field.default) if isinstance(field.default, frozenset) else field.default
    return "" if field.is_required() or default is None else f"`{default}`"


if __name__ == "__main__":
    sys.exit(main())
