"""What is compared: recipes times seeds, each a trial; and the seam that trains one."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from vgg_transfer.errors import ComparisonError
from vgg_transfer.events import Listener
from vgg_transfer.images import ImageSet
from vgg_transfer.recipe import Recipe
from vgg_transfer.run import Run
from vgg_transfer.words import listed

# A recipe's name becomes the name of a folder, on any system.
_FOLDER_NAME = re.compile(r'[^./\\:*?"<>|\x00-\x1f][^/\\:*?"<>|\x00-\x1f]{0,99}')


@dataclass(frozen=True)
class Trial:
    """A recipe with a seed. ``cache`` False stores no activations of its frozen blocks."""

    recipe: Recipe
    seed: int
    cache: bool = True

    @property
    def name(self) -> str:
        """The name of its run folder."""
        return f"{self.recipe.name}-seed{self.seed}"


# Trains a trial, writes the run at the path, which is free, and returns it. It may raise whatever
# went wrong: that ends this trial and no other.
Engine = Callable[[Trial, ImageSet, Path, Listener], Run]


def in_this_process(trial: Trial, image_set: ImageSet, folder: Path, listen: Listener) -> Run:
    """Train here: quick to start, but peak memory is then that of all trials together."""
    from vgg_transfer.training import train

    return train(trial.recipe, image_set, folder, seed=trial.seed, listen=listen, cache=trial.cache)


def plan_trials(recipes: Sequence[Recipe], seeds: int, cache: bool = True) -> tuple[Trial, ...]:
    """Return the trials in the order in which they are run: every recipe with seed 0, then 1, …

    So a comparison that is stopped early has said something of every recipe.

    Raises:
        ComparisonError: with everything that is wrong with what was asked for.
    """
    faults = []
    if seeds < 1:
        faults.append(f"each recipe needs at least 1 seed, received {seeds}: 3 are a good start")
    if len(recipes) < 2:
        named = f', received "{recipes[0].name}" alone' if recipes else ""
        faults.append(
            f"a comparison needs at least two recipes{named}: name them all, such as "
            "frozen,staged, or use `vgg-transfer train` for one"
        )
    for name, times in Counter(recipe.name for recipe in recipes).items():
        if times > 1:
            faults.append(_same_name([recipe for recipe in recipes if recipe.name == name]))
        if not _FOLDER_NAME.fullmatch(name):
            faults.append(
                f'"{name}" cannot be the name of a folder, and each trial is a folder that is '
                "named after its recipe: change `name` in the recipe's file"
            )
    if faults:
        raise ComparisonError("\n".join(faults))
    return tuple(Trial(recipe, seed, cache) for seed in range(seeds) for recipe in recipes)


def differences(first: Recipe, second: Recipe) -> tuple[str, ...]:
    """Return what differs in how two recipes train, as ``size (224, 128)``; words do not count."""
    flat = [
        _flat(one.model_dump(mode="json", exclude={"description", "source"}))
        for one in (first, second)
    ]
    return tuple(
        f"{key} ({flat[0].get(key, 'absent')}, {flat[1].get(key, 'absent')})"
        for key in dict.fromkeys([*flat[0], *flat[1]])
        if flat[0].get(key) != flat[1].get(key)
    )


def _same_name(recipes: Sequence[Recipe]) -> str:
    name, found = recipes[0].name, differences(recipes[0], recipes[1])
    if not found:
        return f'the recipe "{name}" is there twice: leave one out'
    return (
        f'two different recipes are called "{name}"; they differ in '
        f"{listed(found, 4, quoted=False)}: change `name` in one of their files"
    )


def _flat(value: object, path: str = "") -> dict[str, object]:
    """Return a nested table as ``{"stage.1.rate": 0.001}``; stages count from 1."""
    if isinstance(value, dict):
        below = [(str(key), part) for key, part in value.items()]
    elif isinstance(value, list) and any(isinstance(part, dict) for part in value):
        below = [(str(number), part) for number, part in enumerate(value, start=1)]
    else:
        return {path: value}
    return {
        key: found
        for name, part in below
        for key, found in _flat(part, f"{path}.{name}" if path else name).items()
    }
