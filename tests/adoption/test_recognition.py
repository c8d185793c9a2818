"""Every way of giving pixels, and every order of classes, is found by labelled images."""

from itertools import permutations

import numpy as np
import pytest
from support import foreign

from vgg_transfer.adoption.inputs import Input, Pixels, pixels_of, possible
from vgg_transfer.adoption.racing import race
from vgg_transfer.adoption.reading import read_network

WAYS = possible(None, None, "squash")


@pytest.fixture(scope="module")
def network(learnt, tmp_path_factory):
    """What is recognised of a model that has learnt from RGB pixels / 255."""
    path = tmp_path_factory.mktemp("keras2") / "model.h5"
    return read_network(foreign.write_keras2(path, learnt))


@pytest.fixture(scope="module")
def answers(learnt, network):
    """What would be said with each input by the same model, had it been trained with another.

    The model is told what its first convolution would receive, and takes that back to what it has
    learnt from.
    """
    squares = foreign.pictures(100, 7)[0].astype(np.float32)
    here = pixels_of(Input("RGB", "/255", "squash"), network)
    found = {}
    for trained in WAYS:
        wanted = pixels_of(trained, network)
        for given in WAYS:
            pixels = (pixels_of(given, network).of(squares) - wanted.offset) / wanted.scale
            pixels = pixels[..., ::-1] if wanted.flips else pixels
            found[trained, given] = np.asarray(learnt.predict_on_batch(here.of(pixels)))
    return found


def test_every_input_and_every_order_of_classes_is_recognised(answers):
    """95 in 100 at least, by 100 images: of ten inputs with six orders each."""
    labels = foreign.pictures(100, 7)[1]
    cases = [(way, places) for way in WAYS for places in permutations(range(3))]
    wrong = []
    for trained, places in cases:
        outputs = np.argsort(places)

        def ask(given, first, end, trained=trained, outputs=outputs):
            return answers[trained, given][first:end, outputs]

        found = race(ask, WAYS, labels, 3, is_square=True)
        if (found.best.given, found.places) != (trained, places):
            wrong.append((str(trained), places, str(found.best.given), found.places))
    assert len(cases) == 60
    assert len(wrong) <= 3, wrong


def test_a_model_that_has_learnt_nothing_leaves_all_open(network):
    """Its answers have nothing to do with the classes, so no input is certainly the best."""
    rng = np.random.default_rng(0)
    answers = {way: rng.dirichlet([1, 1, 1], 100) for way in WAYS}
    labels = np.arange(100) % 3
    found = race(lambda way, first, end: answers[way][first:end], WAYS, labels, 3, is_square=True)
    assert not found.is_repaired
    assert found.open
    assert found.best.interval.low < 0.45


def test_pixels_are_recorded_as_a_recipe_has_them(network):
    """RGB 0, 127.5 and 255 through each input, by hand."""
    grey = np.full((1, 1, 1, 3), 127.5, np.float32)
    for scaling, expected in (("/255", 0.5), ("-1..1", 0.0), ("0..255", 127.5)):
        given = pixels_of(Input("RGB", scaling, "squash"), network)
        assert np.allclose(given.of(grey), expected)
    keras_way = pixels_of(Input("RGB", "imagenet", "squash"), network)
    red = np.array([[[[255, 0, 0]]]], np.float32)
    assert np.allclose(keras_way.of(red).ravel(), [-103.939, -116.779, 255 - 123.68])
    assert keras_way.as_recorded() == ("imagenet", None)
    assert pixels_of(Input("RGB", "/255", "squash"), network).as_recorded() == ("rescale", None)
    preprocess, channels = pixels_of(Input("BGR", "imagenet", "squash"), network).as_recorded()
    assert preprocess == "standardize"
    assert np.allclose(channels.mean, [103.939, 116.779, 123.68])
    # Red and blue turned round: the mean of blue is said first, and recorded last.
    turned = Pixels(True, np.array([1.0, 1.0, 0.5]), np.array([0.0, 0.0, -5.0]))
    assert turned.as_recorded()[1].mean == (10.0, 0.0, 0.0)
    assert turned.as_recorded()[1].deviation == (2.0, 1.0, 1.0)
