"""MobileNetV2 on Ray Serve as in the seeds: FastAPI ingress, `@serve.batch`, Keras `predict`."""

from itertools import islice

import numpy as np
from deployment import read_deployment
from fastapi import FastAPI, HTTPException, UploadFile
from ray import serve

from stackkit.answers import answer, read_labels
from stackkit.imaging import ImageRefused, decode, unit_range
from stackkit.models import load_keras
from stackkit.settings import read_settings

settings = read_settings("rayserve")
deployment = read_deployment()
fastapi_app = FastAPI(title="MobileNetV2 on Ray Serve")


def preprocess_image(file: bytes) -> np.ndarray:
    """float32 [1, 224, 224, 3] in [0, 1]; raises HTTPException 400."""
    try:
        return np.expand_dims(unit_range(decode(file)), axis=0)
    except ImageRefused:
        raise HTTPException(400, "The file is not an image that can be read.") from None


def count_images(requests: list[list[bytes]]) -> int:
    """The size of a batch is its images, not its requests: they are what the model's time depends on."""
    return sum(len(files) for files in requests)


# max_ongoing_requests stays at its default of 5, as in the seeds. The replica therefore never holds more than
# five requests, and a batch of single images never has more than five, whatever max_batch_size says: Ray warns
# of it when the first request comes.
@serve.deployment(num_replicas=deployment.replicas, ray_actor_options=deployment.actor_options)
@serve.ingress(fastapi_app)
class Classifier:
    def __init__(self):
        self.model = load_keras(settings.model_path)
        self.labels = read_labels(settings.labels_path)

    @fastapi_app.post("/predict")
    async def predict(self, files: list[UploadFile]) -> dict:
        # Ray would fail a request that can never fit into a batch, with status 500.
        if len(files) > settings.max_batch_size:
            raise HTTPException(413, f"Send at most {settings.max_batch_size} images a request.")
        results = await self._batched_predict([await file.read() for file in files])
        return results[0] if len(results) == 1 else {"results": results}

    @serve.batch(
        max_batch_size=settings.max_batch_size,
        batch_wait_timeout_s=deployment.batch_wait_s,
        batch_size_fn=count_images,
    )
    async def _batched_predict(self, requests: list[list[bytes]]) -> list[list[dict]]:
        """One call for the images of several requests. An image that is none fails all of them."""
        images = [preprocess_image(file) for files in requests for file in files]
        probabilities = self.model.predict(np.vstack(images), verbose=0)
        answers = (answer(row, self.labels) for row in probabilities)
        return [list(islice(answers, len(files))) for files in requests]

    @fastapi_app.get("/health")
    async def health(self) -> dict:
        return {"status": "ok"}


app = Classifier.bind()
