"""From a request's body to the files in it."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from python_multipart.exceptions import MultipartParseError
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from .base64_text import decode_base64
from .budget import Budget
from .problems import RequestRefused

MAX_BODY_BYTES = 16 * 1024 * 1024
MAX_IMAGES = 32
# More parts than this and no browser or script sent them in earnest.
MAX_PARTS = 1000
BODY_TIMEOUT_S = 30
FIELDS = ("file", "files")

# It warns of every form that it cannot read; whoever sent it is told.
logging.getLogger("python_multipart").setLevel(logging.ERROR)


@dataclass(frozen=True)
class Incoming:
    # Each a file, or the code of the error why there is none; at least one.
    images: list[bytes | str]
    # Whether the answer is {"results": [...]}: images_base64, or two and more parts.
    listed: bool


@asynccontextmanager
async def read_images(request: Request, budget: Budget) -> AsyncIterator[Incoming]:
    """Holds the body's bytes in the budget until the answer is made; raises RequestRefused."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in ("application/json", "multipart/form-data"):
        raise RequestRefused("unsupported_media_type")
    body = await _read_body(request, budget)
    try:
        yield (
            _from_json(body)
            if media_type == "application/json"
            else await _from_form(request, body)
        )
    finally:
        budget.give_back(len(body))


async def _read_body(request: Request, budget: Budget) -> bytes:
    """The whole body, whose bytes have been taken from the budget."""
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > MAX_BODY_BYTES:
        raise RequestRefused("body_too_large")
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(BODY_TIMEOUT_S):
            async for chunk in request.stream():
                if size + len(chunk) > MAX_BODY_BYTES:
                    raise RequestRefused("body_too_large")
                if not budget.take(len(chunk)):
                    raise RequestRefused("queue_full", "Too many bodies wait; try again later.")
                size += len(chunk)
                chunks.append(chunk)
        return b"".join(chunks)
    except BaseException as error:
        budget.give_back(size)
        if isinstance(error, TimeoutError):
            raise RequestRefused("body_timeout") from None
        if isinstance(error, ClientDisconnect):
            raise RequestRefused("client_closed_request") from None
        raise


def _from_json(body: bytes) -> Incoming:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise RequestRefused("invalid_json", "The body is not valid JSON.") from None
    if not isinstance(value, dict):
        raise RequestRefused("invalid_json")
    if "image_base64" in value and "images_base64" in value:
        raise RequestRefused("invalid_json", "Send either image_base64 or images_base64, not both.")
    if "image_base64" in value:
        return Incoming([_the_only_one(value["image_base64"])], listed=False)
    several = value.get("images_base64", [])
    if not isinstance(several, list):
        raise RequestRefused("invalid_json", "images_base64 is not a list.")
    _require_images(len(several))
    return Incoming([_one_of_several(text) for text in several], listed=True)


def _the_only_one(text: object) -> bytes:
    if not isinstance(text, str):
        raise RequestRefused("invalid_json", "image_base64 is not a string.")
    file = decode_base64(text)
    if file is None:
        raise RequestRefused("invalid_base64")
    return file


def _one_of_several(text: object) -> bytes | str:
    file = decode_base64(text) if isinstance(text, str) else None
    return "invalid_base64" if file is None else file


class _FormParser(MultiPartParser):
    # The body is in memory and bounded already; the default would write parts above 1 MB to disk.
    spool_max_size = MAX_BODY_BYTES


async def _from_form(request: Request, body: bytes) -> Incoming:
    async def whole() -> AsyncIterator[bytes]:
        yield body

    try:
        form = await _FormParser(
            request.headers,
            whole(),
            max_files=MAX_PARTS,
            max_fields=MAX_PARTS,
            max_part_size=MAX_BODY_BYTES,
        ).parse()
    except MultiPartException as error:
        code = "too_many_images" if error.message.startswith("Too many") else "missing_image"
        raise RequestRefused(code, error.message) from None
    except (KeyError, ValueError, MultipartParseError):
        raise RequestRefused("missing_image", "The form cannot be read.") from None
    try:
        parts = [
            part
            for name, part in form.multi_items()
            if name in FIELDS and isinstance(part, UploadFile)
        ]
        _require_images(len(parts))
        return Incoming([await part.read() for part in parts], listed=len(parts) > 1)
    finally:
        await form.close()


def _require_images(count: int) -> None:
    if count == 0:
        raise RequestRefused("missing_image")
    if count > MAX_IMAGES:
        raise RequestRefused("too_many_images", f"A request may carry {MAX_IMAGES} images.")
