"""What may help against what was found: a table, and the recipes that follow from it."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from vgg_transfer.errors import RecipeError
from vgg_transfer.recipe import Head, Recipe, Stage, named
from vgg_transfer.recipe.stage import CosinePlan
from vgg_transfer.trials.trial import differences

_MOST = 6
_USUAL = "exact-first"


@dataclass(frozen=True)
class Remedy:
    """A changed recipe that is tried.

    Args:
        name: for folders and programs: ``dropout-and-l2``; it is the name of the recipe too.
        change: what is changed, for people: ``dropout 0.5 + L2 1e-3``.
        because: the codes of the findings that it is for; empty where it is always worth a trial.
        recipe: the recipe with the change.
    """

    name: str
    change: str
    because: tuple[str, ...]
    recipe: Recipe


@dataclass(frozen=True)
class _Change:
    """A row of the table; ``make`` returns the changed recipe, or raises ``RecipeError``.

    Without codes a change is always worth a trial.
    """

    codes: tuple[str, ...]
    name: str
    words: str
    make: Callable[[Recipe], Recipe]


def remedies_for(recipe: Recipe, codes: Collection[str], most: int = _MOST) -> tuple[Remedy, ...]:
    """Return what is worth a trial, what most likely helps first.

    A change that does nothing to this recipe, or that it cannot take, is left out, and so is the
    second of two that come to the same.

    Args:
        recipe: what is to be treated.
        codes: of the findings.
        most: how many there may be; more of them need larger effects to be told from chance.
            [default: 6]
    """
    return tuple(_tellable(recipe, codes))[:most]


def _tellable(recipe: Recipe, codes: Collection[str]) -> Iterator[Remedy]:
    known = [recipe]
    for row in _TABLE:
        because = tuple(code for code in row.codes if code in codes)
        if row.codes and not because:
            continue
        try:
            changed = row.make(recipe).changed(
                name=row.name, description=f"{recipe.name}, treated: {row.words}"
            )
        except RecipeError:
            continue  # such a recipe cannot be changed so: another remedy may fit
        if all(differences(one.changed(name=row.name), changed) for one in known):
            known.append(changed)
            yield Remedy(row.name, row.words, because, changed)


def _learning(recipe: Recipe) -> list[tuple[str, Stage]]:
    """Return the stages that learn by steps, by their names in ``recipe.changed``."""
    return [
        (f"stage_{number}", stage)
        for number, stage in enumerate(recipe.stage, start=1)
        if stage.optimizer != "exact"
    ]


def _own_preprocessing(recipe: Recipe) -> Recipe:
    weights = recipe.base.weights
    return recipe.changed(preprocess="imagenet") if weights == "imagenet" else recipe


def _pretrained(recipe: Recipe) -> Recipe:
    return _usual(recipe.changed(base={"weights": "imagenet", "batch_norm": False, "width": 1.0}))


def _slower(recipe: Recipe) -> Recipe:
    return recipe.changed(
        **{key: {"rate": stage.rate / 10, "find_rate": False} for key, stage in _learning(recipe)}
    )


def _longer(recipe: Recipe) -> Recipe:
    return recipe.changed(**{key: {"epochs": 2 * stage.epochs} for key, stage in _learning(recipe)})


def _found_rates(recipe: Recipe) -> Recipe:
    return recipe.changed(**{key: {"find_rate": True} for key, _ in _learning(recipe)})


def _solved_first(recipe: Recipe) -> Recipe:
    """Put an exact solution of the head before the first stage that opens a block."""
    opens = [any(block != "head" for block in stage.train) for stage in recipe.stage]
    if True not in opens:
        raise RecipeError("no stage opens a block")
    first = opens.index(True)
    plain = {"dense": (), "activation": "relu", "batch_norm": False, "norm_momentum": 0.99}
    solved = Stage(train=("head",), optimizer="exact")
    return recipe.changed(head=plain, stage=(solved, *recipe.stage[first:]))


def _solved_only(recipe: Recipe) -> Recipe:
    """Solve a plain head on the frozen base, and open no block."""
    if recipe.base.weights == "none":
        raise RecipeError("a frozen base of random weights knows nothing")
    head = Head(blocks=recipe.head.blocks)
    return recipe.changed(
        head=head, sampling="all", stage=(Stage(train=("head",), optimizer="exact"),)
    )


def _restrained(recipe: Recipe) -> Recipe:
    if not _learning(recipe):
        raise RecipeError("an exact head has a penalty of its own")
    stages = {key: {"dropout": None} for key, _ in _learning(recipe)}
    return recipe.changed(head={"dropout": 0.5, "l2": max(recipe.head.l2, 1e-3)}, **stages)


def _balanced_weights(recipe: Recipe) -> Recipe:
    return recipe.changed(class_weights="balanced", sampling="all")


def _balanced_sampling(recipe: Recipe) -> Recipe:
    return recipe.changed(class_weights="none", sampling="balanced")


def _lower_blocks(recipe: Recipe) -> Recipe:
    last_two = recipe.base.block_names[-2:]
    return recipe.changed(head={"blocks": tuple({*recipe.head.blocks, *last_two})})


def _falling_rate(recipe: Recipe) -> Recipe:
    settings = {"plan": CosinePlan(warm_up=1.0), "keep": "last", "stopping": None}
    return recipe.changed(**{key: settings for key, _ in _learning(recipe)})


def _best_epoch(recipe: Recipe) -> Recipe:
    settings = {"keep": "best", "stopping": {"monitor": "val_loss", "patience": 3}}
    return recipe.changed(**{key: settings for key, _ in _learning(recipe)})


def _last_size(recipe: Recipe) -> Recipe:
    return recipe.changed(**{f"stage_{len(recipe.stage)}": {"size": None}})


def _unmirrored(recipe: Recipe) -> Recipe:
    stages = {
        key: {"augmentation": {"flip": "none"}}
        for key, stage in _learning(recipe)
        if stage.augmentation is not None
    }
    return recipe.changed(augmentation={"flip": "none"}, **stages)


def _usual(recipe: Recipe) -> Recipe:
    """Return the default recipe on this one's image size, and on its base where that is trained."""
    usual = named(_USUAL)
    return usual.changed(
        size=recipe.size,
        resize=recipe.resize,
        precision=recipe.precision,
        frozen_precision=recipe.frozen_precision,
        class_weights=recipe.class_weights,
        base=usual.base if recipe.base.weights == "none" else recipe.base,
    )


