"""The model on either runtime, held to one thread."""

import os
import platform
import re
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
        if int8_kernels_saturate():
            # Asks for exact ones; with VNNI that would only be slower. servelab decides in the same way.
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


def int8_kernels_saturate() -> bool:
    """x86 without VNNI adds pairs of 8-bit products in 16 bits; one that cannot be asked counts as such."""
    try:
        cpuinfo = Path("/proc/cpuinfo").read_text()
    except OSError:
        cpuinfo = ""
    is_x86 = platform.machine() in ("x86_64", "AMD64")
    return is_x86 and not re.search(r"^flags\s*:.*\b(avx512_vnni|avx_vnni)\b", cpuinfo, re.M)


def load_keras(path: Path):
    """The Keras model; TensorFlow is quiet, has one thread and sees no GPU."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    import tensorflow as tf

    tf.get_logger().setLevel("ERROR")
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    return tf.keras.models.load_model(path)
