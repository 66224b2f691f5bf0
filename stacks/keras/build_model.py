"""Builds the Keras model of the `seeds` forms from servelab's own f32 graph, and proves that it answers alike.

    PYTHONPATH=stacks/common python stacks/keras/build_model.py \\
        --graph f32.onnx --output mobilenet_v2.keras IMAGE...

The images are the golden set. Prints one JSON object; exits 1, leaving no file, where the two runtimes disagree.
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

import numpy as np

from stackkit.imaging import decode, unit_range
from stackkit.models import OnnxModel
from weights import read_weights

# On probabilities, for the same pixels (design: the golden set's tolerance).
LIMIT = 1e-4
CLASSES = 1000


def main() -> int:
    options = _parse_arguments()
    pixels = np.stack([decode(path.read_bytes()) for path in options.images])
    options.output.parent.mkdir(parents=True, exist_ok=True)
    # Beside its final place, so that the rename at the end is atomic.
    with tempfile.TemporaryDirectory(dir=options.output.parent) as folder:
        draft = Path(folder) / options.output.name
        _quiet_tensorflow()
        build(options.graph).save(draft)
        # What is compared is what the services will load: the file, not the object that was saved.
        keras = _load(draft).predict(unit_range(pixels), verbose=0)
        onnx = OnnxModel(options.graph).probabilities(pixels)
        largest = float(np.abs(keras - onnx).max())
        same_top = bool((keras.argmax(axis=1) == onnx.argmax(axis=1)).all())
        agrees = largest < LIMIT and same_top
        if agrees:
            os.replace(draft, options.output)
    print(
        json.dumps(
            {
                "images": len(pixels),
                "largest_difference": largest,
                "limit": LIMIT,
                "same_top_class": same_top,
                "agrees": agrees,
            }
        )
    )
    return 0 if agrees else 1


def build(graph: Path):
    """MobileNetV2 with the graph's weights, for float32 [N, 224, 224, 3] in [0, 1].

    Raises ValueError where the graph is no MobileNetV2 of that size.
    """
    from tensorflow import keras

    inputs = keras.Input((224, 224, 3), name="unit_range")
    # The seeds' services divide by 255, the weights were trained on [-1, 1].
    rescaled = keras.layers.Rescaling(2.0, offset=-1.0)(inputs)
    model = keras.applications.MobileNetV2(input_tensor=rescaled, weights=None, classes=CLASSES)
    _fill(model, read_weights(graph))
    return model


def _fill(model, weights: list[tuple[np.ndarray, np.ndarray]]) -> None:
    """Both list the layers in the order of the computation: one straight line, residual additions aside."""
    from tensorflow.keras import layers

    ours = iter(weights)
    bias_due = None
    for layer in model.layers:
        if isinstance(layer, layers.DepthwiseConv2D):
            kernel, bias_due = next(ours, (None, None))
            # [C, 1, h, w] to [h, w, C, 1]
            layer.set_weights([_transposed(layer, kernel, (2, 3, 0, 1))])
        elif isinstance(layer, layers.Conv2D):
            kernel, bias_due = next(ours, (None, None))
            # [out, in, h, w] to [h, w, in, out]
            layer.set_weights([_transposed(layer, kernel, (2, 3, 1, 0))])
        elif isinstance(layer, layers.BatchNormalization):
            layer.set_weights(_identity_plus(bias_due, layer.epsilon))
        elif isinstance(layer, layers.Dense):
            kernel, bias = next(ours, (None, None))
            # [out, in, 1, 1] to [in, out]
            layer.set_weights([_transposed(layer, kernel, (2, 3, 1, 0))[0, 0], bias])
    if next(ours, None) is not None:
        raise ValueError("the graph has more convolutions than MobileNetV2")


def _transposed(layer, kernel: np.ndarray | None, axes: tuple[int, ...]) -> np.ndarray:
    if kernel is None:
        raise ValueError(f"the graph has no weights left for {layer.name}")
    return kernel.transpose(axes)


def _identity_plus(bias: np.ndarray, epsilon: float) -> list[np.ndarray]:
    """gamma, beta, moving mean and variance with which batch-norm only adds the bias.

    The graph's convolutions have their batch-norm folded in already. It divides by sqrt(variance + epsilon).
    """
    ones = np.ones_like(bias)
    return [ones, bias, np.zeros_like(bias), ones * np.float32(1 - epsilon)]


def _load(path: Path):
    from tensorflow import keras

    return keras.models.load_model(path)


def _quiet_tensorflow() -> None:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--graph", type=Path, required=True, help="f32.onnx, as servelab made it")
    parser.add_argument("--output", type=Path, required=True, help="the .keras file to write")
    parser.add_argument("images", type=Path, nargs="+", help="photographs to compare answers on")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
