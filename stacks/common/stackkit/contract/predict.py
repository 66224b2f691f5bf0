"""POST /predict, up to the point where the framework takes over."""

import asyncio
import logging
import re
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import numpy as np
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..answers import answer
from ..imaging import ImageRefused, decode
from .intake import read_images
from .problems import RequestRefused, image_error, problem

log = logging.getLogger("stackkit")

_SANE_ID = re.compile(r"[\w.:-]{1,128}")


@dataclass(frozen=True)
class Inferred:
    """What the model says of one image, and in which batch it was."""

    # float32 [1000]
    probabilities: np.ndarray
    batch_size: int
    infer_ms: float


# Hands one image, uint8 [224, 224, 3], to the framework, which puts it into a batch of its own making.
# Raises ImageRefused where the framework has an error of its own that the contract knows: shed, overdue.
Infer = Callable[[np.ndarray], Awaitable[Inferred]]


@dataclass(frozen=True)
class Front:
    """What the route needs to know of the stack behind it."""

    infer: Infer
    labels: list[str]
    # Who forms the batches, for the server-timing header: "by Ray Serve".
    batched_by: str


async def predict(request: Request, front: Front) -> Response:
    """Reads, decodes, lets the framework infer, answers. One bad image never fails its neighbours."""
    started = time.perf_counter()
    request_id = request_id_of(request)
    timings: list[_Timing] = []
    try:
        incoming = await read_images(request)
        results = await asyncio.gather(*(_one(image, front, timings) for image in incoming.images))
        if incoming.listed:
            response: Response = JSONResponse(
                {"results": [image_error(r) if isinstance(r, str) else r for r in results]}
            )
        elif isinstance(results[0], str):
            response = problem(results[0], request_id)
        else:
            response = JSONResponse(results[0])
    except RequestRefused as refused:
        response = problem(refused.code, request_id, refused.detail)
    total_ms = (time.perf_counter() - started) * 1000
    response.headers["x-request-id"] = request_id
    response.headers["server-timing"] = _server_timing(total_ms, timings, front.batched_by)
    return response


def request_id_of(request: Request) -> str:
    """The client's x-request-id when it is sane, else a new one."""
    given = request.headers.get("x-request-id", "")
    return given if _SANE_ID.fullmatch(given) else str(uuid.uuid4())


@dataclass(frozen=True)
class _Timing:
    decode_ms: float
    queue_ms: float
    infer_ms: float
    batch_size: int


async def _one(image: bytes | str, front: Front, timings: list[_Timing]) -> dict | str:
    """An answer, or the code of an error."""
    if isinstance(image, str):
        return image
    started = time.perf_counter()
    try:
        # Pillow lets go of the interpreter's lock while it decodes; the event loop stays free.
        pixels = await asyncio.to_thread(decode, image)
    except ImageRefused as refused:
        return refused.code
    decoded = time.perf_counter()
    try:
        inferred = await front.infer(pixels)
    except ImageRefused as refused:
        return refused.code
    except Exception:
        log.exception("the model failed on an image")
        return "inference_failed"
    waited_ms = (time.perf_counter() - decoded) * 1000
    timings.append(
        _Timing(
            decode_ms=(decoded - started) * 1000,
            queue_ms=max(0.0, waited_ms - inferred.infer_ms),
            infer_ms=inferred.infer_ms,
            batch_size=inferred.batch_size,
        )
    )
    return answer(inferred.probabilities, front.labels)


def _server_timing(total_ms: float, timings: list[_Timing], batched_by: str) -> str:
    """Of several images the one that took longest: it decided when the answer could go."""
    total = f"total;dur={total_ms:.2f}"
    if not timings:
        return total
    slowest = max(timings, key=lambda t: t.decode_ms + t.queue_ms + t.infer_ms)
    return (
        f"decode;dur={slowest.decode_ms:.2f}, queue;dur={slowest.queue_ms:.2f}, "
        f'batch;desc="size {slowest.batch_size}, {batched_by}", '
        f"infer;dur={slowest.infer_ms:.2f}, {total}"
    )
