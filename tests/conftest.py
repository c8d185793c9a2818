"""What many tests need: images of coloured noise, a recipe of a few filters, one trained run."""

import gc
import tempfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from vgg_transfer.recipe import Recipe, from_toml
from vgg_transfer.run import Run

COLOURS = {"blue": (60, 80, 200), "red": (200, 70, 60)}
IMAGES_PER_CLASS = 12

# All tests of these take the mark `slow`: most of them train several times, or start processes.
SLOW_FILES = (
    "activations/test_fill.py",
    "adoption/test_adopt.py",
    "cli/test_main.py",
    "cli/verbs/test_resume.py",
    "cli/verbs/test_tune.py",
    "doctor/runs/test_insides.py",
    "images/changing/test_augmenter.py",
    "images/tfdata/test_batches.py",
    "images/test_hostile_files.py",
    "report/figures/test_augmentation.py",
    "training/stages/test_averaged_weights.py",
    "training/stages/test_exact_head.py",
    "training/stages/test_rate_finder.py",
    "training/stages/test_run_stage.py",
    "training/test_batch_norm.py",
    "training/test_broken_off.py",
    "training/test_extend.py",
    "training/test_genuine_weights.py",
    "training/test_head_blocks.py",
    "training/test_imbalance.py",
    "training/test_judging.py",
    "training/test_minutes.py",
    "training/test_named_recipes.py",
    "training/test_sameness.py",
    "training/test_saved_model.py",
    "training/test_sizes.py",
    "training/test_sources.py",
    "training/test_standardize.py",
    "training/test_stored_training.py",
    "training/test_train.py",
    "training/test_worth_it.py",
    "trials/test_process.py",
    "trials/test_ray.py",
    "test_program.py",
    "tuning/test_study.py",
    "tuning/test_tuner.py",
)

# In the end one process would do them while the other has nothing left.
FIRST = ("test_notebooks.py", "test_ray.py", "test_process.py", "test_going_on.py")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark what is slow, before ``-m`` chooses; begin with what takes longest."""
    slow = {Path(__file__).parent / name for name in SLOW_FILES}
    for item in items:
        if item.path in slow:
            item.add_marker(pytest.mark.slow)
    first = {name: place for place, name in enumerate(FIRST)}
    items.sort(key=lambda item: first.get(item.path.name, len(first)))


@pytest.fixture(scope="session", autouse=True)
def _cache_of_the_tests(tmp_path_factory):
    """Keep stored activations away from the user's own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VGG_TRANSFER_CACHE", str(tmp_path_factory.mktemp("activations")))
        yield


@pytest.fixture(scope="module", autouse=True)
def _garbage_is_searched_for_once_a_module():
    """TensorFlow's million objects stay to the end: to search them took a seventh of all time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 1000)


@pytest.fixture(scope="module")
def step_by_step():
    """Let each step run as it is written: a graph takes longer to make than it saves.

    For files where a training is the way to something else. How graphs train, and what they say
    when reading fails, is held by others, as in test_train, test_run_stage and test_resume.
    Measure: some files are slower with it.
    """
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


@pytest.fixture(autouse=True)
def _level_of_a_user(monkeypatch):
    """Nothing is set, as for most users: JAX and OpenVINO set it for all programs started later."""
    monkeypatch.delenv("TF_CPP_MIN_LOG_LEVEL", raising=False)


@pytest.fixture(autouse=True)
def _place_of_temporary_files(monkeypatch):
    """Put it back: the command line gives its process one of its own."""
    monkeypatch.setattr(tempfile, "tempdir", tempfile.gettempdir())


@pytest.fixture(scope="session")
def tiny_recipe() -> Recipe:
    """A network of a few filters that trains in a second."""
    return from_toml(
        """
        name = "tiny"
        size = 16
        precision = "fp32"
        base = { weights = "none", blocks = 2, width = 0.05 }
        [[stage]]
        train = ["head", "block2"]
        epochs = 1
        """
    )


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory) -> Path:
    """Two classes of coloured noise, one folder each. Do not change it: it is shared."""
    folder = tmp_path_factory.mktemp("data") / "tiny images"
    rng = np.random.default_rng(0)
    for name, colour in COLOURS.items():
        (folder / name).mkdir(parents=True)
        for number in range(IMAGES_PER_CLASS):
            pixels = np.clip(rng.normal(colour, 40, (24, 24, 3)), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{number:02}.png")
    return folder


@pytest.fixture(scope="session")
def images(tiny_folder):
    """The image set of the tiny folder; a file that needs another has its own of this name."""
    from vgg_transfer.images import load_images

    return load_images(tiny_folder)


@pytest.fixture(scope="session")
def tiny_run(tiny_recipe, tiny_folder, tmp_path_factory) -> Run:
    """A finished training of the tiny recipe on the tiny folder. Do not change its folder."""
    from vgg_transfer.images import load_images
    from vgg_transfer.training import train

    return train(tiny_recipe, load_images(tiny_folder), tmp_path_factory.mktemp("runs") / "tiny")
