"""The prepared model on disk: an ONNX graph, a tokenizer, and a manifest with the SHA-256 of both."""

import hashlib
import json
from pathlib import Path
from typing import Final

from support_copilot.backends.embedder.port import EmbedderUnavailableError

#: Changes when the graph is built otherwise, so that an older one is built anew and texts are embedded anew.
BUILD: Final = 1
MODEL_NAME: Final = f"minilm-l6-v2-int8/{BUILD}"
GRAPH_FILE: Final = "model.int8.onnx"
TOKENIZER_FILE: Final = "tokenizer.json"
_MANIFEST_FILE: Final = "manifest.json"


class ModelNotAvailableError(EmbedderUnavailableError):
    code, title = "model_not_available", "The local embedding model is not prepared"


def write_manifest(folder: Path) -> None:
    """Record the hashes of the finished files."""
    hashes = {name: sha256_of(folder / name) for name in (GRAPH_FILE, TOKENIZER_FILE)}
    (folder / _MANIFEST_FILE).write_text(json.dumps({"build": BUILD, "sha256": hashes}), encoding="utf-8")


def check_manifest(folder: Path) -> None:
    """Return when the folder holds the finished model of this version, unchanged.

    Raises:
        ModelNotAvailableError: it does not.
    """
    try:
        manifest = json.loads((folder / _MANIFEST_FILE).read_text(encoding="utf-8"))
        outdated = manifest["build"] != BUILD
        changed = [name for name, digest in manifest["sha256"].items() if sha256_of(folder / name) != digest]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise ModelNotAvailableError(
            "The local embedding model is not prepared; `support-copilot model` does it. Search uses keywords so far."
        ) from None
    if outdated:
        raise ModelNotAvailableError(
            "The local embedding model was prepared by another version; `support-copilot model` prepares it anew."
        )
    if changed:
        raise ModelNotAvailableError(
            f"Of the local embedding model {', '.join(changed)} in {folder} was changed since it was prepared (another "
            "SHA-256); `support-copilot model` prepares it anew."
        )


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
