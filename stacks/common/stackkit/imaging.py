"""From a file to the pixels that the model takes."""

import io
import warnings

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

SIDE = 224
MAX_PIXELS = 50_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF", "TIFF")

# The limit below is ours and is checked before anything is decoded.
Image.MAX_IMAGE_PIXELS = None


class ImageRefused(Exception):
    """A file that is no image that we take; `code` is from the table of errors."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def decode(file: bytes) -> np.ndarray:
    """uint8 [224, 224, 3] RGB; raises ImageRefused.

    The first frame; EXIF orientation applied, alpha laid on white, stretched with a bicubic filter.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(file), formats=FORMATS) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise ImageRefused("image_too_large")
                return pixels(image)
    except UnidentifiedImageError:
        raise ImageRefused(
            "unsupported_image_format" if _is_other_format(file) else "invalid_image"
        ) from None
    # Pillow's readers raise these, and SyntaxError, for files that are cut off or damaged.
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError):
        raise ImageRefused("invalid_image") from None


def pixels(image: Image.Image) -> np.ndarray:
    """uint8 [224, 224, 3] RGB of an image that is open already."""
    upright = ImageOps.exif_transpose(image)
    rgb = _on_white(_eight_bits(upright))
    return np.asarray(rgb.resize((SIDE, SIDE), Image.Resampling.BICUBIC))


def unit_range(pixels: np.ndarray) -> np.ndarray:
    """float32 in [0, 1], as the seeds' services feed it to the Keras model."""
    return pixels.astype(np.float32) / np.float32(255)


def _eight_bits(image: Image.Image) -> Image.Image:
    # Pillow clips 16-bit grey on conversion instead of scaling it.
    if image.mode in ("I;16", "I;16B", "I;16L", "I"):
        return Image.fromarray((np.asarray(image).astype(np.uint32) >> 8).astype(np.uint8))
    return image


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    image = image.convert("RGBA")
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image).convert("RGB")


_OTHER_STARTS = (b"%PDF-", b"II+\x00", b"MM\x00+", b"8BPS", b"\x00\x00\x01\x00")


def _is_other_format(file: bytes) -> bool:
    """An image, or near to one, that is not on the list."""
    head = file[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(_OTHER_STARTS) or (head.startswith(b"BM") and file[6:10] == b"\0\0\0\0"):
        return True
    if head[4:8] == b"ftyp":
        return b"avif" not in head[8:64]
    return head.startswith(b"<") and b"<svg" in head.lower()
