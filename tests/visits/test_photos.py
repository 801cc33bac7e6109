"""What becomes of the bytes of a photo: visits/photos.py."""

import io
import os

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from visits.photos import LARGEST_FILE, LARGEST_KEPT, made_anew, small

from .pictures import bomb, picture, told_photo

TOO_MANY_PIXELS = "照片的尺寸太大，请选小一点的，或者截一张图代替。"


def refusal(data):
    with pytest.raises(ValidationError) as caught:
        made_anew(data)
    return caught.value.messages[0]


def test_photo_keeps_its_picture_and_tells_nothing_else():
    told = told_photo()
    assert b"SECRETCOMMENT" in told and b"SECRETPROFILE" in told and b"SECRETPHONE" in told
    kept = made_anew(told).data
    assert [word for word in (b"SECRET", b"Exif", b"ICC_PROFILE", b"http") if word in kept] == []
    image = Image.open(io.BytesIO(kept))
    assert (image.format, dict(image.getexif()), image.info.keys() & {"exif", "comment", "icc_profile"}) == (
        "JPEG",
        {},
        set(),
    )


def test_photo_taken_on_its_side_is_turned_upright():
    kept = made_anew(told_photo(size=(64, 48)))
    assert (kept.width, kept.height) == (48, 64)
    image = Image.open(io.BytesIO(kept.data))
    assert image.size == (48, 64)
    red, green, _blue = image.getpixel((24, 10))
    assert red > 200 and green < 60
    red, green, _blue = image.getpixel((24, 54))
    assert red < 60 and green > 90


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_photo_of_each_format_becomes_a_jpeg_of_at_most_1600(form):
    kept = made_anew(picture("navy", (2400, 1800), form))
    assert (kept.width, kept.height) == (1600, 1200)
    assert Image.open(io.BytesIO(kept.data)).format == "JPEG"


def test_small_photo_is_not_blown_up():
    kept = made_anew(picture(size=(30, 20)))
    assert (kept.width, kept.height) == (30, 20)


def test_photo_of_nothing_but_noise_still_fits_into_a_megabyte():
    image = Image.frombytes("RGB", (2000, 2000), os.urandom(2000 * 2000 * 3))
    target = io.BytesIO()
    image.save(target, "JPEG", quality=95)
    kept = made_anew(target.getvalue())
    assert len(kept.data) <= LARGEST_KEPT
    assert kept.width >= 800


@pytest.mark.parametrize("mode", ["P", "L", "LA", "RGBA", "1", "I;16"])
def test_drawn_picture_of_any_kind_lies_on_white(mode):
    target = io.BytesIO()
    image = Image.new(mode, (40, 40))
    image.save(target, "PNG")
    assert made_anew(target.getvalue()).width == 40
    if mode == "RGBA":
        assert Image.open(io.BytesIO(made_anew(target.getvalue()).data)).getpixel((5, 5)) == (255, 255, 255)


def test_colours_of_a_press_and_pictures_of_several_frames_are_taken():
    target = io.BytesIO()
    Image.new("CMYK", (40, 40)).save(target, "JPEG")
    assert made_anew(target.getvalue()).width == 40
    target = io.BytesIO()
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue")]
    frames[0].save(target, "MPO", save_all=True, append_images=frames[1:])
    assert made_anew(target.getvalue()).width == 40


def test_bomb_of_pixels_is_refused_before_it_is_decoded():
    assert len(bomb()) < 100_000
    assert refusal(bomb()) == TOO_MANY_PIXELS
    # Within Pillow's own limit, yet more than a drawn picture may have.
    assert refusal(bomb(6_000)) == TOO_MANY_PIXELS


def _jpeg(size, **options):
    target = io.BytesIO()
    Image.new("RGB", size, "teal").save(target, "JPEG", **options)
    return target.getvalue()


def test_large_photo_is_decoded_at_a_fraction_and_a_progressive_one_not_at_all():
    """A plain one costs what is kept of it; a progressive one would be held whole: 660 MB at 110 megapixels."""
    plain = _jpeg((10_000, 10_900))
    assert made_anew(plain).height == 1600
    started_again = plain[:2] + b"\xff\xff" + plain[3:]  # filling before a marker, as some cameras write
    assert made_anew(started_again).height == 1600
    assert refusal(_jpeg((10_000, 10_900), progressive=True)) == TOO_MANY_PIXELS
    assert made_anew(_jpeg((5_000, 4_900), progressive=True)).width == 1600


def test_photo_of_endless_passes_is_refused():
    data = _jpeg((64, 64), progressive=True)
    last = data.rindex(b"\xff\xda")
    assert made_anew(data[:-2] + data[last:]).width == 64
    assert refusal(data[:-2] + data[last:-2] * 200 + data[-2:]) == TOO_MANY_PIXELS


@pytest.mark.parametrize(
    "data",
    [
        "这是文字，改名叫 photo.jpg".encode(),
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a" + bytes(100),
        b"%PDF-1.7" + bytes(100),
        b"\xff\xd8\xff\xe0" + bytes(300),
        picture()[:-200],
        picture(form="PNG")[:60],
        b"\x00\x00\x00\x1cftypavif" + bytes(300),
    ],
    ids=["text", "empty", "svg", "gif", "pdf", "jpeg head", "cut jpeg", "cut png", "avif"],
)
def test_what_is_no_photo_is_refused_whatever_its_name(data):
    assert refusal(data) == "这个文件不是能打开的照片。请选 JPEG、PNG 或 WebP 照片，或者重新拍一张。"


def test_gif_is_no_photo_even_when_it_is_whole():
    assert refusal(picture(form="GIF")).startswith("这个文件不是能打开的照片。")


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"hevc", b"mif1", b"msf1"])
def test_heic_is_refused_with_what_to_do_about_it(brand):
    data = b"\x00\x00\x00\x18ftyp" + brand + bytes(300)
    assert refusal(data) == (
        "这是 HEIC 照片，系统打不开。请在相机设置里选“兼容性最佳”（JPEG）再拍，或者截一张图代替。"
    )


def test_file_that_is_too_large_is_not_even_looked_at():
    assert refusal(picture() + bytes(LARGEST_FILE)).startswith("照片太大（最大 15 MB）")


def test_small_picture_is_small():
    kept = made_anew(picture(size=(1600, 1200)))
    assert Image.open(io.BytesIO(small(kept.data))).size == (320, 240)
