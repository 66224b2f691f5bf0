"""POST /predict, up to the point where the framework takes over."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..answers import answer
from ..imaging import ImageRefused, decode
from .budget import MAX_BYTES_IN_HAND, MAX_IMAGES_IN_HAND, Budget
from .common_headers import bear, request_id_of, timeout_s_of
from .intake import Incoming, read_images
from .problems import RequestRefused, image_error, problem
from .timing import Timing, server_timing

log = logging.getLogger("stackkit")

# Two, because an image of 50 megapixels holds 200 MB while it is decoded, and 500 if it is
# see-through. Pillow lets go of the interpreter's lock meanwhile: the event loop stays free.
_decoders = ThreadPoolExecutor(max_workers=2, thread_name_prefix="decode")


@dataclass(frozen=True)
class Inferred:
    """What the model says of one image, and in which batch it was."""

    # float32 [1000]
    probabilities: np.ndarray
    batch_size: int
    infer_ms: float


# Hands one image, uint8 [224, 224, 3], to the framework, which puts it into a batch of its own
# making. Raises ImageRefused where the framework has an error of its own that the contract knows:
# shed, overdue.
Infer = Callable[[np.ndarray], Awaitable[Inferred]]


@dataclass(frozen=True)
class Front:
    """What the route needs to know of the stack behind it."""

    infer: Infer
    labels: list[str]
    # Who forms the batches, for the server-timing header: "by Ray Serve".
    batched_by: str
    images: Budget = field(default_factory=lambda: Budget(MAX_IMAGES_IN_HAND))
    body_bytes: Budget = field(default_factory=lambda: Budget(MAX_BYTES_IN_HAND))


async def predict(request: Request, front: Front) -> Response:
    """Reads, decodes, lets the framework infer, answers. A bad image fails alone."""
    started = time.perf_counter()
    request_id = request_id_of(request)
    timings: list[Timing] = []
    try:
        async with asyncio.timeout(timeout_s_of(request)):
            async with read_images(request, front.body_bytes) as incoming:
                results = await _infer_all(incoming.images, front, timings)
        response = _respond(incoming, results, request_id)
    except RequestRefused as refused:
        response = problem(refused.code, request_id, refused.detail)
    except TimeoutError:
        response = problem("deadline_exceeded", request_id)
    total_ms = (time.perf_counter() - started) * 1000
    return bear(response, request_id, server_timing(total_ms, timings, front.batched_by))


def _respond(incoming: Incoming, results: list[dict | str], request_id: str) -> Response:
    if incoming.listed:
        elements = [image_error(r) if isinstance(r, str) else r for r in results]
        return JSONResponse({"results": elements})
    only = results[0]
    return problem(only, request_id) if isinstance(only, str) else JSONResponse(only)


async def _infer_all(
    images: list[bytes | str], front: Front, timings: list[Timing]
) -> list[dict | str]:
    """Admitted together or refused together; then each has an outcome of its own."""
    if not front.images.take(len(images)):
        raise RequestRefused("queue_full")
    try:
        return await asyncio.gather(*(_infer_one(image, front, timings) for image in images))
    finally:
        front.images.give_back(len(images))


async def _infer_one(image: bytes | str, front: Front, timings: list[Timing]) -> dict | str:
    """An answer, or the code of an error."""
    if isinstance(image, str):
        return image
    started = time.perf_counter()
    try:
        pixels = await asyncio.get_running_loop().run_in_executor(_decoders, decode, image)
        decoded = time.perf_counter()
        inferred = await front.infer(pixels)
    except ImageRefused as refused:
        return refused.code
    except Exception:
        log.exception("the model failed on an image")
        return "inference_failed"
    waited_ms = (time.perf_counter() - decoded) * 1000
    timings.append(
        Timing(
            decode_ms=(decoded - started) * 1000,
            queue_ms=max(0.0, waited_ms - inferred.infer_ms),
            infer_ms=inferred.infer_ms,
            batch_size=inferred.batch_size,
        )
    )
    return answer(inferred.probabilities, front.labels)
