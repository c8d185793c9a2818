"""A run's model that stays ready answers as ``predict`` does."""

from dataclasses import replace

import numpy as np
import pytest

from vgg_transfer.deploy import predict
from vgg_transfer.deploy.classifier import classifier_of
from vgg_transfer.errors import RecipeError
from vgg_transfer.images.decode import decode
from vgg_transfer.images.squares import square


@pytest.fixture(scope="module")
def files(tiny_folder):
    return sorted(tiny_folder.rglob("*.png"))[:5]


def squares_of(ready, files):
    return np.stack([square(decode(one, ready.size), ready.size, ready.resize) for one in files])


@pytest.mark.parametrize("averaging", ["none", "flip"])
def test_it_answers_as_predict_does(tiny_run, files, averaging):
    ready = classifier_of(tiny_run, averaging)
    found = [ready.said(one.name, row) for one, row in zip(
        files, ready.rows(squares_of(ready, files)), strict=True)]  # fmt: skip
    for one, expected in zip(found, predict(tiny_run, files, averaging), strict=True):
        assert one.label == expected.label
        assert one.probabilities == pytest.approx(expected.probabilities, abs=1e-4)
        assert (one.sure, one.possible, one.familiar) == (None, None, None)


def test_its_probabilities_are_those_of_all_classes(tiny_run, files):
    ready = classifier_of(tiny_run)
    found = ready.probabilities(squares_of(ready, files))
    assert (found.shape, ready.class_names) == ((5, 2), ("blue", "red"))
    assert found.sum(axis=1) == pytest.approx(np.ones(5), abs=1e-5)


def test_it_says_how_sure_it_is_and_at_which_temperature_as_predict_does(tiny_run, files):
    ready = classifier_of(tiny_run, calibrated=True, certain=0.6)
    rows = ready.rows(squares_of(ready, files))
    found = [ready.said(one.name, row) for one, row in zip(files, rows, strict=True)]
    for one, expected in zip(
        found, predict(tiny_run, files, calibrated=True, certain=0.6), strict=True
    ):
        assert one.probabilities == pytest.approx(expected.probabilities, abs=1e-3)
        assert isinstance(one.sure, bool)
        assert one.possible == expected.possible


def test_augmented_views_are_refused(tiny_run):
    viewed = replace(tiny_run, recipe=tiny_run.recipe.changed(tta=4, augmentation="standard"))
    with pytest.raises(RecipeError, match=r'the average over 4 augmented views.*ask for "flip"'):
        classifier_of(viewed)
    with pytest.raises(RecipeError, match="measured as its recipe judges"):
        classifier_of(tiny_run, "flip", certain=0.9)
