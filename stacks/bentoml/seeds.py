"""BentoML as in the seeds: uploads decoded by the framework, Keras `predict`, adaptive batching.

bentoml serve seeds:Classifier --port 3000
"""

import bentoml
import numpy as np
from batching import read_batching
from PIL.Image import Image

from stackkit.answers import answer, read_labels
from stackkit.imaging import pixels, unit_range
from stackkit.models import load_keras
from stackkit.settings import read_settings


@bentoml.service(
    resources={"cpu": "1", "memory": "2Gi"},
    traffic={"timeout": 60},
    # A line a request would cost throughput; no stack writes one.
    logging={"access": {"enabled": False}},
)
class Classifier:
    def __init__(self) -> None:
        settings = read_settings("bentoml")
        self.model = load_keras(settings.model_path)
        self.labels = read_labels(settings.labels_path)

    # BentoML opens the images, lazily: what is damaged raises here, and fails the whole batch.
    @bentoml.api(**read_batching())
    def predict(self, files: list[Image]) -> list[dict]:
        batch = np.stack([unit_range(pixels(image)) for image in files])
        probabilities = self.model.predict(batch, verbose=0)
        return [answer(row, self.labels) for row in probabilities]

    # As all of BentoML's APIs this is a POST; for a GET there is /readyz.
    @bentoml.api
    def health(self) -> dict:
        return {"status": "ok"}
