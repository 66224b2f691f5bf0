"""From a file to the pixels that the model takes."""

import io
import warnings

import numpy as np
from PIL import Image, ImageOps

from .image_format import ImageRefused, sniff

__all__ = ["ImageRefused", "decode", "pixels", "unit_range"]

SIDE = 224
MAX_PIXELS = 50_000_000

# Beyond twice this Pillow itself refuses to open a file, whoever opens it.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
# Pillow warns of odd metadata and of large images; what we make of a file is told by its outcome.
warnings.filterwarnings("ignore", module=r"PIL\.")


def decode(file: bytes) -> np.ndarray:
    """uint8 [224, 224, 3] RGB; raises ImageRefused.

    The first frame; EXIF orientation applied, alpha laid on white, stretched with a bicubic filter.
    """
    try:
        with Image.open(io.BytesIO(file), formats=(sniff(file),)) as image:
            # Only the header has been read.
            if image.width * image.height > MAX_PIXELS:
                raise ImageRefused("image_too_large")
            return pixels(image)
    except ImageRefused:
        raise
    except Image.DecompressionBombError:
        raise ImageRefused("image_too_large") from None
    except Exception:  # noqa: BLE001
        # On a damaged file Pillow's readers raise whatever the damage leads to: OSError, KeyError,
        # ValueError, SyntaxError, struct.error, zlib.error, MemoryError.
        raise ImageRefused("invalid_image") from None


def pixels(image: Image.Image) -> np.ndarray:
    """uint8 [224, 224, 3] RGB of an image that is open already."""
    image.load()
    _turn_upright(image)
    rgb = _on_white(_eight_bits(image))
    return np.asarray(rgb.resize((SIDE, SIDE), Image.Resampling.BICUBIC))


def unit_range(pixels: np.ndarray) -> np.ndarray:
    """float32 in [0, 1], as the seeds' services feed it to the Keras model."""
    return pixels.astype(np.float32) / np.float32(255)


def _turn_upright(image: Image.Image) -> None:
    try:
        # In place: a copy of 50 megapixels would be 200 MB.
        ImageOps.exif_transpose(image, in_place=True)
    except Exception:  # noqa: BLE001
        # Metadata that cannot be read says nothing about which way is up, and the pixels are sound.
        return


def _eight_bits(image: Image.Image) -> Image.Image:
    # Pillow clips 16-bit grey on conversion instead of scaling it.
    if image.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    return image


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image if image.mode == "RGB" else image.convert("RGB")
    if image.mode != "RGBA":
        image = image.convert("RGBA")
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white
