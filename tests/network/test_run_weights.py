"""Starting weights from a run: what fits is taken, classes find their outputs."""

from dataclasses import replace

import numpy as np
import pytest

from vgg_transfer.errors import WeightsError
from vgg_transfer.network import build_network
from vgg_transfer.network.base_weights import check_weights_file, resolve_weights
from vgg_transfer.network.run_weights import OfRun


def of_outputs(kernel, bias, names):
    arrays = {"head_output": (np.array(kernel, np.float32), np.array(bias, np.float32))}
    return OfRun(arrays, names, "imagenet", None)


def test_outputs_follow_the_names_of_their_classes():
    found = of_outputs([[1, 2, 3]], [4, 5, 6], ("a", "b", "c")).for_classes(("c", "a", "b"))
    kernel, bias = found.layers["head_output"]
    assert (kernel.tolist(), bias.tolist()) == ([[3, 1, 2]], [6, 4, 5])


def test_one_unit_changes_its_sign_with_the_order_of_two_classes():
    found = of_outputs([[1]], [2], ("cats", "dogs")).for_classes(("dogs", "cats"))
    kernel, bias = found.layers["head_output"]
    assert (kernel.tolist(), bias.tolist()) == ([[-1]], [-2])


def test_outputs_for_other_classes_are_left_out():
    given = of_outputs([[1, 2]], [3, 4], ("a", "b"))
    assert given.for_classes(("a", "c")).layers == {}
    assert given.for_classes(("a", "b")) is given


def test_a_network_begins_with_a_run(tiny_run, tiny_recipe):
    weights = resolve_weights(str(tiny_run.folder))
    network = build_network(tiny_recipe, 2, weights, seed=9)
    for layers in network.blocks.values():
        for layer in layers:
            for here, there in zip(
                layer.get_weights(), weights.run.layers.get(layer.name, ()), strict=True
            ):
                assert np.array_equal(here, there)
    assert len(weights.digest) == 64
    assert weights.source == f"run {tiny_run.folder}"


def test_a_head_that_does_not_fit_is_drawn(tiny_run, tiny_recipe):
    weights = resolve_weights(str(tiny_run.folder))
    network = build_network(tiny_recipe, 5, weights, seed=9)
    drawn = build_network(tiny_recipe, 5, None, seed=9)
    assert np.array_equal(
        network.blocks["head"][-1].get_weights()[0], drawn.blocks["head"][-1].get_weights()[0]
    )


def test_another_base_or_other_pixels_are_refused(tiny_run, tiny_recipe):
    weights = resolve_weights(str(tiny_run.folder))
    with pytest.raises(WeightsError, match=r"are of another base: block1_conv1.*recipe.toml"):
        build_network(tiny_recipe.changed(base={"width": 0.1}), 2, weights, 0)
    rescaled = replace(weights, run=replace(weights.run, preprocess="rescale"))
    with pytest.raises(WeightsError, match='the recipe has "imagenet": set preprocess = "rescale"'):
        build_network(tiny_recipe, 2, rescaled, 0)


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    with pytest.raises(WeightsError, match=r"no weights file .*or the folder of a run"):
        check_weights_file(str(tmp_path))
