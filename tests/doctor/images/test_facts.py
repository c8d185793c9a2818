"""What is measured of a picture is what was put into it."""

import numpy as np
from PIL import ExifTags, Image, ImageFilter

from vgg_transfer.doctor.images.facts import SIDE, measure_pictures
from vgg_transfer.images.image_set import ImageRecord


def record(path):
    return ImageRecord(path, 0, "train", "", 64, 48)


def noise(side=(64, 48)):
    pixels = np.random.default_rng(0).integers(0, 256, (side[1], side[0], 3), np.uint8)
    return Image.fromarray(pixels)


def test_header_and_size_of_a_photograph(tmp_path):
    exif = Image.Exif()
    exif[ExifTags.Base.Make], exif[ExifTags.Base.Model] = "Maker", "One"
    exif[ExifTags.Base.DateTime] = "2024:05:17 14:03:22"
    path = tmp_path / "a.jpg"
    noise().save(path, quality=90, exif=exif)
    (facts,) = measure_pictures([record(path)])
    header = facts.header
    assert (header.format, header.mode, header.camera) == ("JPEG", "RGB", "Maker One")
    assert header.taken == "2024:05:17 14:03:22"
    assert facts.bytes == path.stat().st_size


def test_a_lower_quality_has_coarser_tables(tmp_path):
    for quality in (40, 90):
        noise().save(tmp_path / f"{quality}.jpg", quality=quality)
    coarse, fine = measure_pictures([record(tmp_path / f"{q}.jpg") for q in (40, 90)])
    assert coarse.header.quantization > 2 * fine.header.quantization > 0


def test_a_gray_png_says_so_and_has_no_tables(tmp_path):
    noise().convert("L").save(tmp_path / "a.png")
    (facts,) = measure_pictures([record(tmp_path / "a.png")])
    assert (facts.header.format, facts.header.mode, facts.header.quantization) == ("PNG", "L", 0.0)


def test_border_and_colours_of_a_frame(tmp_path):
    picture = Image.new("RGB", (320, 200), (250, 10, 20))
    picture.paste((0, 0, 0), (40, 40, 280, 160))
    picture.save(tmp_path / "a.png")
    (facts,) = measure_pictures([record(tmp_path / "a.png")])
    assert facts.small.shape == (SIDE, SIDE, 3)
    assert facts.border.mean(axis=0).tolist() == [250, 10, 20]
    assert facts.border.std() > facts.border.std(axis=0).max() == 0


def test_blurred_is_less_sharp(tmp_path):
    sharp = noise((200, 150))
    sharp.save(tmp_path / "sharp.png")
    sharp.filter(ImageFilter.GaussianBlur(8)).save(tmp_path / "blurred.png")
    names = ("sharp.png", "blurred.png")
    one, other = measure_pictures([record(tmp_path / name) for name in names])
    assert one.sharpness > 100 * other.sharpness


def test_what_cannot_be_read_any_more_has_no_facts(tmp_path):
    (tmp_path / "text.jpg").write_text("no picture")
    paths = [tmp_path / "gone.jpg", tmp_path / "text.jpg"]
    assert measure_pictures([record(path) for path in paths]) == [None, None]


def test_a_strip_of_a_pixel_is_measured(tmp_path):
    Image.new("RGB", (500, 1), (9, 9, 9)).save(tmp_path / "a.png")
    (facts,) = measure_pictures([record(tmp_path / "a.png")])
    assert facts.sharpness == 0.0
