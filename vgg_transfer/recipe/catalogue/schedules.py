"""The named schedules: what to train, in which order, at which rate.

Each function returns a recipe; its docstring gives the command and what to expect.
"""

from typing import Any

from vgg_transfer.errors import RecipeError
from vgg_transfer.recipe.catalogue.augmentations import standard
from vgg_transfer.recipe.head import Head
from vgg_transfer.recipe.recipe import Recipe
from vgg_transfer.recipe.settings import Base
from vgg_transfer.recipe.stage import BASE_BLOCKS, CosinePlan, PlateauPlan, Stage, Stopping


def exact_first(unfreeze: int = 1, **changes: Any) -> Recipe:
    """Solve the head exactly, then open the last blocks for a few gentle epochs.

    Command: ``vgg-transfer train DATA --recipe exact-first``

    Expect more than ``probe``, from which it starts, at any number of photographs, and nearly the
    same for every seed: no head has to settle by luck, the rate falls to nothing, and the last
    weights are kept instead of a lucky epoch's.

    Args:
        unfreeze: how many blocks are open in the end, 0 to 5. [default: 1]
        changes: settings, as ``recipe.changed`` takes them.
    """
    return Recipe(
        name="exact-first",
        description=_opening(
            unfreeze, "the head solved exactly, the blocks at small, falling rates"
        ),
        augmentation=standard(),
        views=4,
        stage=(
            _solved_head(),
            *(
                Stage(
                    train=("head", *blocks),
                    epochs=5,
                    rate=3e-5 / 3**number,
                    plan=CosinePlan(warm_up=1.0),
                    keep="last",
                )
                for number, blocks in enumerate(_last_blocks(unfreeze))
            ),
        ),
    ).changed(**changes)


def small_images(**changes: Any) -> Recipe:
    """Solve the head exactly on blocks 4 and 5, then train both with it: for small images.

    Command: ``vgg-transfer train DATA --recipe small-images``

    Expect more than ``exact-first`` where images of 64 pixels or less look unlike photographs,
    for two to three times the time. It is what is trained at such a size unless a recipe is named.
    """
    return Recipe(
        name="small-images",
        description="head on blocks 4+5, solved exactly, then both blocks with it, rates falling",
        size=64,
        head=Head(blocks=("block4", "block5")),
        augmentation=standard(),
        views=4,
        stage=(
            _solved_head(),
            Stage(
                train=("head", "block5", "block4"),
                epochs=5,
                rate=1e-4,
                block_decay=0.5,
                plan=CosinePlan(warm_up=1.0),
                keep="last",
            ),
        ),
    ).changed(**changes)


def frozen(**changes: Any) -> Recipe:
    """Train the head on the frozen base.

    Command: ``vgg-transfer train DATA --recipe frozen``

    Expect the quickest gradient training and the least overfitting: close to ``probe``. Where the
    photographs look unlike ImageNet's, ``staged`` gains more.
    """
    return Recipe(
        name="frozen",
        description="the head on the frozen base",
        head=Head(dropout=0.2),
        augmentation=standard(),
        stage=(_head_stage(),),
    ).changed(**changes)


def staged(unfreeze: int = 2, **changes: Any) -> Recipe:
    """Train the head, then open the last blocks one after another, each at a tenth of the rate.

    Command: ``vgg-transfer train DATA --recipe staged --unfreeze 2``

    Expect it to start where ``frozen`` ends and to gain from there: the usual way to fine-tune. It
    depends more on the seed than ``exact-first``, which begins with a head that has settled.

    Args:
        unfreeze: how many blocks are open in the end, 0 to 5. [default: 2]
        changes: settings, as ``recipe.changed`` takes them.
    """
    opened = _last_blocks(unfreeze)
    return Recipe(
        name="staged",
        description=_opening(unfreeze, "each at a tenth of the rate before"),
        head=Head(dropout=0.2),
        augmentation=standard(),
        stage=(
            _head_stage(),
            *(
                Stage(train=("head", *blocks), rate=1e-3 / 10**number, stopping=Stopping())
                for number, blocks in enumerate(opened, start=1)
            ),
        ),
    ).changed(**changes)


