"""What every answer bears: who asked, how long it took, and until when it had to be out."""

import re
import uuid

from starlette.requests import Request
from starlette.responses import Response

from .problems import RequestRefused

REQUEST_TIMEOUT_S = 60

# Printable without quotes or spaces, so that an id can stand in a log line, a header and a URL.
_SANE_ID = re.compile(r"[\w.:-]{1,128}", re.ASCII)


def request_id_of(request: Request) -> str:
    """The client's x-request-id when it is sane, else a new one."""
    given = request.headers.get("x-request-id", "")
    return given if _SANE_ID.fullmatch(given) else str(uuid.uuid4())


def timeout_s_of(request: Request) -> float:
    """The server's time-out, which x-request-timeout-ms can only shorten; raises RequestRefused."""
    given = request.headers.get("x-request-timeout-ms")
    if given is None:
        return REQUEST_TIMEOUT_S
    if not re.fullmatch(r"[0-9]{1,9}", given) or int(given) < 1:
        raise RequestRefused(
            "bad_request",
            "x-request-timeout-ms must be a whole number of milliseconds, at least 1.",
        )
    return min(int(given) / 1000, REQUEST_TIMEOUT_S)


def bear(response: Response, request_id: str, server_timing: str = "total;dur=0.00") -> Response:
    """The response, with the headers that every answer bears."""
    response.headers["x-request-id"] = request_id
    response.headers["server-timing"] = server_timing
    return response
