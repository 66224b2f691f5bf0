"""Tells a file's format from its first bytes, never from a name or a header of the client."""

import re

# Pillow's names of the formats that are decoded; nothing else ever reaches a decoder.
_STARTS = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"II+\0": "TIFF",
    b"MM\0+": "TIFF",
}

# Images and documents that are known and not on the list.
_FORBIDDEN = (
    b"%PDF-",
    b"\0\0\x01\0",  # ICO
    b"\xff\x0a",  # JPEG XL
    b"\0\0\0\x0cJXL ",
    b"\xff\x4f\xff\x51",  # JPEG 2000
    b"\0\0\0\x0cjP  ",
    b"8BPS",  # Photoshop
    b"\x76\x2f\x31\x01",  # OpenEXR
)

# After an optional byte order mark, declaration, comment or document type.
_SVG = re.compile(rb"(\xef\xbb\xbf)?\s*<(svg|[?!][\s\S]*<svg)[\s>]", re.IGNORECASE)

# How much of a file the search for `<svg` and for compatible brands looks at.
_SNIFF_BYTES = 1024


class ImageRefused(Exception):
    """A file that is no image that we take; `code` is from the table of errors."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def sniff(file: bytes) -> str:
    """Pillow's name of the format; raises ImageRefused for one that is not on the list."""
    head = file[:_SNIFF_BYTES]
    for start, name in _STARTS.items():
        if head.startswith(start):
            return name
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp" and b"avif" in _brands(head):
        return "AVIF"
    raise ImageRefused("unsupported_image_format" if _is_known(head) else "invalid_image")


def _is_known(head: bytes) -> bool:
    # Two letters are too few to go by: in a BMP the reserved field is zero as well.
    is_bmp = head.startswith(b"BM") and head[6:10] == b"\0\0\0\0"
    is_boxed = head[4:8] == b"ftyp"
    return head.startswith(_FORBIDDEN) or is_bmp or is_boxed or _SVG.match(head) is not None


def _brands(head: bytes) -> list[bytes]:
    """Major and compatible brands of an ISO base media file: HEIC and AVIF differ only there."""
    length = min(int.from_bytes(head[:4], "big"), len(head))
    return [head[at : at + 4] for at in range(8, length - 3, 4)]
