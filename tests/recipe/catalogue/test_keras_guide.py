"""The Keras guide's policy: the guide's own numbers."""

from vgg_transfer.recipe import Augmentation, Head, Stage
from vgg_transfer.recipe.catalogue.registry import keras_guide
from vgg_transfer.recipe.stage import BLOCKS


def test_the_head_then_everything_at_a_very_low_rate() -> None:
    recipe = keras_guide()
    assert recipe.stage == (
        Stage(train=("head",), epochs=20, optimizer="adam", rate=1e-3, keep="last"),
        Stage(train=BLOCKS, epochs=10, optimizer="adam", rate=1e-5, keep="last"),
    )


def test_images_and_head_are_the_guides_and_the_preprocessing_is_of_the_weights() -> None:
    recipe = keras_guide()
    assert (recipe.size, recipe.resize, recipe.batch_size) == (150, "squash", 32)
    assert recipe.head == Head(pooling="average", dropout=0.2)
    assert recipe.augmentation == Augmentation(flip="horizontal", rotation=36.0, fill="reflect")
    assert recipe.preprocess == "imagenet"
