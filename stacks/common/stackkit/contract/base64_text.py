"""Base64 as JSON bodies carry it."""

import base64
import binascii
import re

_DATA_PREFIX = re.compile(r"\s*data:[^,]{0,256};base64,", re.IGNORECASE)


def decode_base64(text: str) -> bytes | None:
    """Standard base64, padded; white space and a data: prefix are allowed. Else None."""
    prefix = _DATA_PREFIX.match(text)
    encoded = text[prefix.end() :] if prefix else text
    file = _decode_exact(encoded)
    # Most texts have no white space: they are not copied to take it out.
    return _decode_exact("".join(encoded.split())) if file is None else file


def _decode_exact(encoded: str) -> bytes | None:
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return None
