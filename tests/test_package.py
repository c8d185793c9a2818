"""The names of ``import vgg_transfer as vt``."""

import importlib.metadata

import pytest

import vgg_transfer as vt
from vgg_transfer import comparison, deploy, recipe, run
from vgg_transfer.images import load_images
from vgg_transfer.recipe.catalogue import schedules
from vgg_transfer.reproduction import reproduce
from vgg_transfer.sample import draw_sample
from vgg_transfer.training.train import train
from vgg_transfer.tuning import tune


def test_each_name_is_what_it_says():
    assert vt.load_images is load_images
    assert vt.compare is comparison.compare
    assert vt.compare_runs is comparison.compare_runs
    assert vt.read_comparison is comparison.read_comparison
    assert vt.train is train
    assert vt.tune is tune
    assert vt.predict is deploy.predict
    assert vt.evaluate is deploy.evaluate
    assert vt.read_run is run.read
    assert vt.Recipe is recipe.Recipe
    assert vt.recipes is schedules
    assert vt.reproduce is reproduce
    assert vt.draw_sample is draw_sample
    assert vt.__version__ == importlib.metadata.version("vgg-transfer")


def test_all_names_are_listed_and_there():
    assert set(vt.__all__) <= set(dir(vt))
    assert all(getattr(vt, name) is not None for name in vt.__all__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'vgg_transfer' has no attribute 'trian'"):
        vt.trian  # noqa: B018
