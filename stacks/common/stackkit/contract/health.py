"""GET /health."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .common_headers import bear, request_id_of


def health(request: Request, ready: bool) -> Response:
    """200 when the model can answer, 503 before."""
    status = {"status": "ok" if ready else "starting"}
    return bear(JSONResponse(status, status_code=200 if ready else 503), request_id_of(request))
