"""From what a phone or a browser sends to the only thing we keep: a small JPEG that says nothing but its picture.

What it is, its bytes decide, not its name. Nothing of the file that came is stored: no place, no time, no phone.
"""

import io
import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

MOST_PHOTOS = 6
LARGEST_FILE = 15 * 1024 * 1024  # as it comes from a camera, without a script that shrinks it
MOST_PIXELS = 110_000_000  # the largest cameras of phones; a plain JPEG is decoded no larger than needed
MOST_DRAWN_PIXELS = 25_000_000  # anything else, decoded as it is: 100 MB for a moment
# A progressive JPEG is gone through once for each of its passes; real ones have about ten.
MOST_PASSES = 100
LARGEST_KEPT = 1024 * 1024
SMALL = 320
FORMATS = ("JPEG", "PNG", "WEBP")

# Pillow itself gives up on pictures of more than twice as much, before anything of them is decoded.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS

# The first that fits is taken; the last always does.
TRIES = ((1600, 85), (1600, 75), (1600, 60), (1600, 45), (1200, 60), (1000, 50), (800, 40))

_HEIC = re.compile(rb"....ftyp(hei|hev|mif1|msf1)", re.DOTALL)


@dataclass(frozen=True)
class Picture:
    """A JPEG of our own making."""

    data: bytes
    width: int
    height: int


def made_anew(data):
    """The picture in these bytes, upright, shrunk and without anything else; a sentence when there is none."""
    if len(data) > LARGEST_FILE:
        raise ValidationError(_("照片太大（最大 15 MB），请选小一点的，或者用手机截一张图。"))
    if _HEIC.match(data):
        raise ValidationError(
            _("这是 HEIC 照片，系统打不开。请在相机设置里选“兼容性最佳”（JPEG）再拍，或者截一张图代替。")
        )
    try:
        picture = _opened(data)
        for side, quality in TRIES:
            kept = _jpeg(picture, side, quality)
            if len(kept.data) <= LARGEST_KEPT:
                break
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ValidationError(_("照片的尺寸太大，请选小一点的，或者截一张图代替。")) from None
    # A broken file makes the decoders fail in ways of their own, and none of them may stop a visit.
    except Exception:
        raise ValidationError(
            _("这个文件不是能打开的照片。请选 JPEG、PNG 或 WebP 照片，或者重新拍一张。")
        ) from None
    return kept


def small(data):
    """A stored picture for a row of several."""
    return _jpeg(_upright(Image.open(io.BytesIO(data), formats=("JPEG",)), SMALL), SMALL, 75).data


def _opened(data):
    image = Image.open(io.BytesIO(data), formats=FORMATS)
    is_plain = image.format in ("JPEG", "MPO") and _is_read_in_one_pass(data)
    if image.width * image.height > (MOST_PIXELS if is_plain else MOST_DRAWN_PIXELS):
        raise Image.DecompressionBombError
    if not is_plain and data.count(b"\xff\xda") > MOST_PASSES:
        raise Image.DecompressionBombError
    return _upright(image, TRIES[0][0])


def _is_read_in_one_pass(data):
    """Whether the first pass of a JPEG draws all its colours; every other one is held whole until the last pass."""
    position, colours = 2, 0
    while position + 10 < len(data) and data[position] == 0xFF:
        kind, length = data[position + 1], int.from_bytes(data[position + 2 : position + 4])
        if kind == 0xFF:  # filling
            position += 1
            continue
        if kind == 0xDA:
            return data[position + 4] == colours
        if kind in (0xC0, 0xC1):
            colours = data[position + 9]
        position += 2 + length
    return False


def _upright(image, side):
    """Decoded, shrunk before anything else is done to it, on white, turned as the camera meant it."""
    image.draft("RGB", (side, side))
    image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail((side, side))
    image = ImageOps.exif_transpose(image)
    if image.mode == "RGBA":
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image


def _jpeg(image, side, quality):
    """Encoded from pixels alone: what a decoded file remembers besides (comment, colours, place) stays behind."""
    clean = Image.new("RGB", image.size)
    clean.paste(image)
    clean.thumbnail((side, side))
    target = io.BytesIO()
    clean.save(target, "JPEG", quality=quality, optimize=True)
    return Picture(target.getvalue(), clean.width, clean.height)
