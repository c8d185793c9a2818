"""The code examples of three often-read texts on VGG16 and photographs, doing what they meant.

The texts ask why VGG16 does badly; their examples are copied widely and often do not do what they
say. Each function names its text and example, and what had to change. Sizes, heads, rates, epochs
and augmentation are the texts' own. ``texts_cifar`` has the two texts on CIFAR.
"""

from typing import Any

from vgg_transfer.recipe.augmentation import Augmentation
from vgg_transfer.recipe.catalogue.augmentations import generator_photos
from vgg_transfer.recipe.head import Head
from vgg_transfer.recipe.recipe import Recipe
from vgg_transfer.recipe.settings import Base
from vgg_transfer.recipe.stage import BLOCKS, PlateauPlan, Stage, Stopping

ISSUES = "What are the issues when training a model using VGG16?"
DOG_CAT = "Why is VGG16 achieving low accuracy when training a dog/cat classifier in TensorFlow?"
IMAGENET = "Why is VGG16 performing poorly on ImageNet using Keras?"

# The first ImageDataGenerator setting, of ISSUES example 2 and IMAGENET example 1.
GENERATOR = generator_photos()
DOG_CAT_GENERATOR = Augmentation(shear=0.2, zoom=0.2, flip="horizontal")
DOG_CAT_HEAD = Head(pooling="flatten", dense=(256,), output="sigmoid")
POOLED_HEAD = Head(dense=(128,), l2=0.001, output="softmax")
PLATEAU = PlateauPlan(factor=0.1, patience=5, minimum=1e-6)


def pooled_head(**changes: Any) -> Recipe:
    """Pooled head with Dense 128, L2 0.001, EarlyStopping(10, best weights), frozen base.

    Command: ``vgg-transfer train DATA --recipe pooled-head``

    Expect what ``frozen`` gives, a little slower to converge.
    """
    return Recipe(
        name="pooled-head",
        description="pooled head, Dense 128 with L2 0.001, EarlyStopping(10), frozen base",
        source=f"{ISSUES} (example 1)",
        head=POOLED_HEAD,
        stage=(Stage(train=("head",), epochs=100, stopping=Stopping(patience=10)),),
    ).changed(**changes)


def generator_augmentation(**changes: Any) -> Recipe:
    """Pooled head on images augmented by the first ImageDataGenerator setting.

    Command: ``vgg-transfer train DATA --recipe generator-augmentation``

    Expect less overfitting than ``pooled-head`` on few images. ImageDataGenerator reads
    ``shear_range=0.2`` as 0.2 degrees, which is nothing; here it is the share that the numbers
    beside it suggest. The second text's ``rescale=1/255``
    is left out, since the weights were not trained on it: ``--set preprocess=rescale`` shows it.
    """
    return Recipe(
        name="generator-augmentation",
        description="rotation 20, shifts, shear and zoom 0.2, flip, nearest fill; pooled head",
        source=f"{ISSUES} (example 2); {IMAGENET} (example 1)",
        head=POOLED_HEAD,
        augmentation=GENERATOR,
        stage=(Stage(train=("head",), epochs=100),),
    ).changed(**changes)


def last_layers(**changes: Any) -> Recipe:
    """Frozen base first, then the last five layers of the base at 1e-4.

    Command: ``vgg-transfer train DATA --recipe last-layers``

    ``base_model.layers[-5:]`` are block4's pooling and block5: said here as block5.
    Expect about one point more than ``pooled-head``.
    """
    return Recipe(
        name="last-layers",
        description="frozen base, then block5 at 1e-4",
        source=f"{ISSUES} (examples 1 and 3)",
        head=POOLED_HEAD,
        stage=(
            Stage(train=("head",), epochs=100, stopping=Stopping(patience=10)),
            Stage(train=("head", "block5"), epochs=50, rate=1e-4),
        ),
    ).changed(**changes)


def dog_cat_frozen_noise(**changes: Any) -> Recipe:
    """FAILS, as in its text: a head of 256 units and a sigmoid on a frozen random base.

    Command: ``vgg-transfer train DATA --recipe dog-cat-frozen-noise``

    ``weights=None`` with a frozen base is frozen noise. Expect little above the share of the
    larger class; it is here to be compared with.
    """
    return Recipe(
        name="dog-cat-frozen-noise",
        description="FAILS: sigmoid head of 256 units on a frozen random base, pixels / 255",
        source=f"{DOG_CAT} (example 1)",
        preprocess="rescale",
        base=Base(weights="none", initialisation="glorot"),
        head=DOG_CAT_HEAD,
        augmentation=DOG_CAT_GENERATOR,
        stage=(Stage(train=("head",), epochs=20, rate=1e-4),),
    ).changed(**changes)


