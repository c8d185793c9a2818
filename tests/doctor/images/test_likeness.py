"""Copies are found whatever was done to their files; other pictures are not taken for copies."""

import numpy as np
import pytest
from PIL import Image, ImageOps

from vgg_transfer.doctor.images.facts import measure_pictures
from vgg_transfer.doctor.images.likeness import like_pairs
from vgg_transfer.images.image_set import ImageRecord
from vgg_transfer.sample import SampleOptions, draw_sample


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    folder = tmp_path_factory.mktemp("drawn") / "pets"
    draw_sample(folder, SampleOptions(train=12, val=0, test=0, size=96))
    return sorted(folder.rglob("*.jpg"))


def measured(paths):
    return measure_pictures([ImageRecord(path, 0, "train", "", 1, 1) for path in paths])


CHANGES = {
    "compressed": lambda picture: picture,
    "resized": lambda picture: picture.resize((50, 70)),
    "gray": lambda picture: picture.convert("L"),
    "brighter": lambda picture: picture.point(lambda level: min(255, level + 12)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_copy_is_found_among_others(drawn, tmp_path, change):
    with Image.open(drawn[5]) as picture:
        CHANGES[change](picture).save(tmp_path / "copy.jpg", quality=50)
    (pair,) = like_pairs(measured([*drawn, tmp_path / "copy.jpg"]))
    assert (pair.first, pair.second, pair.mirrored) == (5, len(drawn), False)


def test_a_mirror_image_is_found_and_called_so(drawn, tmp_path):
    with Image.open(drawn[5]) as picture:
        ImageOps.mirror(picture).save(tmp_path / "copy.jpg", quality=50)
    (pair,) = like_pairs(measured([*drawn, tmp_path / "copy.jpg"]))
    assert (pair.first, pair.second, pair.mirrored) == (5, len(drawn), True)


def test_other_pictures_are_no_copies(drawn):
    assert like_pairs(measured(drawn)) == []


def test_empty_pages_are_not_compared(tmp_path):
    for name, level in (("a.png", 255), ("b.png", 250)):
        Image.new("RGB", (64, 64), (level,) * 3).save(tmp_path / name)
    assert like_pairs(measured([tmp_path / "a.png", tmp_path / "b.png"])) == []


def test_features_have_to_agree(drawn):
    facts = measured([*drawn, drawn[5]])
    features = np.random.default_rng(0).normal(size=(len(facts), 32))
    assert like_pairs(facts, features) == []
    features[-1] = features[5]
    assert [(pair.first, pair.second) for pair in like_pairs(facts, features)] == [(5, len(drawn))]


def test_a_picture_that_is_gone_is_left_out(drawn):
    facts = measured([drawn[5], drawn[0].with_name("gone.jpg"), drawn[5]])
    assert [(pair.first, pair.second) for pair in like_pairs(facts)] == [(0, 2)]
    assert like_pairs([None, None]) == []
