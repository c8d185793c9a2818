"""Pictures are drawn here in every format; red, white and black show whether colours are right."""

import os
import random
import struct
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from vgg_transfer.images.decode import MAXIMUM_PIXELS, Undecodable, decode, inspect

RED, WHITE, BLACK = (255, 0, 0), (255, 255, 255), (0, 0, 0)


def red_above_white(width: int = 32, height: int = 48) -> Image.Image:
    """Return a picture that is higher than wide, its upper half red, its lower half white."""
    picture = Image.new("RGB", (width, height), WHITE)
    picture.paste(RED, (0, 0, width, height // 2))
    return picture


def png(width: int, height: int, depth: int, colour: int, rows: bytes) -> bytes:
    """Return a PNG file written by hand, for the kinds that Pillow does not write."""

    def chunk(name: bytes, content: bytes) -> bytes:
        checksum = zlib.crc32(name + content)
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def same(pixel: np.ndarray, colour: tuple[int, int, int], tolerance: int = 4) -> bool:
    return bool(np.abs(pixel.astype(int) - colour).max() <= tolerance)


def reason(path: Path) -> str:
    """Return why a file is refused, by both functions alike."""
    with pytest.raises(Undecodable) as refused:
        decode(path)
    with pytest.raises(Undecodable) as refused_again:
        inspect(path)
    assert str(refused.value) == str(refused_again.value)
    return str(refused.value)


@pytest.mark.parametrize(
    ("mode", "name", "options"),
    [
        ("RGB", "a.jpg", {"quality": 95, "subsampling": 0}),
        ("RGB", "a.jpg", {"quality": 95, "subsampling": 0, "progressive": True}),
        ("CMYK", "a.jpg", {"quality": 95}),  # Pillow writes it inverted, as Adobe does
        ("RGB", "a.png", {}),
        ("RGBA", "a.png", {}),
        ("P", "a.png", {}),
        ("RGB", "a.bmp", {}),
        ("P", "a.gif", {}),
        ("RGB", "a.webp", {"lossless": True}),
        ("RGBA", "a.webp", {"lossless": True}),
        ("RGB", "a.tif", {}),
        ("CMYK", "a.tif", {}),
        ("RGB", "a.tif", {"compression": "tiff_lzw"}),
        ("RGB", "a.ppm", {}),
        ("RGB", "a.jp2", {}),
        ("RGB", "a.wrong_suffix", {"format": "PNG"}),
    ],
)
def test_every_format_gives_the_same_picture(
    tmp_path: Path, mode: str, name: str, options: dict
) -> None:
    path = tmp_path / name
    red_above_white().convert(mode).save(path, **options)

    pixels = decode(path)

    assert (pixels.shape, pixels.dtype) == ((48, 32, 3), np.uint8)
    assert same(pixels[5, 5], RED)
    assert same(pixels[-5, 5], WHITE)
    facts = inspect(path)
    assert (facts.width, facts.height) == (32, 48)
    assert facts.digest == sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("mode", ["L", "LA", "1"])
def test_grayscale_and_one_bit_become_three_equal_channels(tmp_path: Path, mode: str) -> None:
    picture = Image.new("L", (4, 2), 0)
    picture.paste(255, (2, 0, 4, 2))
    picture.convert(mode).save(tmp_path / "a.png")
    assert decode(tmp_path / "a.png").tolist() == [[[0] * 3, [0] * 3, [255] * 3, [255] * 3]] * 2


def test_transparency_lies_over_white(tmp_path: Path) -> None:
    half_red = Image.new("RGBA", (2, 1), (255, 0, 0, 0))
    half_red.putpixel((1, 0), (255, 0, 0, 51))  # a fifth of red, four fifths of white
    half_red.save(tmp_path / "rgba.png")
    assert decode(tmp_path / "rgba.png").tolist() == [[[255, 255, 255], [255, 204, 204]]]

    gray = Image.new("LA", (2, 1), (0, 0))
    gray.putpixel((1, 0), (0, 255))
    gray.save(tmp_path / "la.png")
    assert decode(tmp_path / "la.png").tolist() == [[[255] * 3, [0] * 3]]

    palette = Image.new("P", (2, 1), 0)
    palette.putpalette([*BLACK, *RED])
    palette.putpixel((1, 0), 1)
    palette.save(tmp_path / "palette.png", transparency=0)
    palette.save(tmp_path / "palette.gif", transparency=0)
    assert decode(tmp_path / "palette.png").tolist() == [[[255] * 3, [255, 0, 0]]]
    assert decode(tmp_path / "palette.gif").tolist() == [[[255] * 3, [255, 0, 0]]]


@pytest.mark.parametrize("name", ["a.png", "a.tif", "a.pgm"])
def test_16_bit_grayscale_is_scaled_not_clipped(tmp_path: Path, name: str) -> None:
    values = np.array([[0, 257, 60_000, 65535]], np.uint16)  # 60,000 / 257 = 233.46
    Image.fromarray(values).save(tmp_path / name)
    assert decode(tmp_path / name)[0, :, 0].tolist() == [0, 1, 233, 255]


def test_16_bit_colours_keep_their_high_byte(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(png(1, 1, depth=16, colour=2, rows=b"\0\x12\x34\xff\xff\x00\x80"))
    assert decode(path).tolist() == [[[0x12, 0xFF, 0x00]]]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.array([[0.0, 0.2, 1.0]], np.float32), [0, 51, 255]),
        (np.array([[0.0, 51.0, 255.0]], np.float32), [0, 51, 255]),
        (np.array([[0, 257, 65535]], np.int32), [0, 1, 255]),
    ],
)
def test_32_bit_tiff(tmp_path: Path, values: np.ndarray, expected: list[int]) -> None:
    Image.fromarray(values).save(tmp_path / "a.tif")
    assert decode(tmp_path / "a.tif")[0, :, 0].tolist() == expected


