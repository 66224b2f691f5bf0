"""From a request's body to the files in it."""

import asyncio
import base64
import binascii
import json
import re
from dataclasses import dataclass

from python_multipart.exceptions import MultipartParseError
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from .problems import RequestRefused

MAX_BODY_BYTES = 16 * 1024 * 1024
MAX_IMAGES = 32
# More parts than this and no browser or script sent them in earnest.
MAX_PARTS = 1000
BODY_TIMEOUT_S = 30
FIELDS = ("file", "files")


@dataclass(frozen=True)
class Incoming:
    # Each a file, or the code of the error why there is none; at least one.
    images: list[bytes | str]
    # Whether the answer is {"results": [...]}: images_base64, or two and more parts.
    listed: bool


async def read_images(request: Request) -> Incoming:
    """Raises RequestRefused."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in ("application/json", "multipart/form-data"):
        raise RequestRefused("unsupported_media_type")
    body = await _read_body(request)
    if media_type == "application/json":
        return _from_json(body)
    return await _from_form(request, body)


async def _read_body(request: Request) -> bytes:
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > MAX_BODY_BYTES:
        raise RequestRefused("body_too_large")
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(BODY_TIMEOUT_S):
            async for chunk in request.stream():
                size += len(chunk)
                if size > MAX_BODY_BYTES:
                    raise RequestRefused("body_too_large")
                chunks.append(chunk)
    except TimeoutError:
        raise RequestRefused("body_timeout") from None
    except ClientDisconnect:
        raise RequestRefused("client_closed_request") from None
    return b"".join(chunks)


def _from_json(body: bytes) -> Incoming:
    try:
        value = json.loads(body)
    except ValueError:
        raise RequestRefused("invalid_json", "The body is not valid JSON.") from None
    if not isinstance(value, dict):
        raise RequestRefused("invalid_json")
    one, several = value.get("image_base64"), value.get("images_base64")
    if one is not None and several is not None:
        raise RequestRefused("invalid_json", "Send either image_base64 or images_base64, not both.")
    if one is not None:
        if not isinstance(one, str):
            raise RequestRefused("invalid_json", "image_base64 is not a string.")
        file = decode_base64(one)
        if file is None:
            raise RequestRefused("invalid_base64")
        return Incoming([file], listed=False)
    if several is None:
        several = []
    if not isinstance(several, list):
        raise RequestRefused("invalid_json", "images_base64 is not a list.")
    _require_images(len(several))
    return Incoming([_one_of_several(text) for text in several], listed=True)


def _one_of_several(text: object) -> bytes | str:
    file = decode_base64(text) if isinstance(text, str) else None
    return "invalid_base64" if file is None else file


_DATA_PREFIX = re.compile(r"^\s*data:[^,]{0,256};base64,", re.IGNORECASE)


def decode_base64(text: str) -> bytes | None:
    """Standard base64, padded; white space and a data: prefix are allowed. None for anything else."""
    try:
        return base64.b64decode(re.sub(r"\s+", "", _DATA_PREFIX.sub("", text)), validate=True)
    except (binascii.Error, ValueError):
        return None


async def _from_form(request: Request, body: bytes) -> Incoming:
    async def whole():
        yield body

    try:
        parser = MultiPartParser(
            request.headers,
            whole(),
            max_files=MAX_PARTS,
            max_fields=MAX_PARTS,
            max_part_size=MAX_BODY_BYTES,
        )
        form = await parser.parse()
    except MultiPartException as error:
        code = "too_many_images" if error.message.startswith("Too many") else "missing_image"
        raise RequestRefused(code) from None
    except (KeyError, MultipartParseError):
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
        raise RequestRefused("too_many_images")
