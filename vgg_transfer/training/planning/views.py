"""How each stage sees its images, decided by the recipe or by what each way would cost."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from vgg_transfer.network import Network
from vgg_transfer.network.parts import cut_of
from vgg_transfer.recipe import Augmentation, Stage
from vgg_transfer.training.planning.cost import gflop_around, training_gflop
from vgg_transfer.words import counted, duration

# Enough renderings that a stage does not learn them by heart, few enough to pay for.
AUTO_VIEWS = 4
# Stored views show less variety than fresh ones, so they must be clearly cheaper.
_CLEARLY_CHEAPER = 0.75


@dataclass(frozen=True)
class ViewChoice:
    """How one stage sees its images.

    Args:
        cut: where activations are stored; None: the network reads pixels, nothing is stored.
        views: how many renderings of each image are stored; 0: the plain images.
        augmentation: what changes the images.
        reason: why, as a sentence; empty where the recipe leaves no choice.
    """

    cut: str | None
    views: int
    augmentation: Augmentation
    reason: str = ""

    @property
    def in_words(self) -> str:
        """What a run records of it: ``4 stored views``, ``plain`` or ``fresh``."""
        if self.cut is not None and self.views:
            return counted(self.views, "stored view")
        return "plain" if self.augmentation.of_one_image.changes_nothing else "fresh"


def choose_views(
    network: Network,
    stages: Sequence[Stage],
    train: int,
    validation: int,
    seconds_per_gflop: float,
) -> list[ViewChoice]:
    """Decide how each stage sees its images.

    Stages that share an augmentation and a size share its stored views, so their choice is one.

    Args:
        network: the network that is trained.
        stages: those of its recipe, in order.
        train: the number of training images.
        validation: the number of validation images.
        seconds_per_gflop: how long the machine takes for a billion operations.
    """
    choices = [_by_recipe(network, stage) for stage in stages]
    undecided: dict[tuple[Augmentation, int], list[int]] = {}
    for place, stage in enumerate(stages):
        if decided_by_cost(network, stage):
            shared = choices[place].augmentation.of_one_image, network.recipe.size_of(stage)
            undecided.setdefault(shared, []).append(place)
    for (_, size), places in undecided.items():
        sharing = [(stages[place], choices[place].cut) for place in places]
        works = _work(network, sharing, size, train, validation)
        stored, fresh = (duration(work * seconds_per_gflop, "rough") for work in works)
        for place in places:
            if works[0] < _CLEARLY_CHEAPER * works[1]:
                reason = (
                    f"{AUTO_VIEWS} augmented views of each image are computed once and stored: "
                    f"{stored} instead of {fresh}"
                )
                choices[place] = replace(choices[place], reason=reason)
            else:
                reason = (
                    f"images are augmented anew in every epoch ({fresh}): {AUTO_VIEWS} stored "
                    f"views ({stored}) would save too little for less variety"
                )
                choices[place] = ViewChoice(None, 0, choices[place].augmentation, reason)
    return choices


def _by_recipe(network: Network, stage: Stage) -> ViewChoice:
    """Return how a stage sees its images by the recipe alone; ``auto`` is taken as stored views."""
    augmentation = stage.augmentation or network.recipe.augmentation
    cut, wanted = cut_of(network, stage.train), _wanted(network, stage)
    if stage.optimizer == "exact":
        return ViewChoice("head", 0, Augmentation())
    if wanted == "plain":
        # Mixing is no change of one image, so it stays (cutmix then needs images, and says so).
        augmentation = Augmentation(mixup=augmentation.mixup, cutmix=augmentation.cutmix)
    if cut is None or wanted == "fresh":
        return ViewChoice(None, 0, augmentation)
    if augmentation.cutmix:
        return ViewChoice(
            None, 0, augmentation, "images are augmented anew in every epoch: cutmix needs them"
        )
    if augmentation.changes_nothing:
        return ViewChoice(cut, 0, augmentation)
    return ViewChoice(cut, wanted if isinstance(wanted, int) else AUTO_VIEWS, augmentation)


def decided_by_cost(network: Network, stage: Stage) -> bool:
    """True where the choice needs to know how fast the machine is."""
    augmentation = stage.augmentation or network.recipe.augmentation
    return (
        _wanted(network, stage) == "auto"
        and stage.optimizer != "exact"
        and cut_of(network, stage.train) is not None
        and not augmentation.changes_nothing
        and not augmentation.cutmix
    )


def _wanted(network: Network, stage: Stage) -> str | int:
    return network.recipe.views if stage.views is None else stage.views


def _work(
    network: Network,
    stages: Sequence[tuple[Stage, str | None]],
    size: int,
    train: int,
    validation: int,
) -> tuple[float, float]:
    """Return the billions of operations of stages with their cuts, on stored and on fresh views."""
    stored = fresh = highest = 0.0
    for stage, cut in stages:
        below, above = gflop_around(network, cut, size)
        epochs = stage.epochs * training_gflop(train, validation, above)
        stored += epochs
        fresh += epochs + stage.epochs * (train + validation) * below
        highest = max(highest, below)
    # Every frozen block is computed once for all stages together.
    return stored + (AUTO_VIEWS * train + validation) * highest, fresh
