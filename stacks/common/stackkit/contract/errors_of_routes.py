"""Makes a Starlette or FastAPI application speak of its own errors in the contract's words."""

import logging

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from .predict import request_id_of
from .problems import problem

log = logging.getLogger("stackkit")

_CODES = {404: "not_found", 405: "method_not_allowed", 413: "body_too_large", 503: "not_ready"}


def speak_problems(app: Starlette) -> None:
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unforeseen)


async def _http_error(request: Request, error: HTTPException) -> Response:
    code = _CODES.get(error.status_code)
    if code is None:
        code = "bad_request" if error.status_code < 500 else "internal_error"
    return _named(problem(code, request_id := request_id_of(request)), request_id, error.headers)


async def _unforeseen(request: Request, error: Exception) -> Response:
    log.error("a request failed", exc_info=error)
    return _named(problem("internal_error", request_id := request_id_of(request)), request_id, None)


def _named(response: Response, request_id: str, headers: dict | None) -> Response:
    response.headers.update(headers or {})
    response.headers["x-request-id"] = request_id
    response.headers["server-timing"] = "total;dur=0"
    return response
