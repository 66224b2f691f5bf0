"""The model on either runtime, held to one thread."""

import os
from pathlib import Path

import numpy as np

from .imaging import SIDE


class OnnxModel:
    """Our own graph in ONNX Runtime: rescaling and softmax are in it."""

    def __init__(self, path: Path):
        # Or it starts a thread that notes in ~/.cache/Microsoft what was run, to be uploaded.
        os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        # Without VNNI the fast 8-bit kernels saturate and answer wrongly; this asks for exact ones.
        options.add_session_config_entry("session.x64quantprecision", "1")
        self._session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )
        self._input = self._session.get_inputs()[0].name
        # The first run is slower than all others, and shows that the model can answer.
        self.probabilities(np.zeros((1, SIDE, SIDE, 3), np.uint8))

    def probabilities(self, pixels: np.ndarray) -> np.ndarray:
        """float32 [N, 1000] from uint8 [N, 224, 224, 3]."""
        return self._session.run(None, {self._input: pixels})[0]


def load_keras(path: Path):
    """The Keras model; TensorFlow is quiet, has one thread and sees no GPU."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    import tensorflow as tf

    tf.get_logger().setLevel("ERROR")
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    return tf.keras.models.load_model(path)
