"""Whether the settings of a recipe fit together: what cannot be (faults), what is rarely meant."""

from collections.abc import Iterator

from vgg_transfer.finding import Finding
from vgg_transfer.recipe.settings import Settings
from vgg_transfer.recipe.stage import Stage


def faults(recipe: Settings) -> list[str]:
    """Return all that makes a training impossible or a setting useless, as sentences."""
    found = [] if recipe.stage else ["stage: a recipe needs at least one"]
    for number, stage in enumerate(recipe.stage, start=1):
        kept = recipe.base.block_names
        missing = [block for block in stage.train if block != "head" and block not in kept]
        if missing:
            found.append(
                f"stage {number} trains {', '.join(missing)}, but base.blocks = "
                f"{recipe.base.blocks} keeps {', '.join(kept)}"
            )
        if stage.optimizer == "exact":
            found += [f"stage {number}: {fault}" for fault in _not_exact(recipe)]
        if stage.fits_validation:
            found += [f"stage {number}: {fault}" for fault in _no_validation(recipe, number)]
    found += _blocks_of_head(recipe)
    mixing = [stage.augmentation or recipe.augmentation for stage in recipe.stage]
    if recipe.class_weights != "none" and any(one.mixup or one.cutmix for one in mixing):
        found.append(
            "class_weights cannot be combined with mixup or cutmix, whose images have no "
            "single class: leave one of them out"
        )
    numbers = range(1, len(recipe.stage) + 1)
    if recipe.until == "worth it" and not any(map(recipe.opened_below, numbers)):
        found.append(
            'until = "worth it" has no effect: no stage opens a lower block than the stages '
            'before it. Leave it out, or add such a stage, as the recipe "staged" has them'
        )
    if recipe.frozen_precision == "int8":
        found += _not_in_int8(recipe)
    if isinstance(recipe.tta, int) and recipe.augmentation.changes_nothing:
        found.append(
            f"tta = {recipe.tta} judges augmented views, but augmentation changes no image: set "
            'augmentation, or tta = "flip"'
        )
    return found + list(_size_faults(recipe))


def findings(recipe: Settings) -> tuple[Finding, ...]:
    """Return what is allowed and rarely meant."""
    return tuple(
        Finding(code, "warning", "recipe", seen, remedy)
        for code, seen, remedy in _rarely_meant(recipe)
    )


def _rarely_meant(recipe: Settings) -> Iterator[tuple[str, str, str]]:
    """Yield the code of each finding, what was seen, and what to do."""
    trained = {block for stage in recipe.stage for block in stage.train}
    frozen = [block for block in recipe.base.block_names if block not in trained]
    if recipe.base.weights == "none" and frozen:
        yield (
            "frozen-noise",
            f"{', '.join(frozen)} start at random and never train, so the head learns from frozen "
            "noise",
            'use base.weights = "imagenet" or train these blocks',
        )
    if recipe.base.weights == "imagenet" and recipe.preprocess != "imagenet":
        yield (
            "foreign-preprocessing",
            f'preprocess = "{recipe.preprocess}" is not what the ImageNet weights were trained '
            "with",
            'use "imagenet"',
        )
    if recipe.sampling == "balanced" and recipe.class_weights != "none":
        yield (
            "balanced-twice",
            f'sampling = "balanced" and class_weights = "{recipe.class_weights}" both make up for '
            "uneven classes, so together the rare ones count for more than the common ones",
            "leave one of them out",
        )
    last = recipe.size_of(recipe.stage[-1])
    if last != recipe.size:
        yield (
            "last-size",
            f"the last stage trains at {last} px, but the model is judged and used at "
            f"size = {recipe.size} px",
            "let the last stage train at that size",
        )


