"""Errors as RFC 9457 problems, from the table that servelab itself answers from."""

import json
from pathlib import Path

from starlette.responses import Response

# Written by scripts/generate-docs.mjs from packages/core/src/errors/error-table.ts.
TABLE: dict[str, dict] = json.loads(
    (Path(__file__).parent / "errors.json").read_text(encoding="utf-8")
)

_HEADERS = {
    "queue_full": {"retry-after": "1"},
    # What is left of the body would be taken for the next request.
    "body_timeout": {"connection": "close"},
}


class RequestRefused(Exception):
    """The request as a whole is wrong; `code` is from the table."""

    def __init__(self, code: str, detail: str | None = None):
        super().__init__(code)
        self.code = code
        self.detail = detail


def problem(code: str, request_id: str, detail: str | None = None) -> Response:
    """The answer to a request that failed as a whole."""
    error = TABLE[code]
    body = {
        "type": f"urn:servelab:error:{code}",
        "title": error["title"],
        "status": error["status"],
        "code": code,
        "detail": detail or error["title"],
        "request_id": request_id,
    }
    return Response(
        json.dumps(body),
        status_code=error["status"],
        # As a header: to a media type Starlette would add a charset, which this one does not have.
        headers={"content-type": "application/problem+json", **_HEADERS.get(code, {})},
    )


def image_error(code: str) -> dict:
    """One image of several, failing alone."""
    error = TABLE[code]
    return {"error": {"code": code, "status": error["status"], "title": error["title"]}}
