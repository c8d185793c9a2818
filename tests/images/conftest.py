"""A folder of hostile files: each is written with what has to become of it, known by reasoning.

A case is `used`, with the colours of the four corners of the upright picture, or skipped, with a
pattern of the whole reason. The usual picture is higher than wide and has four colours, so that
each of the eight ways to turn it shows.
"""

import os
import socket
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms, features

WIDTH, HEIGHT = 48, 72
BLACK, RED, BLUE, WHITE = (0, 0, 0), (255, 0, 0), (0, 0, 255), (255, 255, 255)
CORNERS = (BLACK, RED, BLUE, WHITE)  # upper left, upper right, lower left, lower right
GRAYS = (0, 76, 29, 255)  # what Pillow makes of these four colours
GRAY_CORNERS = tuple((gray,) * 3 for gray in GRAYS)
LOSSY = 12  # a colour may be that far off where the format does not keep it
CLASSES = ("cats", """it's "<script>" & co""")
FORMATS = {
    "jpg": ("JPEG", {"quality": 95, "subsampling": 0}),
    "png": ("PNG", {}),
    "gif": ("GIF", {}),
    "webp": ("WEBP", {"lossless": True}),
    "tif": ("TIFF", {}),
    "bmp": ("BMP", {}),
    "ppm": ("PPM", {}),
    "jp2": ("JPEG2000", {}),
}
if features.check("avif"):
    FORMATS["avif"] = ("AVIF", {"quality": 95, "subsampling": "4:4:4"})
if find_spec("pillow_heif"):
    FORMATS["heic"] = ("HEIF", {"quality": 95, "chroma": 444})
# From the upright picture to the stored one that needs this EXIF orientation.
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


@dataclass(frozen=True)
class Case:
    """A file with what has to become of it; where `reason` is None it has to be used."""

    name: str
    content: bytes
    reason: str | None = None
    corners: tuple = CORNERS
    tolerance: int = LOSSY
    size: tuple[int, int] = (WIDTH, HEIGHT)
    class_name: str = ""


@dataclass(frozen=True)
class Hostile:
    root: Path
    cases: dict[Path, Case] = field(default_factory=dict)

    @property
    def used(self) -> dict[Path, Case]:
        return {path: case for path, case in self.cases.items() if case.reason is None}

    @property
    def skipped(self) -> dict[Path, Case]:
        return {path: case for path, case in self.cases.items() if case.reason is not None}


@pytest.fixture(scope="session")
def hostile(tmp_path_factory) -> Hostile:
    """More than 200 files in two classes. Do not change them: they are shared."""
    found = Hostile(tmp_path_factory.mktemp("hostile") / "photos")
    for name in CLASSES:
        (found.root / name).mkdir(parents=True)
    for number, case in enumerate(every_case()):
        path = found.root / (case.class_name or CLASSES[number % 2]) / case.name
        if path in found.cases:
            raise ValueError(f"two cases are called {case.name!r}")
        path.write_bytes(case.content)
        found.cases[path] = case
    found.cases.update(special_files(found.root / CLASSES[0]))
    return found


def every_case() -> Iterator[Case]:
    yield from turned()
    yield from modes()
    yield from transparent()
    yield from of_many_pictures()
    yield from with_profiles()
    yield from misnamed()
    yield from cut_off()
    yield from no_pictures()
    yield from with_more_behind()
    yield from bombs()
    yield from odd_sizes()
    yield from odd_parts()
    yield from odd_names()


