"""Published results on dogs and cats with VGG16, as recipes that do what was done.

Sizes, heads, optimizers, epochs, augmentation and the weights that were kept are the
publications'; so is ``pixels / 255``, which these weights were not made for. ``vgg-transfer
reproduce`` runs them and compares; what remains different is said there.
"""

from typing import Any, Literal

from vgg_transfer.recipe.augmentation import Augmentation
from vgg_transfer.recipe.head import Head
from vgg_transfer.recipe.recipe import Recipe
from vgg_transfer.recipe.stage import Stage

BLOG = "Building powerful image classification models using very little data (2016)"
FIRST_EDITION = "Deep Learning with Python, first edition (2017), notebook 5.3"
SECOND_EDITION = "Deep Learning with Python, second edition (2021), chapter 8"

# Keras 1 and 2 added epsilon to the root, Keras 3 adds it before: the square does the same.
_EPSILON_2017 = 1e-16
_EPSILON_2021 = 1e-14

_FIRST_EDITION_CHANGES = Augmentation(
    rotation=40.0, shift=0.2, shear=0.2, zoom=0.2, flip="horizontal", fill="nearest"
)
# RandomRotation(0.1) turns by up to a tenth of a full circle; Keras's layers reflect at borders.
_SECOND_EDITION_CHANGES = Augmentation(rotation=36.0, zoom=0.2, flip="horizontal", fill="reflect")

_DENSE_256 = Head(pooling="flatten", dense=(256,), dropout=0.5, output="sigmoid")


def chollet_2016_bottleneck(**changes: Any) -> Recipe:
    """Published: a head of 256 units on cached features, 50 epochs, about 90%.

    Command: ``vgg-transfer train DATA --recipe chollet-2016-bottleneck``

    Compare with what was published: ``vgg-transfer reproduce chollet-2016-bottleneck``.
    """
    return _chollet_2016(
        "chollet-2016-bottleneck", "cached features, Dense 256 with dropout 0.5", ()
    ).changed(**changes)


def chollet_2016_finetune(**changes: Any) -> Recipe:
    """Published: then block5 with augmentation and slow SGD, 50 epochs, about 94%.

    Command: ``vgg-transfer train DATA --recipe chollet-2016-finetune``

    Compare with what was published: ``vgg-transfer reproduce chollet-2016-finetune``.
    """
    block5 = Stage(
        train=("head", "block5"),
        epochs=50,
        optimizer="sgd",
        rate=1e-4,
        momentum=0.9,
        keep="last",
        augmentation=Augmentation(shear=0.2, zoom=0.2, flip="horizontal", fill="nearest"),
        views="fresh",
    )
    return _chollet_2016(
        "chollet-2016-finetune", "chollet-2016-bottleneck, then block5 by SGD at 1e-4", (block5,)
    ).changed(**changes)


def dlwp1_features(**changes: Any) -> Recipe:
    """Published: a head of 256 units on cached features, 30 epochs, 90.3%.

    Command: ``vgg-transfer train DATA --recipe dlwp1-features``

    Compare with what was published: ``vgg-transfer reproduce dlwp1-features``.
    """
    head = _rmsprop(2e-5, 30, _EPSILON_2017, keep="last", views="plain")
    return _first_edition(
        "dlwp1-features", "cached features, Dense 256 with dropout 0.5", _DENSE_256, (head,)
    ).changed(**changes)


def dlwp1_augmented(**changes: Any) -> Recipe:
    """Published: augmented images through the frozen base, 30 epochs, about 96%.

    Command: ``vgg-transfer train DATA --recipe dlwp1-augmented``

    Compare with what was published: ``vgg-transfer reproduce dlwp1-augmented``. Readers report
    about 90%.
    """
    return _first_edition(
        "dlwp1-augmented",
        "frozen base with augmentation, Dense 256 without dropout",
        _DENSE_256.changed(dropout=0.0),
        (_first_edition_head(),),
    ).changed(**changes)


def dlwp1_finetune(**changes: Any) -> Recipe:
    """Published: then block5 by RMSprop at 1e-5, 100 epochs, 96.8%.

    Command: ``vgg-transfer train DATA --recipe dlwp1-finetune``

    Compare with what was published: ``vgg-transfer reproduce dlwp1-finetune``.
    """
    block5 = _rmsprop(1e-5, 100, _EPSILON_2017, keep="last", views="fresh", block5=True)
    return _first_edition(
        "dlwp1-finetune",
        "dlwp1-augmented, then block5 by RMSprop at 1e-5",
        _DENSE_256.changed(dropout=0.0),
        (_first_edition_head(), block5),
    ).changed(**changes)


