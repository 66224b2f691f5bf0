"""FastAPI as lean as it can be written: ONNX Runtime on one thread beside the event loop.

uvicorn tuned:app --port 8000
"""

import asyncio
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import numpy as np
from fastapi import FastAPI, Request, Response

from stackkit.answers import read_labels
from stackkit.contract import health as contract_health
from stackkit.contract.errors_of_routes import speak_problems
from stackkit.contract.predict import Front, Infer, Inferred
from stackkit.contract.predict import predict as contract_predict
from stackkit.models import OnnxModel
from stackkit.settings import read_settings


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings = read_settings("fastapi")
    model = OnnxModel(settings.model_path)
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="inference") as thread:
        app.state.front = Front(
            infer=one_at_a_time(model, thread),
            labels=read_labels(settings.labels_path),
            batched_by="FastAPI forms no batches",
        )
        yield


def one_at_a_time(model: OnnxModel, thread: ThreadPoolExecutor) -> Infer:
    """FastAPI has no batching: images queue for the one thread, and the event loop stays free."""

    def run(pixels: np.ndarray) -> Inferred:
        started = time.perf_counter()
        probabilities = model.probabilities(pixels[np.newaxis])[0]
        return Inferred(probabilities, 1, (time.perf_counter() - started) * 1000)

    async def infer(pixels: np.ndarray) -> Inferred:
        return await asyncio.get_running_loop().run_in_executor(thread, run, pixels)

    return infer


app = FastAPI(title="MobileNetV2 on FastAPI, tuned", lifespan=lifespan)
speak_problems(app)


@app.post("/predict")
async def predict(request: Request) -> Response:
    return await contract_predict(request, app.state.front)


@app.get("/health")
async def health(request: Request) -> Response:
    # uvicorn opens the port once the lifespan has begun, so whoever gets here finds a model.
    return contract_health.health(request, ready=True)