def test_32_bit_values_with_no_clear_white_are_refused(tmp_path: Path) -> None:
    Image.fromarray(np.array([[-1.0, 300.0]], np.float32)).save(tmp_path / "a.tif")
    Image.fromarray(np.array([[0, 70_000]], np.int32)).save(tmp_path / "b.tif")
    Image.fromarray(np.array([[0, np.nan]], np.float32)).save(tmp_path / "c.tif")
    assert reason(tmp_path / "a.tif") == "32 bit values from -1 to 300: 0 to 255 are read"
    assert reason(tmp_path / "b.tif") == "32 bit values from 0 to 70000: 0 to 65535 are read"
    assert reason(tmp_path / "c.tif") == "32 bit values from nan to nan: 0 to 255 are read"


def test_of_an_animation_the_first_picture_is_used(tmp_path: Path) -> None:
    first, second = Image.new("RGB", (8, 8), RED), Image.new("RGB", (8, 8), BLACK)
    for name in ("a.gif", "a.webp", "a.tif"):
        first.save(tmp_path / name, save_all=True, append_images=[second])
        assert same(decode(tmp_path / name)[4, 4], RED), name


# What a camera stores when it is held so that EXIF says 2 to 8: the way from upright to stored.
STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.tif"])
@pytest.mark.parametrize("orientation", STORED)
def test_pictures_come_out_upright(tmp_path: Path, name: str, orientation: int) -> None:
    upright = red_above_white(64, 96)
    upright.paste(BLACK, (0, 0, 32, 48))  # black upper left, red upper right, white below
    turn = STORED[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = upright if turn is None else upright.transpose(turn)
    stored.save(tmp_path / name, exif=exif.tobytes())

    for pixels in (decode(tmp_path / name), decode(tmp_path / name, at_least=8)):
        height, width, _ = pixels.shape
        assert height * 2 == width * 3
        assert same(pixels[height // 4, width // 4], BLACK, 12)
        assert same(pixels[height // 4, 3 * width // 4], RED, 12)
        assert same(pixels[3 * height // 4, width // 2], WHITE, 12)
    facts = inspect(tmp_path / name)
    assert (facts.width, facts.height) == (64, 96)


def test_damaged_exif_does_not_cost_the_picture(tmp_path: Path) -> None:
    red_above_white().save(tmp_path / "a.jpg", exif=b"Exif\0\0MM\0*\0\0\xff\xff garbage")
    assert decode(tmp_path / "a.jpg").shape == (48, 32, 3)


@pytest.mark.parametrize(
    ("at_least", "expected"),
    [(None, (800, 401)), (101, (800, 401)), (100, (400, 201)), (50, (200, 101)), (1, (100, 51))],
)
def test_a_large_jpeg_may_be_decoded_smaller(
    tmp_path: Path, at_least: int | None, expected: tuple[int, int]
) -> None:
    # Short side 401: 1/2 leaves 201 pixels, enough for 2 · 100 and not for 2 · 101.
    red_above_white(401, 800).save(tmp_path / "a.jpg")
    red_above_white(401, 800).save(tmp_path / "a.png")
    pixels = decode(tmp_path / "a.jpg", at_least)
    assert pixels.shape == (*expected, 3)
    assert same(pixels[5, 5], RED)
    assert decode(tmp_path / "a.png", at_least).shape == (800, 401, 3)


def test_at_least_is_a_number_of_pixels(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at_least is a number of pixels from 1 on, not 0"):
        decode(tmp_path / "a.jpg", at_least=0)


def test_files_that_are_no_images_say_what_they_are(tmp_path: Path) -> None:
    (tmp_path / "empty.jpg").touch()
    (tmp_path / "text.jpg").write_text("this is not a photograph\n")
    (tmp_path / "new.jpg").write_bytes(b"\0\0\0\x0cJXL \r\n\x87\n")
    (tmp_path / "folder.jpg").mkdir()
    (tmp_path / "link.jpg").symlink_to(tmp_path / "gone.jpg")
    os.mkfifo(tmp_path / "pipe.jpg")
    assert reason(tmp_path / "empty.jpg") == "empty file"
    assert reason(tmp_path / "text.jpg") == "not an image"
    assert reason(tmp_path / "new.jpg") == (
        "a JPEG XL picture, which is not supported: convert it to JPEG"
    )
    assert reason(tmp_path / "folder.jpg") == "not a file"
    assert reason(tmp_path / "link.jpg") == "a link to nothing"
    assert reason(tmp_path / "pipe.jpg") == "not a file"
    assert reason(tmp_path / "gone.jpg") == "no such file"


def test_enormous_files_are_not_read(tmp_path: Path) -> None:
    red_above_white().save(tmp_path / "a.png")
    os.truncate(tmp_path / "a.png", 2**30 + 1)  # takes no room on the disk
    assert reason(tmp_path / "a.png") == "larger than 1 GiB (1073741825 bytes)"


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    red_above_white().save(tmp_path / "a.png")
    monkeypatch.setattr(Path, "open", refuse)
    assert reason(tmp_path / "a.png") == "permission denied"


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.bmp", "a.tif", "a.ppm"])
def test_truncated_files_are_refused(tmp_path: Path, name: str, share: float) -> None:
    path = tmp_path / name
    noise = np.random.default_rng(0).integers(0, 256, (96, 64, 3), np.uint8)
    Image.fromarray(noise).save(path)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    kind = {"jpg": "JPEG", "png": "PNG", "bmp": "BMP", "tif": "TIFF", "ppm": "PPM"}[name[2:]]
    assert reason(path) == f"truncated {kind}: the file ends before the picture does"


def test_a_decompression_bomb_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(png(40_000, 40_000, depth=1, colour=0, rows=b"\0"))
    assert reason(path) == "too large, or a decompression bomb: 1600000000 pixels"
    # Also where a program has lifted Pillow's own limit.
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)
    assert reason(path) == "too large, or a decompression bomb: 40000x40000 pixels"
    assert MAXIMUM_PIXELS < 40_000 * 40_000


def test_warnings_of_pillow_stay_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    red_above_white().save(tmp_path / "a.png")
    monkeypatch.setattr(
        Image, "MAX_IMAGE_PIXELS", 1000
    )  # from here on Pillow warns, at 2000 refuses
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert decode(tmp_path / "a.png").shape == (48, 32, 3)


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.gif", "a.webp", "a.bmp", "a.ppm"])
def test_hostile_bytes_raise_nothing_else(tmp_path: Path, name: str) -> None:
    """A file with 1 to 20 changed bytes is decoded or refused, the same way by both functions."""
    chance = random.Random(name)
    red_above_white().save(tmp_path / name)
    sound = (tmp_path / name).read_bytes()
    refused = 0
    for _ in range(60):
        broken = bytearray(sound)
        for _ in range(chance.choice([1, 3, 20])):
            broken[chance.randrange(chance.choice([64, len(broken)]))] = chance.randrange(256)
        (tmp_path / name).write_bytes(broken)
        try:
            decode(tmp_path / name)
        except Undecodable:
            refused += 1
            with pytest.raises(Undecodable):
                inspect(tmp_path / name)
        else:
            inspect(tmp_path / name)
    assert refused > 5


def test_many_threads_decode_alike(tmp_path: Path) -> None:
    red_above_white(401, 800).save(tmp_path / "a.jpg")
    expected = decode(tmp_path / "a.jpg", 50)
    with ThreadPoolExecutor(8) as threads:
        for pixels in threads.map(lambda _: decode(tmp_path / "a.jpg", 50), range(32)):
            assert np.array_equal(pixels, expected)