def _blocks_of_head(recipe: Settings) -> Iterator[str]:
    """Yield what the base does not have for the head to read, or has and the head leaves out."""
    read, kept = recipe.head.blocks, recipe.base.block_names
    missing = [block for block in read if block not in kept]
    if missing:
        yield (
            f"head.blocks names {', '.join(missing)}, but base.blocks = {recipe.base.blocks} keeps "
            f"{', '.join(kept)}: leave it out"
        )
    if read and kept[-1] not in read:
        yield (
            f"head.blocks = {list(read)} leaves out {kept[-1]}, the last block of the base, which "
            "the head always reads: name it too, or keep fewer with base.blocks"
        )


def _not_exact(recipe: Settings) -> Iterator[str]:
    """Yield what the exact solution of the head cannot do, or would ignore."""
    if recipe.head.dense or recipe.head.batch_norm:
        yield (
            'optimizer = "exact" solves a head without hidden layers: '
            "set head.dense = [] and head.batch_norm = false"
        )
    if recipe.head.loss != "crossentropy":
        yield (
            f'optimizer = "exact" solves cross-entropy, not head.loss = "{recipe.head.loss}": '
            'set head.loss = "crossentropy"'
        )
    if recipe.sampling != "all":
        yield (
            f'optimizer = "exact" looks at every image once, so sampling = "{recipe.sampling}" '
            'has no effect: set sampling = "all" and class_weights = "balanced"'
        )


def _not_in_int8(recipe: Settings) -> Iterator[str]:
    """Yield why nothing would compute in int8."""
    if recipe.base.batch_norm:
        yield (
            'frozen_precision = "int8" computes no batch norm: set base.batch_norm = false, or '
            'frozen_precision = "same"'
        )
    lowest = recipe.base.block_names[0]
    if all(lowest in stage.train or _always_fresh(recipe, stage) for stage in recipe.stage):
        yield (
            'frozen_precision = "int8" has no effect: no stage stores activations of frozen '
            'blocks. Set "same", or let a stage have stored views and leave block1 frozen'
        )


def _always_fresh(recipe: Settings, stage: Stage) -> bool:
    views = recipe.views if stage.views is None else stage.views
    cutmix = (stage.augmentation or recipe.augmentation).cutmix > 0
    return stage.optimizer != "exact" and (views == "fresh" or (cutmix and views != "plain"))


def _no_validation(recipe: Settings, number: int) -> Iterator[str]:
    """Yield what would take a loss for unseen that is not, around a stage that fits all images."""
    said = 'strength = "cross-validation"'
    before, later = recipe.stage[: number - 1], recipe.stage[number:]
    if any(stage.train != ("head",) for stage in before):
        yield (
            f"{said} holds out images that the blocks trained before have seen: put this stage "
            'before all that train a block, or set strength = "validation"'
        )
    choosing = [
        str(place)
        for place, stage in enumerate(later, start=number + 1)
        if stage.chooses_by_validation
    ]
    if choosing:
        yield (
            f"{said} fits the validation images, so stage {', '.join(choosing)} cannot choose by "
            'them: set keep = "last" there, without stopping and plateau plan, or '
            'strength = "validation" here'
        )
    if recipe.until == "worth it":
        yield (
            f'{said} fits the validation images, by which until = "worth it" decides: set '
            'until = "end", or strength = "validation"'
        )


def _size_faults(recipe: Settings) -> Iterator[str]:
    smallest = 2**recipe.base.blocks
    sizes = {"size": recipe.size} | {
        f"stage.{number}.size": stage.size
        for number, stage in enumerate(recipe.stage, start=1)
        if stage.size
    }
    for name, size in sizes.items():
        if size < smallest:
            yield (
                f"{name} = {size} is too small for {recipe.base.blocks} blocks, each of which "
                f"halves the image: use at least {smallest}"
            )
    others = [name for name, size in sizes.items() if size != recipe.size]
    if others and recipe.head.pooling == "flatten":
        yield (
            f'head.pooling = "flatten" fits one image size only, but {", ".join(others)} '
            f'differs from size = {recipe.size}: pool the head ("average"), or leave it out'
        )
