"""MobileNetV2 on Ray Serve, tuned: ONNX Runtime off the event loop, room for whole batches, servelab's contract."""

import asyncio
import time

import numpy as np
from deployment import read_deployment
from fastapi import FastAPI
from ray import serve
from starlette.requests import Request
from starlette.responses import Response

from stackkit.answers import read_labels
from stackkit.contract.errors_of_routes import speak_problems
from stackkit.contract.predict import Front, Inferred, predict
from stackkit.imaging import SIDE
from stackkit.models import OnnxModel
from stackkit.settings import read_settings

settings = read_settings("rayserve")
deployment = read_deployment()
fastapi_app = FastAPI(title="MobileNetV2 on Ray Serve")
speak_problems(fastapi_app)

# Requests that a replica takes on at once; the rest wait in the proxy. Ray's default of 5 is smaller than a
# batch, so that batches could never fill.
MAX_ONGOING_REQUESTS = 256


@serve.deployment(
    num_replicas=deployment.replicas,
    ray_actor_options=deployment.actor_options,
    max_ongoing_requests=MAX_ONGOING_REQUESTS,
)
@serve.ingress(fastapi_app)
class Classifier:
    def __init__(self):
        self._model = OnnxModel(settings.model_path)
        # The replica counts as running, and /health answers, once this has worked.
        self._model.probabilities(np.zeros((1, SIDE, SIDE, 3), np.uint8))
        self._front = Front(self._infer, read_labels(settings.labels_path), "by Ray Serve")

    @fastapi_app.post("/predict")
    async def predict(self, request: Request) -> Response:
        return await predict(request, self._front)

    # One image a call, so that its length is the size of the batch and no image can be too many for one.
    @serve.batch(
        max_batch_size=settings.max_batch_size, batch_wait_timeout_s=deployment.batch_wait_s
    )
    async def _infer(self, images: list[np.ndarray]) -> list[Inferred]:
        started = time.perf_counter()
        # In a thread: the event loop goes on to read requests and to collect the next batch.
        probabilities = await asyncio.to_thread(self._model.probabilities, np.stack(images))
        infer_ms = (time.perf_counter() - started) * 1000
        return [Inferred(row, len(images), infer_ms) for row in probabilities]

    @fastapi_app.get("/health")
    async def health(self) -> dict:
        return {"status": "ok"}


app = Classifier.bind()