# What most likely helps comes first, since the time may not be enough for all.
_TABLE = (
    _Change(
        ("foreign-preprocessing",),
        "own-preprocessing",
        "the preprocessing of the weights, imagenet",
        _own_preprocessing,
    ),
    _Change(
        ("frozen-noise", "few-from-scratch", "dying-signal"),
        "pretrained",
        f"ImageNet weights, and the default recipe {_USUAL}",
        _pretrained,
    ),
    _Change(
        ("imbalance", "tiny-class", "no-recall"),
        "class-weights",
        "class weights balanced",
        _balanced_weights,
    ),
    _Change(
        ("imbalance", "no-recall", "balanced-twice"),
        "balanced-sampling",
        "every class drawn equally often",
        _balanced_sampling,
    ),
    _Change(("diverged", "oscillating", "high-rate"), "slower", "a tenth of the rates", _slower),
    _Change(
        ("overfitting", "large-head", "overconfident"),
        "dropout-and-l2",
        "dropout 0.5 + L2 1e-3",
        _restrained,
    ),
    _Change(
        ("overfitting", "large-head", "small-norm", "more-training"),
        "exact-head",
        "a head without hidden layers, solved exactly, no block opened",
        _solved_only,
    ),
    _Change(
        ("cold-head", "unsettled-head", "switch-lost"),
        "exact-head-first",
        "the head solved exactly before a block is opened",
        _solved_first,
    ),
    _Change(("overfitting",), "best-epoch", "fewer epochs: the best by validation", _best_epoch),
    _Change(
        ("lucky-epoch", "oscillating"),
        "falling-rate",
        "a rate that falls, and the last epoch kept",
        _falling_rate,
    ),
    _Change(
        ("small-input", "small-pictures"),
        "lower-blocks",
        "a head that reads the block below too",
        _lower_blocks,
    ),
    _Change(
        ("last-is-best", "underfitting", "slow", "unsettled-head", "more-training"),
        "longer",
        "twice the epochs",
        _longer,
    ),
    _Change(("slow", "more-training"), "found-rates", "rates found by a test", _found_rates),
    _Change(("last-size",), "last-size", "the last stage at the size that is used", _last_size),
    _Change(("asked-flip",), "no-flip", "no picture mirrored", _unmirrored),
    _Change((), "default", f"the default recipe {_USUAL}", _usual),
    _Change(
        (),
        "exact-head",
        "a head without hidden layers, solved exactly, no block opened",
        _solved_only,
    ),
)
