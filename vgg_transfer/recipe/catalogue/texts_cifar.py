"""The code examples of two often-read texts on VGG16 and CIFAR, doing what they meant."""

from typing import Any

from vgg_transfer.recipe.augmentation import Augmentation
from vgg_transfer.recipe.catalogue.augmentations import generator_cifar
from vgg_transfer.recipe.head import Head
from vgg_transfer.recipe.recipe import Recipe
from vgg_transfer.recipe.settings import Base
from vgg_transfer.recipe.stage import BASE_BLOCKS, BLOCKS, CyclicalPlan, PlateauPlan, Stage

CIFAR_100 = "Why is VGG16 struggling to train on CIFAR-100?"
CIFAR_10 = "Why isn't my PyTorch VGG model converging on CIFAR-10?"


def cifar_truncated(**changes: Any) -> Recipe:
    """VGG16 for 32x32 images without its last block, from scratch.

    Command: ``vgg-transfer train DATA --recipe cifar-truncated``

    ``layers.pop()`` in the text removes nothing; here block5, the four layers its loop counts, is
    really gone. ``--set base.blocks=1`` drops four blocks, as its comment says. A plain VGG16
    rarely moves at Adam's 1e-3 from random weights: 1e-4 is used.
    """
    return Recipe(
        name="cifar-truncated",
        description="blocks 1 to 4 only, 32x32, from scratch, Dense 512 with dropout 0.5",
        source=f"{CIFAR_100} (example 1)",
        size=32,
        preprocess="rescale",
        base=Base(weights="none", blocks=4, initialisation="glorot"),
        head=Head(pooling="flatten", dense=(512,), dropout=0.5, output="softmax"),
        stage=(Stage(train=("head", *BASE_BLOCKS[:4]), epochs=100, rate=1e-4),),
    ).changed(**changes)


def cifar_augmented(**changes: Any) -> Recipe:
    """As ``cifar-truncated``, with the second ImageDataGenerator setting.

    Command: ``vgg-transfer train DATA --recipe cifar-augmented``
    """
    return cifar_truncated(
        name="cifar-augmented",
        description="cifar-truncated with rotation 15, shifts 0.1, shear and zoom 0.2, flip",
        source=f"{CIFAR_100} (example 2)",
        augmentation=generator_cifar(),
    ).changed(**changes)


def cifar_transfer(**changes: Any) -> Recipe:
    """ImageNet weights at 32x32: the head first, then the last layers of the base at 1e-4.

    Command: ``vgg-transfer train DATA --recipe cifar-transfer``

    ``model.layers[-5:]`` in the text reaches the head and a pooling layer, so nothing of the base
    was ever unfrozen; here block5 is.
    """
    return Recipe(
        name="cifar-transfer",
        description="frozen base, then block5 at 1e-4; 32x32, Dense 1024 with dropout 0.5",
        source=f"{CIFAR_100} (example 3)",
        size=32,
        head=Head(pooling="flatten", dense=(1024,), dropout=0.5, output="softmax"),
        stage=(
            Stage(train=("head",), epochs=10),
            Stage(train=("head", "block5"), epochs=20, rate=1e-4),
        ),
    ).changed(**changes)


def cifar_batch_norm(**changes: Any) -> Recipe:
    """Batch-norm VGG16 (conv, batch norm, ReLU; He initialisation), Adam and plateau.

    Command: ``vgg-transfer train DATA --recipe cifar-batch-norm``

    The text's Normalize holds the means and deviations of CIFAR-10: here they are those of the
    training images at hand. Expect a network that converges from scratch where ``cifar-truncated``
    crawls.
    """
    adam = Stage(
        train=BLOCKS, epochs=100, rate=1e-3, plan=PlateauPlan(factor=0.1, patience=5, minimum=0.0)
    )
    return _cifar_batch_norm("cifar-batch-norm", adam).changed(**changes)


def cifar_batch_norm_sgd(**changes: Any) -> Recipe:
    """As ``cifar-batch-norm``, with SGD, momentum 0.9 and a cyclical rate.

    Command: ``vgg-transfer train DATA --recipe cifar-batch-norm-sgd``
    """
    sgd = Stage(
        train=BLOCKS,
        epochs=100,
        optimizer="sgd",
        rate=0.05,
        weight_decay=5e-4,
        plan=CyclicalPlan(cycle=10.0, floor=0.01),
    )
    return _cifar_batch_norm("cifar-batch-norm-sgd", sgd).changed(**changes)


def _cifar_batch_norm(name: str, stage: Stage) -> Recipe:
    return Recipe(
        name=name,
        description=f"batch-norm VGG16 for 32x32 from scratch, {stage.optimizer}, "
        f"{stage.plan.kind} rate",
        source=f"{CIFAR_10} (examples 1 to 3)",
        size=32,
        preprocess="standardize",
        batch_size=128,
        base=Base(weights="none", batch_norm=True),
        head=Head(dropout=0.5, output="softmax"),
        augmentation=Augmentation(
            crop_padding=4,
            flip="horizontal",
            rotation=15.0,
            fill="black",
            brightness=0.2,
            contrast=0.2,
            saturation=0.2,
            hue=0.1,
            erasing=0.5,
        ),
        stage=(stage,),
    )
