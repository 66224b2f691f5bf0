"""LitServe in the manner of the seeds: one upload a request, Keras `predict`, batches of 8.

python seeds.py
"""

from pathlib import Path

import litserve as ls
import numpy as np
from fastapi import HTTPException
from serving import create_server, run

from stackkit.answers import answer, read_labels
from stackkit.imaging import ImageRefused, decode, unit_range
from stackkit.models import load_keras
from stackkit.settings import read_settings


class MobileNetV2(ls.LitAPI):
    def __init__(self, model_path: Path, labels_path: Path, max_batch_size: int) -> None:
        super().__init__(max_batch_size=max_batch_size)
        self.model_path = model_path
        self.labels_path = labels_path

    def setup(self, device: str) -> None:
        self.model = load_keras(self.model_path)
        self.labels = read_labels(self.labels_path)

    def decode_request(self, request: ls.Request) -> np.ndarray:
        """float32 [224, 224, 3] in [0, 1], from the form that LitServe has made of the request.

        LitServe answers the whole batch with what one of its requests raises.
        """
        try:
            return unit_range(decode(request["file"].file.read()))
        except KeyError:
            raise HTTPException(400, 'The form has no part named "file"') from None
        except ImageRefused:
            raise HTTPException(400, "Not an image") from None

    def predict(self, images: np.ndarray) -> np.ndarray:
        """Probabilities [N, 1000]; LitServe has stacked the images, unless batching is off."""
        if images.ndim == 3:
            return self.model.predict(images[np.newaxis], verbose=0)[0]
        return self.model.predict(images, verbose=0)

    def encode_response(self, probabilities: np.ndarray) -> dict:
        return answer(probabilities, self.labels)


if __name__ == "__main__":
    settings = read_settings("litserve")
    api = MobileNetV2(settings.model_path, settings.labels_path, settings.max_batch_size)
    run(create_server(api), settings)
