"""BentoML tuned: ONNX Runtime on one thread, adaptive batching of decoded images, servelab's contract.

bentoml serve tuned:Classifier --port 3000
"""

import time

import bentoml
import numpy as np
from batching import read_batching
from contract_front import ContractFront

from stackkit.contract.common_headers import REQUEST_TIMEOUT_S
from stackkit.contract.predict import Inferred
from stackkit.models import OnnxModel
from stackkit.settings import read_settings


@bentoml.service(
    resources={"cpu": "1", "memory": "2Gi"},
    # The contract's own time-out comes first, and has the contract's words.
    traffic={"timeout": REQUEST_TIMEOUT_S + 5},
    logging={"access": {"enabled": False}},
    metrics={"enabled": False},
)
class Classifier:
    def __init__(self) -> None:
        self.model = OnnxModel(read_settings("bentoml").model_path)

    # BentoML runs it in its one thread, so that the event loop stays free.
    @bentoml.api(**read_batching())
    def infer(self, pixels: np.ndarray) -> list:
        """An Inferred for each of uint8 [N, 224, 224, 3]."""
        started = time.perf_counter()
        probabilities = self.model.probabilities(pixels)
        infer_ms = (time.perf_counter() - started) * 1000
        return [Inferred(row, len(pixels), infer_ms) for row in probabilities]


Classifier.add_asgi_middleware(ContractFront, api="infer")
