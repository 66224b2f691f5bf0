"""What the OpenAPI document cannot say of a request."""

import base64
import struct

import schemathesis
from hypothesis import strategies as st

TAGS = [(256, 1), (257, 1), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1), (278, 1), (279, 1)]
IFD = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in TAGS)
# A file is an image. This one has one grey pixel, at byte 8, and is ASCII throughout: Schemathesis takes strings.
TIFF = b"II*\0" + struct.pack("<I", 10) + b"@\0" + struct.pack("<H", len(TAGS)) + IFD + bytes(4)

schemathesis.openapi.format("binary", st.just(TIFF.decode("ascii")))
schemathesis.openapi.format("byte", st.just(base64.b64encode(TIFF).decode("ascii")))


@schemathesis.hook
def before_call(context, case, **kwargs):
    """Time passes: who gives the server a millisecond is answered 503 or 504, which here would be a fault."""
    wished = str((case.headers or {}).get("x-request-timeout-ms", ""))
    if wished.isdigit() and 0 < int(wished) < 10_000:
        case.headers["x-request-timeout-ms"] = "10000"


@schemathesis.hook
def filter_case(context, case):
    """A form has no types: one file is a list of one."""
    body = case.body if isinstance(case.body, dict) else {}
    return case.media_type != "multipart/form-data" or isinstance(body.get("files", []), list)
