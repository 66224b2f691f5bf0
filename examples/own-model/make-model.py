# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy", "onnx", "scikit-learn"]
# ///
"""Trains a small classifier of handwritten digits and writes what servelab needs to serve it.

    uv run examples/own-model/make-model.py            # or: pip install -r requirements.lock, then python
    ./servelab model add tmp/own-model/digits.yaml
    ./servelab serve --model digits
    curl -F file=@tmp/own-model/digit-7.png localhost:8080/predict

Takes a few seconds. The data come with scikit-learn: 1,797 grey images of 8x8 pixels (Optical
Recognition of Handwritten Digits, UCI, CC BY 4.0). Nothing is downloaded.
"""

import hashlib
import json
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

SIZE = 8
SEED = 1
OUT = Path(sys.argv[1] if len(sys.argv) > 1 else "tmp/own-model")


def main() -> None:
    digits = load_digits()
    # As they would arrive in a file: 0 to 255 instead of 0 to 16.
    pixels = np.round(digits.data * (255 / 16)).astype(np.uint8)
    train, held_out, train_classes, held_out_classes = train_test_split(
        pixels, digits.target, test_size=0.25, random_state=SEED, stratify=digits.target
    )
    mean = round(float(train.mean()) / 255, 4)
    std = round(float(train.std()) / 255, 4)

    def normalised(values: np.ndarray) -> np.ndarray:
        return (values / 255 - mean) / std

    network = MLPClassifier(hidden_layer_sizes=(64,), max_iter=300, random_state=SEED)
    network.fit(normalised(train), train_classes)
    accuracy = network.score(normalised(held_out), held_out_classes)
    print(f"right on {accuracy:.1%} of {len(held_out)} images that it was not trained on")

    OUT.mkdir(parents=True, exist_ok=True)
    graph = as_onnx(network.coefs_, network.intercepts_)
    (OUT / "digits.onnx").write_bytes(graph)
    (OUT / "labels.txt").write_text("".join(f"{name}\n" for name in digits.target_names))
    (OUT / "digits.yaml").write_text(manifest(hashlib.sha256(graph).hexdigest(), mean, std))

    # One held-out image of every digit, and what the network itself says of it.
    expected = {}
    for digit in range(10):
        image = held_out[held_out_classes == digit][0]
        (OUT / f"digit-{digit}.png").write_bytes(grey_png(image.reshape(SIZE, SIZE)))
        expected[f"digit-{digit}.png"] = network.predict_proba(normalised(image[None]))[0].tolist()
    (OUT / "expected.json").write_text(json.dumps(expected, indent=2) + "\n")
    print(f"wrote {OUT}/digits.yaml and what it names")


def as_onnx(weights: list[np.ndarray], biases: list[np.ndarray]) -> bytes:
    """RGB planes in, logits out: grey is the mean of the planes, the rest is as trained."""
    constants = {
        "hidden_weights": weights[0],
        "hidden_bias": biases[0],
        "class_weights": weights[1],
        "class_bias": biases[1],
    }
    nodes = [
        helper.make_node("ReduceMean", ["image"], ["grey"], axes=[1], keepdims=0),
        helper.make_node("Flatten", ["grey"], ["row"]),
        helper.make_node("Gemm", ["row", "hidden_weights", "hidden_bias"], ["hidden"]),
        helper.make_node("Relu", ["hidden"], ["active"]),
        helper.make_node("Gemm", ["active", "class_weights", "class_bias"], ["logits"]),
    ]
    graph = helper.make_graph(
        nodes,
        "digits",
        # "N" is a free dimension: several images can run as one batch.
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["N", 3, SIZE, SIZE])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["N", 10])],
        [numpy_helper.from_array(w.astype(np.float32), name) for name, w in constants.items()],
    )
    model = helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)])
    onnx.checker.check_model(model)
    return model.SerializeToString()


def manifest(sha256: str, mean: float, std: float) -> str:
    return f"""\
name: digits
description: Handwritten digits, 8x8 pixels, one hidden layer
licence: CC BY 4.0 (data)
source: digits.onnx
sha256: {sha256}
input:
  size: {SIZE}
  layout: nchw
  dtype: float32
  mean: [{mean}, {mean}, {mean}]
  std: [{std}, {std}, {std}]
labels: labels.txt
classes: 10
top_k: 3
softmax: true
"""


def grey_png(pixels: np.ndarray) -> bytes:
    """An 8-bit grey PNG, without another library: each row is preceded by its filter, none."""
    height, width = pixels.shape
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


main()