def quarters(mode: str = "RGB", values: tuple = CORNERS) -> Image.Image:
    """Return the usual picture with these values in its four quarters."""
    picture = Image.new(mode, (WIDTH, HEIGHT))
    halves = ((0, 0), (WIDTH // 2, 0), (0, HEIGHT // 2), (WIDTH // 2, HEIGHT // 2))
    for (left, top), value in zip(halves, values, strict=True):
        picture.paste(value, (left, top, left + WIDTH // 2, top + HEIGHT // 2))
    return picture


def palette() -> Image.Image:
    picture = quarters("P", (0, 1, 2, 3))
    picture.putpalette([part for colour in CORNERS for part in colour])
    return picture


def encoded(picture: Image.Image, suffix: str, **options: object) -> bytes:
    kind, usual = FORMATS[suffix]
    file = BytesIO()
    if kind == "HEIF":  # without telling Pillow of it: the package must not need that
        import pillow_heif

        heif = pillow_heif.from_pillow(picture)
        heif.info["exif"] = options.pop("exif", None)
        heif.save(file, **{**usual, **options})
        return file.getvalue()
    picture.save(file, kind, **{**usual, **options})
    return file.getvalue()


def of_values(values: tuple, kind: type | str) -> Image.Image:
    """Return the usual picture as an array of one number per pixel."""
    upper, lower = ([[left, right]] for left, right in (values[:2], values[2:]))
    half = np.ones((HEIGHT // 2, WIDTH // 2))
    return Image.fromarray(np.kron(np.array([*upper, *lower]), half).astype(kind))


def png_of(header: tuple[int, ...], *chunks: tuple[bytes, bytes]) -> bytes:
    """Return a PNG by hand: (width, height, depth, colour, interlaced), then its chunks."""
    width, height, depth, colour, interlaced = header
    first = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced)
    every = [(b"IHDR", first), *chunks, (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*one) for one in every)


def chunk(name: bytes, content: bytes, wrong: int = 0) -> bytes:
    checksum = zlib.crc32(name + content) ^ wrong
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", checksum)


def with_chunk(name: bytes, content: bytes, wrong: int = 0) -> bytes:
    """Return the usual PNG with one more chunk behind its header."""
    usual = encoded(quarters(), "png")
    return usual[:33] + chunk(name, content, wrong) + usual[33:]


def noise() -> Image.Image:
    """Return a picture that no format makes small, so that a share of its file is one of it."""
    values = np.random.default_rng(0).integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)
    return Image.fromarray(values)


def turned() -> Iterator[Case]:
    for orientation, turn in STORED.items():
        exif = Image.Exif()
        exif[0x0112] = orientation
        stored = quarters() if turn is None else quarters().transpose(turn)
        for suffix in sorted({"jpg", "png", "webp", "tif", "avif", "heic"} & set(FORMATS)):
            data = encoded(stored, suffix, exif=exif.tobytes())
            yield Case(f"exif {orientation}.{suffix}", data)
        data = encoded(stored, "tif", exif=exif.tobytes(), compression="tiff_lzw")
        yield Case(f"exif {orientation} lzw.tif", data)
    for number, wrong in enumerate((0, 9, 65535)):
        exif = Image.Exif()
        exif[0x0112] = wrong
        yield Case(f"exif wrong {number}.jpg", encoded(quarters(), "jpg", exif=exif.tobytes()))
    broken = b"Exif\0\0MM\0*\0\0\xff\xff garbage"
    yield Case("exif broken.jpg", encoded(quarters(), "jpg", exif=broken))
    yield Case("exif broken.webp", encoded(quarters(), "webp", exif=broken))


def modes() -> Iterator[Case]:
    wide = tuple(gray * 257 for gray in GRAYS)  # 257 = 65535 / 255
    gray = quarters("L", GRAYS)
    bits = quarters("1", (0, 255, 255, 0))
    checks = (BLACK, WHITE, WHITE, BLACK)
    for suffix in ("png", "tif", "gif", "bmp", "ppm", "jpg", "webp", "jp2"):
        yield Case(f"mode L.{suffix}", encoded(gray, suffix), corners=GRAY_CORNERS)
        if suffix not in ("jp2", "webp"):
            yield Case(f"mode 1.{suffix}", encoded(bits, suffix), corners=checks)
        if suffix not in ("gif",):
            yield Case(f"mode RGB.{suffix}", encoded(quarters(), suffix))
    for suffix in ("png", "tif", "gif", "bmp"):
        yield Case(f"mode P.{suffix}", encoded(palette(), suffix), tolerance=0)
    for suffix in ("png", "tif", "webp", "bmp", "jp2"):
        data = encoded(quarters().convert("RGBA"), suffix)
        yield Case(f"mode RGBA.{suffix}", data)
    for suffix in ("png", "tif"):
        data = encoded(gray.convert("LA"), suffix)
        yield Case(f"mode LA.{suffix}", data, corners=GRAY_CORNERS)
    for suffix in ("jpg", "tif"):
        yield Case(f"mode CMYK.{suffix}", encoded(quarters().convert("CMYK"), suffix))
    for kind in ("<u2", ">u2", np.int32):
        data = encoded(of_values(wide, kind), "tif")
        name = f"mode {np.dtype(kind).str[1:]} {'big' if kind == '>u2' else 'little'}.tif"
        yield Case(name, data, corners=GRAY_CORNERS, tolerance=0)
    for suffix in ("png", "ppm"):
        data = encoded(of_values(wide, "<u2"), suffix)
        yield Case(f"mode u2.{suffix}", data, corners=GRAY_CORNERS, tolerance=0)
    for name, white in (("unit", 1), ("byte", 255)):
        values = tuple(gray * white / 255 for gray in GRAYS)
        data = encoded(of_values(values, np.float32), "tif")
        yield Case(f"mode F {name}.tif", data, corners=GRAY_CORNERS, tolerance=0)
    yield Case("mode YCbCr.tif", encoded(quarters().convert("YCbCr"), "tif"))
    # L* of 0 to 100 lies on 0 to 255; a* and b* of 0 lie on 128. Red and blue by D50.
    lab = ((0, 128, 128), (138, 209, 198), (75, 196, 16), (255, 128, 128))
    yield Case("mode LAB.tif", encoded(quarters("LAB", lab), "tif"), tolerance=24)
    for how in ("packbits", "tiff_lzw", "tiff_deflate", "jpeg"):
        yield Case(f"packed {how}.tif", encoded(quarters(), "tif", compression=how))
    yield Case("packed group4.tif", encoded(bits, "tif", compression="group4"), corners=checks)
    yield Case("mode progressive.jpg", encoded(quarters(), "jpg", progressive=True))
    yield Case("mode coarse.jpg", encoded(quarters(), "jpg", subsampling=2))
    yield Case("mode ugly.jpg", encoded(quarters(), "jpg", quality=5), tolerance=40)
    yield Case("mode lossy.webp", encoded(quarters(), "webp", lossless=False, quality=95))
    yield Case("mode interlaced.png", interlaced())
    pixels = np.asarray(quarters()).astype(">u2") * 257
    rows = b"".join(b"\0" + row.tobytes() for row in pixels.astype(">u2"))
    data = png_of((WIDTH, HEIGHT, 16, 2, 0), (b"IDAT", zlib.compress(rows)))
    yield Case("mode RGB of 16 bit.png", data, tolerance=0)
    beyond = encoded(of_values((-1, 0, 0, 300), np.float32), "tif")
    yield Case("mode F beyond.tif", beyond, "32 bit values from -1 to 300: 0 to 255 are read")
    beyond = encoded(of_values((0, np.nan, 0, 1), np.float32), "tif")
    yield Case("mode F nan.tif", beyond, "32 bit values from nan to nan: 0 to 255 are read")


def interlaced() -> bytes:
    """Return the usual picture in the seven passes of Adam7, which Pillow does not write."""
    passes = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2))
    pixels = np.asarray(quarters())
    rows = [
        b"\0" + row.tobytes()
        for left, top, right, down in (*passes, (0, 1, 1, 2))
        for row in pixels[top::down, left::right]
    ]
    return png_of((WIDTH, HEIGHT, 8, 2, 1), (b"IDAT", zlib.compress(b"".join(rows))))


def transparent() -> Iterator[Case]:
    """Yield pictures through whose upper right quarter, red elsewhere, the white shows."""
    seen_through = (BLACK, WHITE, BLUE, WHITE)
    yield Case("clear index.png", encoded(palette(), "png", transparency=1), corners=seen_through)
    alphas = bytes([255, 0, 255, 255])
    yield Case(
        "clear alphas.png", encoded(palette(), "png", transparency=alphas), corners=seen_through
    )
    half = encoded(palette(), "png", transparency=bytes([255, 51, 255, 255]))
    yield Case("clear half.png", half, corners=(BLACK, (255, 204, 204), BLUE, WHITE))
    yield Case("clear key.png", encoded(quarters(), "png", transparency=RED), corners=seen_through)
    yield Case("clear index.gif", encoded(palette(), "gif", transparency=1), corners=seen_through)
    clear = ((*BLACK, 255), (*RED, 0), (*BLUE, 255), (*WHITE, 255))
    for suffix in ("png", "webp", "tif"):
        data = encoded(quarters("RGBA", clear), suffix)
        yield Case(f"clear quarter.{suffix}", data, corners=seen_through)


def of_many_pictures() -> Iterator[Case]:
    black = Image.new("RGB", (WIDTH, HEIGHT))
    for suffix in ("gif", "webp", "tif", "png"):
        data = encoded(quarters(), suffix, save_all=True, append_images=[black, black])
        yield Case(f"animated.{suffix}", data)
    file = BytesIO()
    quarters().save(file, "MPO", save_all=True, append_images=[black], quality=95, subsampling=0)
    yield Case("of two eyes.mpo", file.getvalue())
    # A first frame that begins at (24, 36), on a larger screen: what is not covered is clear.
    frame = encoded(Image.new("RGB", (WIDTH // 2, HEIGHT // 2), RED).convert("P"), "gif")
    shifted = bytearray(frame)
    place = shifted.index(b",", 13 + 3 * 2 ** ((frame[10] & 7) + 1))
    struct.pack_into("<HH", shifted, 6, WIDTH, HEIGHT)
    struct.pack_into("<HH", shifted, place + 1, WIDTH // 2, HEIGHT // 2)
    data = bytes(shifted)
    yield Case("animated shifted.gif", data, corners=(None, None, None, RED))


def with_profiles() -> Iterator[Case]:
    """Yield pictures with colour profiles, of which no pixel may follow."""
    profiles = {
        "broken": b"no profile at all",
        "of another space": ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes(),
        "usual": ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    }
    for name, profile in profiles.items():
        for suffix in ("jpg", "png", "webp", "tif"):
            data = encoded(quarters(), suffix, icc_profile=profile)
            yield Case(f"profile {name}.{suffix}", data)
    yield Case("profile no zlib.png", with_chunk(b"iCCP", b"a\0\0no zlib"))


def misnamed() -> Iterator[Case]:
    wrong = {"jpg": "png", "png": "jpeg", "gif": "jpg", "webp": "jpg", "tif": "jpg", "bmp": "txt"}
    for suffix, other in wrong.items():
        data = encoded(palette() if suffix == "gif" else quarters(), suffix)
        yield Case(f"really {suffix}.{other}", data)
        yield Case(f"no suffix, really {suffix}", data)
        yield Case(f"LOUD {suffix}.{suffix.upper()}", data)


def cut_off() -> Iterator[Case]:
    """Yield the first part of files. A person would see a part of some; it is no such picture."""
    pictures = {suffix: encoded(noise(), suffix) for suffix in FORMATS}
    pictures["progressive.jpg"] = encoded(noise(), "jpg", progressive=True)
    pictures["lzw.tif"] = encoded(noise(), "tif", compression="tiff_lzw")
    told = ("jpg", "png", "tif", "bmp", "ppm", "progressive.jpg")  # by which the end is noticed
    for name, data in pictures.items():
        kind = FORMATS[name.rpartition(".")[2]][0]
        truncated = f"truncated {kind}: the file ends before the picture does"
        either = f"({truncated}|damaged or incomplete {kind}(: [\\w ,.-]+)?)"
        for share in (10, 30, 60, 95):
            part = data[: len(data) * share // 100]
            reason = truncated if name in told and share > 10 else either
            yield Case(f"cut {share} of 100 {name}", part, reason)
        yield Case(f"cut header {name}", data[:32], either)
    usual = encoded(quarters(), "jpg")
    reason = "truncated JPEG: the file ends before the picture does"
    yield Case("cut end mark.jpg", usual[:-2], reason)


def no_pictures() -> Iterator[Case]:
    for suffix in ("jpg", "png", "gif", "webp", "tif", "bmp"):
        yield Case(f"empty.{suffix}", b"", "empty file")
        yield Case(f"zeros.{suffix}", bytes(1000), "not an image")
    yield Case("one byte.jpg", b"\xff", "not an image")
    texts = {
        "text": b"this is not a photograph\n",
        "page": b"<!DOCTYPE html><html><body>404 not found</body></html>",
        "zip": b"PK\x03\x04" + bytes(200),
        "program": b"\x7fELF" + bytes(200),
        "json": b'{"error": "not found"}',
        "random": np.random.default_rng(1).bytes(5000),
        "car": b"BMW builds cars, and this is no bitmap with a header of forty bytes.",
        "map": b"P3 is a road, and this is no portable pixmap.",
        "marked": b"\xef\xbb\xbf" + encoded(quarters(), "jpg"),
    }
    for name, content in texts.items():
        yield Case(f"{name}.jpg", content, "not an image")
    foreign = {
        "a JPEG XL picture": b"\xff\x0a" + bytes(50),
        "a Photoshop picture": b"8BPS\0\x01" + bytes(50),
        "an SVG drawing": b'<svg xmlns="http://www.w3.org/2000/svg"></svg>',
        "an icon": b"\0\0\x01\0\x01\0" + bytes(50),
        "a PDF": b"%PDF-1.7\n",
    }
    for what, content in foreign.items():
        reason = f"{what}, which is not supported: convert it to JPEG"
        yield Case(f"{what}.jpg", content, reason)


def with_more_behind() -> Iterator[Case]:
    for suffix in FORMATS:
        picture = palette() if suffix == "gif" else quarters()
        data = encoded(picture, suffix) + b"more \xff\xd8\xff\0 that nobody asked for" * 50
        yield Case(f"more behind.{suffix}", data)


def bombs() -> Iterator[Case]:
    """Yield small files that say they are enormous, and one that is large and sound."""
    few = zlib.compress(bytes(1000))
    large = "too large, or a decompression bomb: {} pixels"
    reason = large.format("(2500000000|50000x50000)")
    yield Case("bomb.png", png_of((50_000, 50_000, 1, 0, 0), (b"IDAT", few)), reason)
    yield Case(
        "bomb just so.png",
        png_of((13_400, 13_400, 1, 0, 0), (b"IDAT", few)),
        large.format("179560000"),
    )
    strip = zlib.compress(bytes(10_000))
    data = png_of((2_000_000_000, 1, 8, 6, 0), (b"IDAT", strip))
    yield Case("bomb long.png", data, large.format("2000000000"))
    header = struct.pack("<2sIHHIIiiHHIIiiII", b"BM", 1000, 0, 0, 54, 40, 50_000, 50_000, 1, 24,
                         0, 0, 0, 0, 0, 0)  # fmt: skip
    yield Case("bomb.bmp", header + bytes(1000), reason)
    screen = b"GIF89a" + struct.pack("<HHBBB", 65_535, 65_535, 0, 0, 0)
    frame = b"," + struct.pack("<HHHHB", 0, 0, 60_000, 60_000, 0) + b"\x02\x02\x4c\x01\x00;"
    yield Case("bomb.gif", screen + frame, large.format("4294836225"))
    screen = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0, 0, 0)
    yield Case("bomb frame.gif", screen + frame, large.format("3600000000"))
    bits = 16_382 | 16_382 << 14  # width and height less one, 14 bits each
    lossless = b"VP8L" + struct.pack("<IBI", 1005, 0x2F, bits) + bytes(1001)
    data = b"RIFF" + struct.pack("<I", len(lossless) + 4) + b"WEBP" + lossless
    yield Case("bomb.webp", data, large.format("268402689"))
    for name, packing in (("plain", 1), ("deflate", 8)):
        yield Case(f"bomb {name}.tif", tiff_of(50_000, packing, few), reason)
    jpeg = bytearray(encoded(quarters(), "jpg"))
    struct.pack_into(">HH", jpeg, jpeg.index(b"\xff\xc0") + 5, 65_500, 65_500)
    yield Case("bomb.jpg", bytes(jpeg), large.format("65500x65500"))
    progressive = encoded(quarters("L", GRAYS), "jpg", progressive=True)
    scan = bytes.fromhex("ffda0008010100000001")  # one bit more of nothing, over the whole picture
    data = progressive[:-2] + scan * 5000 + b"\xff\xd9"
    reason_of_time = "too large, or a decompression bomb: a JPEG of 500[0-9] scans"
    yield Case("bomb of time.jpg", data, reason_of_time)
    many = encoded(quarters(), "jpg") + b"\xff\xda random" * 2000  # a film behind the picture
    yield Case("no bomb of time.jpg", many)
    stream = bytearray(encoded(quarters(), "jp2", no_jp2=True))
    struct.pack_into(">II", stream, 8, 100_000, 100_000)
    yield Case("bomb.jp2", bytes(stream), large.format("10000000000"))
    yield Case("bomb.ppm", b"P6 100000 100000 255\n" + bytes(100), large.format("10000000000"))
    rows = zlib.compress(bytes(6000 * (1 + 750)))
    data = png_of((6000, 6000, 1, 0, 0), (b"IDAT", rows))
    yield Case("large and black.png", data, corners=(BLACK,) * 4, size=(6000, 6000))


def tiff_of(side: int, packing: int, content: bytes) -> bytes:
    """Return a gray TIFF by hand whose only strip is said to have `side` rows."""
    facts = ((256, side), (257, side), (258, 8), (259, packing), (262, 1), (273, 200), (277, 1),
             (278, side), (279, len(content)))  # fmt: skip
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in facts)
    start = struct.pack("<2sHIH", b"II", 42, 8, len(facts)) + entries + bytes(4)
    return start.ljust(200, b"\0") + content


def odd_sizes() -> Iterator[Case]:
    for suffix in FORMATS:
        data = encoded(Image.new("RGB", (1, 1), RED), suffix)
        yield Case(f"one pixel.{suffix}", data, corners=(RED,) * 4, size=(1, 1))
    for size in ((1, 20_000), (20_000, 10), (20_000, 1)):
        for suffix in ("png", "jpg", "tif"):
            data = encoded(Image.new("RGB", size, BLUE), suffix)
            name = f"{size[0]} by {size[1]}.{suffix}"
            yield Case(name, data, corners=(BLUE,) * 4, size=size)
    data = png_of((0, 5, 8, 0, 0), (b"IDAT", zlib.compress(b"")))
    yield Case("no width.png", data, "damaged or incomplete PNG: its header makes no sense")


def odd_parts() -> Iterator[Case]:
    """Yield PNG files whose damage no viewer minds, and one whose damage every viewer minds."""
    yield Case("text with a wrong checksum.png", with_chunk(b"tEXt", b"a\0b", wrong=1))
    text = zlib.compress(b" " * 3_000_000)
    yield Case("text of three million letters.png", with_chunk(b"zTXt", b"a\0\0" + text))
    yield Case("profile of three million bytes.png", with_chunk(b"iCCP", b"a\0\0" + text))
    yield Case("short density.png", with_chunk(b"pHYs", b"1"))
    yield Case("unknown part.png", with_chunk(b"teSt", b"1"))
    usual = encoded(quarters(), "png")
    yield Case("no end.png", usual[:-12])
    broken = png_of((WIDTH, HEIGHT, 8, 2, 0), (b"IDAT", b"garbage"))
    reason = "damaged or incomplete PNG: broken data stream when reading image file"
    yield Case("no zlib.png", broken, reason)
    turned_last = Image.Exif()
    turned_last[0x0112] = 6
    stored = encoded(quarters().transpose(STORED[6]), "png")
    exif = chunk(b"eXIf", turned_last.tobytes().removeprefix(b"Exif\0\0"))
    broken_text = chunk(b"tEXt", b"a\0b", wrong=1)
    yield Case("turned, and a broken text.png", stored[:33] + broken_text + exif + stored[33:])


def odd_names() -> Iterator[Case]:
    names = [
        "two\nlines.png", "tab\tand\rreturn.png", "'single'.png", '"double".png', "back\\slash.png",
        "<script>alert(1)<.png", "-rf", "--help.png", "smile 😀.png", "turned \u202egnp.png",
        os.fsdecode(b"caf\xe9 \xff\xfe.png"), "x" * 251 + ".png", " spaces .png ", "dots...",
        "100%s %n.png", "$(touch gone).png", "*.png", "a,b;c.png", "[bold red]x.png",
        "\x1b[31m.png", "=1+1.png", "~", "CON.png", "tf:gs.png",
    ]  # fmt: skip
    for number, name in enumerate(names):
        # Each in other bytes: pictures that are the same have to come into the same split.
        yield Case(name, with_chunk(b"tEXt", b"number\0%d" % number))
    yield Case("text\nin two lines\x1b[2J.png", b"no picture", "not an image")
    yield Case(os.fsdecode(b"t\xe9xt.png"), b"no picture", "not an image")
    yield Case("empty <b>&amp;</b".replace("/", "") + ".png", b"", "empty file")


def special_files(folder: Path) -> dict[Path, Case]:
    """Make what has no bytes of its own, and say what has to become of it."""
    os.mkfifo(folder / "pipe.jpg")
    with socket.socket(socket.AF_UNIX) as server:
        here = os.open(folder, os.O_RDONLY)  # a socket's whole path may have 108 bytes only
        try:
            server.bind(f"/proc/self/fd/{here}/socket.jpg")
        finally:
            os.close(here)
    (folder / "device.jpg").symlink_to("/dev/zero")
    (folder / "dead.jpg").symlink_to("nowhere.jpg")
    (folder / "itself.jpg").symlink_to("itself.jpg")
    (folder / "there.jpg").symlink_to("back.jpg")
    (folder / "back.jpg").symlink_to("there.jpg")
    (folder / "above").symlink_to("..")
    reasons = {
        "pipe.jpg": "not a file",
        "socket.jpg": "not a file",
        "device.jpg": "not a file",
        "dead.jpg": "a link to nothing",
        "itself.jpg": "too many levels of symbolic links",
        "there.jpg": "too many levels of symbolic links",
        "back.jpg": "too many levels of symbolic links",
        "above": "a link to a folder above it, or read already",
    }
    found = {folder / name: Case(name, b"", reason) for name, reason in reasons.items()}
    (folder / "folder.jpg").mkdir()
    (folder / "empty folder.jpg").mkdir()
    usual = Case("inner.png", encoded(quarters("RGB", (*CORNERS[:3], RED)), "png"))
    inner = folder / "folder.jpg" / "inner.png"
    inner.write_bytes(usual.content)
    (folder / "linked.jpg").symlink_to(inner)
    corners = (*CORNERS[:3], RED)
    found |= {path: replace(usual, corners=corners) for path in (inner, folder / "linked.jpg")}
    locked = folder / "locked.png"
    locked.write_bytes(with_chunk(b"tEXt", b"locked\0"))
    locked.chmod(0)
    reason = None if os.access(locked, os.R_OK) else "permission denied"  # root reads everything
    found[locked] = Case("locked.png", b"", reason)
    return found
