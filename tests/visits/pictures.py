"""Photos made on the spot; none is kept in the repository."""

import io
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

ORIENTATION, GPS = 0x0112, 0x8825


def picture(colour="teal", size=(64, 48), form="JPEG", **options):
    """The bytes of a plain picture."""
    target = io.BytesIO()
    Image.new("RGB", size, colour).save(target, form, **options)
    return target.getvalue()


def told_photo(colour="teal", size=(64, 48)):
    """As a phone makes one, lying on its side: where it was taken, with what, a comment, a profile of colours.

    Its left half is red as the sensor saw it; upright, that is the upper half.
    """
    image = Image.new("RGB", size, colour)
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # turn it by 90° clockwise
    exif[0x010F] = "SECRETPHONE"
    exif.get_ifd(GPS).update({1: "N", 2: (30.0, 37.0, 12.0), 3: "E", 4: (120.0, 42.0, 36.0)})
    target = io.BytesIO()
    image.save(target, "JPEG", exif=exif, comment=b"SECRETCOMMENT", icc_profile=b"SECRETPROFILE", quality=95)
    return target.getvalue()


def bomb(side=12_000):
    """A PNG of 144 million pixels in a few kilobytes."""
    target = io.BytesIO()
    Image.new("1", (side, side)).save(target, "PNG")
    return target.getvalue()


def upload(data=None, name="IMG_1.jpg"):
    return SimpleUploadedFile(name, picture() if data is None else data, content_type="image/jpeg")


def files():
    """Names of the files that lie under MEDIA_ROOT/photos."""
    folder = Path(settings.MEDIA_ROOT) / "photos"
    return sorted(f"photos/{path.name}" for path in folder.iterdir()) if folder.exists() else []
