"""Reads the weights out of servelab's f32 graph."""

from pathlib import Path

import numpy as np


def read_weights(graph: Path) -> list[tuple[np.ndarray, np.ndarray]]:
    """Kernel float32 [out, in / groups, h, w] and bias float32 [out] of every convolution, in the graph's order.

    The last of them is the classifier. Raises ValueError where a convolution's weights are no constants.
    """
    import onnx
    from onnx import numpy_helper

    model = onnx.load(graph)
    constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    weights = []
    for node in model.graph.node:
        if node.op_type != "Conv":
            continue
        kernel, bias = (constants.get(name) for name in node.input[1:3])
        if kernel is None or bias is None:
            raise ValueError(f"{node.name}: its weights are no constants; is this the f32 graph?")
        weights.append((kernel, bias))
    return weights
