"""Makes a Starlette or FastAPI application speak of its own errors in the contract's words."""

import logging

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from .common_headers import bear, request_id_of
from .problems import problem

log = logging.getLogger("stackkit")

_CODES = {404: "not_found", 405: "method_not_allowed", 413: "body_too_large", 503: "not_ready"}


def speak_problems(app: Starlette) -> None:
    """Answers what the framework raises by itself with a problem, instead of its own words."""
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unforeseen)


def code_of(status: int) -> str:
    """What the contract calls an error of which nothing is known but its status."""
    return _CODES.get(status, "bad_request" if status < 500 else "internal_error")


async def _http_error(request: Request, error: HTTPException) -> Response:
    return _answer(request, code_of(error.status_code), error.headers)


async def _unforeseen(request: Request, error: Exception) -> Response:
    log.error("a request failed", exc_info=error)
    return _answer(request, "internal_error")


def _answer(request: Request, code: str, headers: dict[str, str] | None = None) -> Response:
    request_id = request_id_of(request)
    response = problem(code, request_id)
    # Such as Allow, which names the methods that the route has.
    response.headers.update(headers or {})
    return bear(response, request_id)
