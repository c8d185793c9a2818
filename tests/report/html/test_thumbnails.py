"""Pictures for a page: small, within their bytes, and a shade that leaves free what has heat."""

import base64
import hashlib
from io import BytesIO

from PIL import Image

from vgg_transfer.report.html.thumbnails import Photo, thumbnails


def picture_of(source):
    return Image.open(BytesIO(base64.b64decode(source.partition(",")[2])))


def photo_at(file, size=(400, 200)):
    Image.effect_noise(size, 80).convert("RGB").save(file)
    return Photo(file, hashlib.sha256(file.read_bytes()).hexdigest())


def test_pictures_keep_their_proportions(tmp_path):
    (small,) = thumbnails([photo_at(tmp_path / "a.png")], 100_000)
    assert picture_of(small.source).size == (192, 96)


def test_what_comes_when_the_budget_is_spent_is_left_out(tmp_path):
    photo = photo_at(tmp_path / "a.png")
    (one,) = thumbnails([photo], 100_000)
    found = thumbnails([photo] * 3, 2 * len(one.source) + 10)
    assert [small.missing for small in found] == ["", "", "left out"]


def test_many_pictures_are_smaller_so_that_all_fit(tmp_path):
    flat = tmp_path / "flat.png"
    Image.new("RGB", (200, 200), "teal").save(flat)
    photo = Photo(flat, hashlib.sha256(flat.read_bytes()).hexdigest())
    found = thumbnails([photo] * 300, 1_400_000)
    assert {small.missing for small in found} == {""}
    first, last = picture_of(found[0].source), picture_of(found[-1].source)
    assert (first.width, last.width) == (192, 80)