def gradual(unfreeze: int = 5, **changes: Any) -> Recipe:
    """Open one block more per stage, down to block1, with smaller rates for lower blocks.

    Command: ``vgg-transfer train DATA --recipe gradual``

    Expect the gentlest full fine-tuning: every block adapts, the general ones least. The last
    stages cost several times a head stage.

    Args:
        unfreeze: how many blocks are open in the end, 0 to 5. [default: 5]
        changes: settings, as ``recipe.changed`` takes them.
    """
    return Recipe(
        name="gradual",
        description=_opening(unfreeze, "lower blocks at smaller rates"),
        head=Head(dropout=0.2),
        augmentation=standard(),
        stage=(
            _head_stage(epochs=5),
            *(
                Stage(
                    train=("head", *blocks),
                    epochs=5,
                    rate=1e-4 / 2**number,
                    block_decay=0.5,
                    stopping=Stopping(),
                )
                for number, blocks in enumerate(_last_blocks(unfreeze))
            ),
        ),
    ).changed(**changes)


def full(**changes: Any) -> Recipe:
    """Train every block from the first step at a small rate.

    Command: ``vgg-transfer train DATA --recipe full``

    Expect a good result from thousands of images and overfitting from hundreds; several times
    slower than ``staged``, since nothing is ever frozen.
    """
    return Recipe(
        name="full",
        description="every block from the first step, at 1e-5",
        head=Head(dropout=0.2),
        augmentation=standard(),
        stage=(
            Stage(
                train=("head", *BASE_BLOCKS),
                epochs=20,
                rate=1e-5,
                plan=CosinePlan(warm_up=1.0),
                stopping=Stopping(patience=5),
            ),
        ),
    ).changed(**changes)


def probe(**changes: Any) -> Recipe:
    """Solve the head exactly on the frozen base: a regularised logistic regression.

    Command: ``vgg-transfer train DATA --recipe probe``

    Expect an answer after one look at every image, with no rate to choose: the number that any
    longer training has to beat (dogs against cats, 224 px: 97 to 98%). Where images are few,
    ``--set stage.1.strength=cross-validation`` fits the validation images too.
    """
    return Recipe(
        name="probe",
        description="the head solved exactly on pooled features, its strength by validation",
        stage=(_solved_head(),),
    ).changed(**changes)


def scratch(**changes: Any) -> Recipe:
    """Train a batch-norm VGG16 from random weights.

    Command: ``vgg-transfer train DATA --recipe scratch --weights none``

    Expect it to need tens of thousands of images; on a small folder it shows what the ImageNet
    weights are worth.
    """
    return Recipe(
        name="scratch",
        description="batch-norm VGG16 from He initialisation, all blocks at once",
        size=64,
        preprocess="standardize",
        batch_size=64,
        base=Base(weights="none", batch_norm=True),
        head=Head(dropout=0.5),
        augmentation=standard(),
        stage=(
            Stage(
                train=("head", *BASE_BLOCKS),
                epochs=100,
                optimizer="sgd",
                # With a few thousand images 0.05 loses the first epochs: nothing has settled yet.
                rate=0.01,
                weight_decay=5e-4,
                plan=PlateauPlan(patience=5, warm_up=1.0),
                stopping=Stopping(patience=15),
            ),
        ),
    ).changed(**changes)


def _head_stage(epochs: int = 10) -> Stage:
    return Stage(train=("head",), epochs=epochs, rate=1e-3, stopping=Stopping())


def _solved_head() -> Stage:
    return Stage(train=("head",), optimizer="exact")


def _opening(unfreeze: int, rates: str) -> str:
    """Say in which order the blocks are opened."""
    opened = [f"block{5 - number}" for number in range(unfreeze)]
    return ", then ".join(["head", *opened]) + (f"; {rates}" if opened else "")


def _last_blocks(count: int) -> list[tuple[str, ...]]:
    """Return the last block, the last two blocks, …, the last ``count`` blocks."""
    if not 0 <= count <= len(BASE_BLOCKS):
        raise RecipeError(
            f"cannot unfreeze {count} blocks: the base has {len(BASE_BLOCKS)}; give 0 to 5"
        )
    return [BASE_BLOCKS[-opened:] for opened in range(1, count + 1)]