def dog_cat_everything(**changes: Any) -> Recipe:
    """ImageNet weights, everything trains at 1e-5, sigmoid head of 256 units.

    Command: ``vgg-transfer train DATA --recipe dog-cat-everything``

    Its text keeps ``1/255``, which these weights were not trained on; ``--set preprocess=rescale``
    shows that version. Expect a good result, slowly: nothing is ever frozen.
    """
    return Recipe(
        name="dog-cat-everything",
        description="everything trains at 1e-5, sigmoid head of 256 units",
        source=f"{DOG_CAT} (example 2)",
        head=DOG_CAT_HEAD,
        augmentation=DOG_CAT_GENERATOR,
        stage=(Stage(train=BLOCKS, epochs=20, rate=1e-5),),
    ).changed(**changes)


def dog_cat_augmented(**changes: Any) -> Recipe:
    """As ``dog-cat-everything``, with rotation, shifts and dropout 0.5.

    Command: ``vgg-transfer train DATA --recipe dog-cat-augmented``

    Expect less overfitting than ``dog-cat-everything`` on few images.
    """
    return Recipe(
        name="dog-cat-augmented",
        description="everything trains at 1e-5 with strong augmentation and dropout 0.5",
        source=f"{DOG_CAT} (example 3)",
        head=DOG_CAT_HEAD.changed(dropout=0.5),
        augmentation=GENERATOR,
        stage=(Stage(train=BLOCKS, epochs=20, rate=1e-5),),
    ).changed(**changes)


def plateau(**changes: Any) -> Recipe:
    """Adam with ReduceLROnPlateau(0.1, 5, 1e-6).

    Command: ``vgg-transfer train DATA --recipe plateau``

    Expect the rate to fall by ten whenever validation loss stands still for five epochs.
    """
    return _plateau("plateau", Stage(train=("head",), epochs=100, plan=PLATEAU)).changed(**changes)


def plateau_sgd(**changes: Any) -> Recipe:
    """As ``plateau``, with SGD and momentum 0.9 instead of Adam.

    Command: ``vgg-transfer train DATA --recipe plateau-sgd``
    """
    stage = Stage(train=("head",), epochs=100, optimizer="sgd", rate=1e-2, plan=PLATEAU)
    return _plateau("plateau-sgd", stage).changed(**changes)


def plateau_rmsprop(**changes: Any) -> Recipe:
    """As ``plateau``, with RMSprop instead of Adam.

    Command: ``vgg-transfer train DATA --recipe plateau-rmsprop``
    """
    stage = Stage(train=("head",), epochs=100, optimizer="rmsprop", rate=1e-3, plan=PLATEAU)
    return _plateau("plateau-rmsprop", stage).changed(**changes)


def _plateau(name: str, stage: Stage) -> Recipe:
    return Recipe(
        name=name,
        description=f"{stage.optimizer} with ReduceLROnPlateau(0.1, 5, 1e-6), pooled head",
        source=f"{IMAGENET} (example 2)",
        head=POOLED_HEAD,
        augmentation=GENERATOR,
        stage=(stage,),
    )


def streaming_weighted(**changes: Any) -> Recipe:
    """Streaming batches with class weights, judged by precision, recall, F1 and AUC.

    Command: ``vgg-transfer train DATA --recipe streaming-weighted``

    Every recipe streams and is judged so; this one adds the class weights. Expect better recall
    of rare classes on a folder out of balance, and no difference on a balanced one.
    """
    return Recipe(
        name="streaming-weighted",
        description="streaming input, balanced class weights; precision, recall, F1 and AUC",
        source=f"{IMAGENET} (example 3)",
        class_weights="balanced",
        head=POOLED_HEAD,
        augmentation=GENERATOR,
        stage=(Stage(train=("head",), epochs=20, plan=PLATEAU, stopping=Stopping(patience=5)),),
    ).changed(**changes)