def dlwp2_features(**changes: Any) -> Recipe:
    """Published: a linear layer of 256 units on cached features, 20 epochs, about 97%.

    Command: ``vgg-transfer train DATA --recipe dlwp2-features``

    Compare with what was published: ``vgg-transfer reproduce dlwp2-features``.
    """
    head = _rmsprop(1e-3, 20, _EPSILON_2021, keep="best", views="plain")
    return _second_edition(
        "dlwp2-features", "cached features, Dense 256 without activation, dropout 0.5", (head,)
    ).changed(**changes)


def dlwp2_augmented(**changes: Any) -> Recipe:
    """Published: augmented images through the frozen base, 50 epochs, 97.5%.

    Command: ``vgg-transfer train DATA --recipe dlwp2-augmented``

    Compare with what was published: ``vgg-transfer reproduce dlwp2-augmented``.
    """
    head = _rmsprop(1e-3, 50, _EPSILON_2021, keep="best", views="fresh")
    return _second_edition("dlwp2-augmented", "frozen base with augmentation", (head,)).changed(
        **changes
    )


def dlwp2_finetune(**changes: Any) -> Recipe:
    """Published: then block5 by RMSprop at 1e-5, 30 epochs, 98.5%.

    Command: ``vgg-transfer train DATA --recipe dlwp2-finetune``

    Compare with what was published: ``vgg-transfer reproduce dlwp2-finetune``.
    """
    # The book saves the best weights of the first stage to a file and goes on with the last ones.
    head = _rmsprop(1e-3, 50, _EPSILON_2021, keep="last", views="fresh")
    block5 = _rmsprop(1e-5, 30, _EPSILON_2021, keep="best", views="fresh", block5=True)
    return _second_edition(
        "dlwp2-finetune", "dlwp2-augmented, then block5 by RMSprop at 1e-5", (head, block5)
    ).changed(**changes)


def _rmsprop(
    rate: float,
    epochs: int,
    epsilon: float,
    keep: Literal["best", "last"],
    views: Literal["plain", "fresh"],
    block5: bool = False,
) -> Stage:
    return Stage(
        train=("head", "block5") if block5 else ("head",),
        epochs=epochs,
        optimizer="rmsprop",
        rate=rate,
        epsilon=epsilon,
        keep=keep,
        views=views,
    )


def _first_edition_head() -> Stage:
    return _rmsprop(2e-5, 30, _EPSILON_2017, keep="last", views="fresh")


def _chollet_2016(name: str, description: str, then: tuple[Stage, ...]) -> Recipe:
    head = _rmsprop(1e-3, 50, _EPSILON_2017, keep="last", views="plain")
    return Recipe(
        name=name,
        description=description,
        source=BLOG,
        size=150,
        preprocess="rescale",
        precision="fp32",
        batch_size=32,
        head=_DENSE_256,
        stage=(head, *then),
    )


def _first_edition(name: str, description: str, head: Head, stages: tuple[Stage, ...]) -> Recipe:
    return Recipe(
        name=name,
        description=description,
        source=FIRST_EDITION,
        size=150,
        preprocess="rescale",
        precision="fp32",
        batch_size=20,
        head=head,
        augmentation=_only_where_fresh(_FIRST_EDITION_CHANGES, stages),
        stage=stages,
    )


def _second_edition(name: str, description: str, stages: tuple[Stage, ...]) -> Recipe:
    return Recipe(
        name=name,
        description=description,
        source=SECOND_EDITION,
        size=180,
        precision="fp32",
        batch_size=32,
        head=_DENSE_256.changed(activation="none"),
        augmentation=_only_where_fresh(_SECOND_EDITION_CHANGES, stages),
        stage=stages,
    )


def _only_where_fresh(changes: Augmentation, stages: tuple[Stage, ...]) -> Augmentation:
    """Return what changes the images, and nothing where features are cached: they are plain."""
    return changes if any(stage.views == "fresh" for stage in stages) else Augmentation()
