"""all-MiniLM-L6-v2 on ONNX Runtime, 8 bits: English sentences (and, less well, other languages) to 384 numbers."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from support_copilot.backends.embedder.model_files import GRAPH_FILE, MODEL_NAME, TOKENIZER_FILE, check_manifest
from support_copilot.backends.embedder.port import EmbedderUnavailableError

_DIMENSION: Final = 384
#: The model reads up to 256 tokens. What an issue is about is said in the first 128: reading more doubles the time
#: and found no more duplicates on public sets.
_MAX_TOKENS: Final = 128
#: A token is seldom longer than this on average, so more characters cannot matter and need not be read.
_MAX_CHARS: Final = _MAX_TOKENS * 16
#: Padding short texts up to long ones wastes work: a batch holds texts of like length, this many tokens in all.
_BATCH_TOKENS: Final = 512
_LONE_SURROGATES: Final = re.compile("[\ud800-\udfff]")


class MiniLmEmbedder:
    """Safe for several threads at once: each call computes in its own thread on shared, read-only weights.

    With one thread a call, two callers on two cores get more done than two threads a call give one caller, and
    spinning is off, since it would take the cores from whoever works next.
    """

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        check_manifest(folder)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(folder / GRAPH_FILE, options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        self._tokenizer.enable_truncation(_MAX_TOKENS)
        self._tokenizer.no_padding()

    @property
    def model(self) -> str:
        return MODEL_NAME

    @property
    def dimension(self) -> int:
        return _DIMENSION

    @property
    def is_remote(self) -> bool:
        return False

    @property
    def service(self) -> None:
        return None

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.empty((len(texts), _DIMENSION), dtype=np.float32)
        encodings = [self._encode(text) for text in texts]
        for batch in _batches(encodings):
            vectors[batch] = self._run([encodings[index] for index in batch])
        return vectors

    def ping(self) -> None:
        try:
            self.embed(["ping"])
        except RuntimeError as error:
            raise EmbedderUnavailableError from error

    def close(self) -> None:
        """The weights are freed with the object."""

    def _encode(self, text: str) -> Encoding:
        # A null byte is a character to the tokenizer, but half a surrogate pair is not one at all.
        return self._tokenizer.encode(_LONE_SURROGATES.sub(" ", text[:_MAX_CHARS]))

    def _run(self, encodings: Sequence[Encoding]) -> NDArray[np.float32]:
        longest = max(len(encoding.ids) for encoding in encodings)
        ids = np.zeros((len(encodings), longest), dtype=np.int32)
        mask = np.zeros_like(ids)
        for row, encoding in enumerate(encodings):
            ids[row, : len(encoding.ids)] = encoding.ids
            mask[row, : len(encoding.ids)] = 1
        (vectors,) = self._session.run(["embedding"], {"input_ids": ids, "mask": mask})
        return np.asarray(vectors, dtype=np.float32)


def _batches(encodings: Sequence[Encoding]) -> Iterator[list[int]]:
    """Positions grouped so that texts of like length share a batch of limited size."""
    batch: list[int] = []
    for index in sorted(range(len(encodings)), key=lambda i: len(encodings[i].ids)):
        # Sorted by length, the newest is the longest and decides the padding.
        if batch and (len(batch) + 1) * len(encodings[index].ids) > _BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch
