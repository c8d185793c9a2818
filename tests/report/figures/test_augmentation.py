"""The augmentation sheet: which images, which views, and what it says is not shown."""

import numpy as np
import pytest
from matplotlib.image import AxesImage

from vgg_transfer.errors import ImageSetError
from vgg_transfer.images import ImageRecord
from vgg_transfer.images.batch_form import BatchForm
from vgg_transfer.images.tfdata.batches import rendered_batches
from vgg_transfer.recipe import Augmentation, named_augmentation, override
from vgg_transfer.report import augmentation_sheet, not_shown, some_of_each_class
from vgg_transfer.report.figures.augmentation import contact_sheet


def labelled(tmp_path, labels):
    return [
        ImageRecord(tmp_path / f"{number}.png", label, "train", "0" * 64, 8, 8)
        for number, label in enumerate(labels)
    ]


def texts_of(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def test_images_come_from_all_classes_in_their_order(tmp_path):
    records = labelled(tmp_path, [0] * 20 + [1] * 2 + [2] * 20)
    shown = some_of_each_class(records, 6, seed=0)
    assert [record.label for record in shown] == [0, 0, 1, 1, 2, 2]
    assert list(shown) == sorted(shown, key=records.index)
    # A class that has no more leaves its place to the others.
    labels = [record.label for record in some_of_each_class(records, 8, seed=0)]
    assert labels == [0, 0, 0, 1, 1, 2, 2, 2]
    assert len(some_of_each_class(records, 2, seed=0)) == 2
    assert some_of_each_class(records, 100, seed=0) == tuple(records)


def test_the_seed_decides_which(tmp_path):
    records = labelled(tmp_path, [0, 1] * 20)
    assert some_of_each_class(records, 6, seed=1) == some_of_each_class(records, 6, seed=1)
    assert some_of_each_class(records, 6, seed=1) != some_of_each_class(records, 6, seed=2)


def test_a_contact_sheet_shows_images_of_each_class(tiny_recipe, images, words_on):
    words = words_on(contact_sheet(tiny_recipe, images, images=4, views=2))
    assert words.count("blue") == words.count("red") == 2
    assert {"plain", "view 1", "view 2"} <= set(words)
    assert "view 3" not in words


def test_a_sheet_shows_the_views_that_a_training_stores(tiny_recipe, images):
    recipe = tiny_recipe.changed(augmentation=named_augmentation("strong"))
    records = images.split("train")[:2]
    figure = augmentation_sheet(recipe, records, images.class_names, views=3)
    found = [
        np.asarray(child.get_array())
        for child in figure.axes[0].get_children()
        if isinstance(child, AxesImage)
    ]
    every = [record for record in records for _ in range(4)]
    batches = rendered_batches(
        every, [0, 1, 2, 3] * 2, recipe.augmentation, BatchForm(recipe.size, recipe.resize, 8)
    )
    stored = np.concatenate(list(batches.as_numpy_iterator()))
    np.testing.assert_array_equal(np.stack(found), np.round(stored).astype(np.uint8))
    assert texts_of(figure)[0] == "Augmentation: strong"
    heads = texts_of(figure).index("plain")
    assert texts_of(figure)[heads : heads + 4] == ["plain", "view 1", "view 2", "view 3"]
    labels = [records[0].path.name, images.class_names[records[0].label]]
    assert texts_of(figure)[heads + 4 : heads + 6] == labels
    assert " ".join(texts_of(figure)[heads + 8 :]) == (
        "Images as the network sees them: 16 × 16 pixels, squashed to a square. Every view is the "
        "one that a training stores."
    )


def test_numbers_without_a_name_are_the_recipes(tiny_recipe, images):
    recipe = tiny_recipe.changed(augmentation=Augmentation(rotation=7.0))
    figure = augmentation_sheet(recipe, images.split("train")[:1], images.class_names, views=1)
    assert texts_of(figure)[:2] == [
        "Augmentation of the recipe tiny",
        "rotation ±7°  ·  borders: nearest",
    ]


def test_large_images_are_kept_small(tiny_recipe, images):
    recipe = tiny_recipe.changed(size=400)
    figure = augmentation_sheet(recipe, images.split("train")[:1], images.class_names, views=1)
    sizes = {
        child.get_size() for child in figure.axes[0].get_children() if isinstance(child, AxesImage)
    }
    assert sizes == {(320, 320)}


def test_what_a_sheet_cannot_show_is_said(tiny_recipe):
    assert not_shown(tiny_recipe) == ()
    mixing = override(tiny_recipe, ["augmentation.mixup=0.2", "augmentation.cutmix=1"])
    assert not_shown(mixing) == (
        "Not shown: mixup and cutmix. The images of a batch are mixed in training only.",
    )
    own = override(tiny_recipe, ["stage.1.augmentation=none"])
    assert not_shown(own) == ("Not shown: stage 1 has an augmentation of its own.",)


def test_an_image_that_went_away_is_named(tiny_recipe, tmp_path):
    with pytest.raises(ImageSetError) as caught:
        augmentation_sheet(tiny_recipe, labelled(tmp_path, [0]), ["cats"], views=1)
    assert str(caught.value).startswith(f'the image "{tmp_path}/0.png" is not what it was')
