"""Photographs of telephones: read where the package for them is there, else it is named."""

import sys

import numpy as np
import pytest
from PIL import Image

from vgg_transfer.doctor.images.facts import measure_pictures
from vgg_transfer.doctor.images.files import find_misnamed
from vgg_transfer.images.decode import MAXIMUM_PIXELS, Undecodable, decode, inspect
from vgg_transfer.images.image_set import ImageRecord

pillow_heif = pytest.importorskip("pillow_heif")


@pytest.fixture
def photo(tmp_path):
    """A picture of 60 x 40, stored on its side, whose upper left corner is red when upright."""
    upright = np.zeros((60, 40, 3), np.uint8)
    upright[:30, :20] = (255, 0, 0)
    exif = Image.Exif()
    exif[0x0112] = 6
    heif = pillow_heif.from_pillow(Image.fromarray(np.rot90(upright)))
    heif.info["exif"] = exif.tobytes()
    heif.save(tmp_path / "a.heic", quality=95, chroma=444)
    return tmp_path / "a.heic"


def test_a_photograph_is_upright_as_a_file_and_as_bytes(photo):
    for pixels in (decode(photo), decode(photo.read_bytes(), at_least=20)):
        assert pixels.shape == (60, 40, 3)
        assert pixels[5, 5].tolist() == pytest.approx([255, 0, 0], abs=12)
        assert pixels[-5, 5].tolist() == pytest.approx([0, 0, 0], abs=12)
        assert pixels[5, -5].tolist() == pytest.approx([0, 0, 0], abs=12)
    assert (inspect(photo).width, inspect(photo).height) == (40, 60)


def test_pillow_is_not_told_of_it(photo):
    decode(photo)
    assert "HEIF" not in Image.OPEN


def test_more_pixels_than_may_be_are_refused_before_they_are_unpacked(photo):
    """The size stands in the box "ispe"; another one says which part of the picture is shown."""
    data = bytearray(photo.read_bytes())
    place = data.index(b"ispe") + 8
    data[place : place + 8] = (16_000).to_bytes(4, "big") + (16_000).to_bytes(4, "big")
    assert MAXIMUM_PIXELS < 16_000**2
    with pytest.raises(Undecodable) as caught:
        decode(bytes(data))
    assert str(caught.value) == "too large, or a decompression bomb: 16000x16000 pixels"


def test_where_the_package_is_missing_it_is_named(photo, monkeypatch):
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    monkeypatch.setattr("vgg_transfer.images.formats.find_spec", lambda _: None)
    with pytest.raises(Undecodable) as caught:
        decode(photo)
    assert str(caught.value) == (
        "a HEIC picture: install vgg-transfer[heic], or convert it to JPEG"
    )


def test_the_doctor_knows_the_format_and_its_endings(photo, tmp_path):
    (tmp_path / "b.jpg").write_bytes(photo.read_bytes())
    records = [ImageRecord(path, 0, "train", "", 40, 60) for path in (photo, tmp_path / "b.jpg")]
    facts = measure_pictures(records)
    assert [one.header.format for one in facts] == ["HEIF", "HEIF"]
    (finding,) = find_misnamed(records, ["cats"], facts)
    assert "b.jpg" in finding.seen
    assert "a.heic" not in finding.seen
