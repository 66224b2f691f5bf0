"""FastAPI as in the seeds: one upload a request, Keras `predict`, no batching.

uvicorn seeds:app --port 8000
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
from fastapi import FastAPI, HTTPException, UploadFile

from stackkit.answers import answer, read_labels
from stackkit.imaging import decode, unit_range
from stackkit.models import load_keras
from stackkit.settings import read_settings


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings = read_settings("fastapi")
    app.state.model = load_keras(settings.model_path)
    app.state.labels = read_labels(settings.labels_path)
    yield
    app.state.model = None


app = FastAPI(title="MobileNetV2 on FastAPI", lifespan=lifespan)
app.state.model = None


def preprocess_image(file: bytes) -> np.ndarray:
    """float32 [1, 224, 224, 3] in [0, 1]; raises on what is no image."""
    return np.expand_dims(unit_range(decode(file)), axis=0)


@app.post("/predict")
async def predict(file: UploadFile) -> dict:
    if app.state.model is None:
        raise HTTPException(500, "Model not loaded")
    image = preprocess_image(await file.read())
    # As in the seeds: in an `async def` route this blocks the event loop, and with it every other
    # request, /health included. In a `def` route FastAPI would run it in a thread.
    probabilities = app.state.model.predict(image, verbose=0)
    return answer(probabilities[0], app.state.labels)


@app.get("/health")
async def health() -> dict:
    if app.state.model is None:
        raise HTTPException(503, "Model not loaded")
    return {"status": "ok"}
