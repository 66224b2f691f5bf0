"""LitServe with ONNX Runtime and servelab's contract.

python tuned.py
"""

import time
from pathlib import Path

import litserve as ls
import numpy as np
from contract_spec import ContractSpec
from serving import create_server, run

from stackkit.answers import read_labels
from stackkit.contract.errors_of_routes import speak_problems
from stackkit.contract.predict import Inferred
from stackkit.models import OnnxModel
from stackkit.settings import number, read_settings


class MobileNetV2(ls.LitAPI):
    """Takes pixels: what is no image has been refused before, so that it cannot fail a batch."""

    def __init__(
        self, model_path: Path, spec: ContractSpec, max_batch_size: int, batch_timeout: float
    ) -> None:
        super().__init__(spec=spec, max_batch_size=max_batch_size, batch_timeout=batch_timeout)
        self.model_path = model_path

    def setup(self, device: str) -> None:
        self.model = OnnxModel(self.model_path)

    def predict(self, pixels: np.ndarray) -> Inferred | list[Inferred]:
        """uint8 [N, 224, 224, 3], or [224, 224, 3] when batching is off."""
        if pixels.ndim == 3:
            return self._infer(pixels[np.newaxis])[0]
        return self._infer(pixels)

    def _infer(self, pixels: np.ndarray) -> list[Inferred]:
        started = time.perf_counter()
        probabilities = self.model.probabilities(pixels)
        infer_ms = (time.perf_counter() - started) * 1000
        return [Inferred(of_one, len(pixels), infer_ms) for of_one in probabilities]


if __name__ == "__main__":
    settings = read_settings("litserve")
    api = MobileNetV2(
        settings.model_path,
        ContractSpec(read_labels(settings.labels_path)),
        max_batch_size=settings.max_batch_size,
        batch_timeout=number("BATCH_WAIT_TIMEOUT_S", default=0),
    )
    # LitServe's own health route answers in words; the contract's takes its place.
    server = create_server(api, healthcheck_path="/livez")
    speak_problems(server.app)
    run(server, settings)
