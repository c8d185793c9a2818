"""Runs for benchmarks/doctor.py: records with the noise that images bring, and a fault in each."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import doctor_recipes
import numpy as np

from vgg_transfer.doctor.runs.insides import Gradient, Insides
from vgg_transfer.evaluation import evaluate
from vgg_transfer.recipe import Augmentation, Head, Recipe, Stage
from vgg_transfer.recipe.stage import CosinePlan, PlateauPlan
from vgg_transfer.run import (
    Environment,
    Epoch,
    ImagesUsed,
    Judged,
    Run,
    StageOutcome,
    StartingWeights,
)

Numbers = Sequence[float]


@dataclass(frozen=True)
class Shape:
    """What a made-up run is of: its classes, its numbers of images, and how good it is."""

    classes: tuple[str, ...]
    train: int
    held_out: int
    accuracy: float

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> "Shape":
        """Return one as they are usual."""
        classes = doctor_recipes.NAMES[: int(rng.integers(2, 9))]
        train, held_out = int(rng.integers(300, 4000)), int(rng.integers(150, 1200))
        return cls(classes, train, held_out, float(rng.uniform(0.82, 0.97)))


def _recipe() -> Recipe:
    stages = (
        Stage(train=("head",), epochs=6),
        Stage(train=("head", "block5"), epochs=5, rate=3e-5, plan=CosinePlan(), keep="last"),
    )
    augmentation = Augmentation(flip="horizontal")
    return Recipe(name="made", head=Head(dropout=0.2), augmentation=augmentation, stage=stages)


def _epochs(
    rng: np.random.Generator, shape: Shape, stage: int, losses: Numbers, accuracies: Numbers,
    val_losses: Numbers, val_accuracies: Numbers, rate: float = 3e-5, **others: float,
) -> tuple[Epoch, ...]:  # fmt: skip
    """Return a stage's epochs; validation numbers are of so many images as there are."""
    settings = {"seconds": 1.0, "waiting_share": 0.0} | others
    rows = zip(losses, accuracies, val_losses, val_accuracies, strict=True)
    return tuple(
        Epoch(
            stage,
            number,
            loss * float(rng.normal(1, 0.01)),
            accuracy,
            val_loss * float(rng.normal(1, 0.01)),
            rng.binomial(shape.held_out, val) / shape.held_out,
            {"head": rate},
            settings["seconds"],
            800.0,
            settings["waiting_share"],
            500.0,
        )
        for number, (loss, accuracy, val_loss, val) in enumerate(rows, start=1)
    )


def _answers(
    rng: np.random.Generator, shape: Shape, recall: Numbers | None = None, too_sure: float = 0.0
) -> tuple[Judged, ...]:
    """Return answers that are right as often as they say, or less by `too_sure`."""
    classes, judged = shape.classes, []
    least = 1 / len(classes) + 0.01
    for number in range(shape.held_out):
        label = number % len(classes)
        mean = shape.accuracy if recall is None else recall[label]
        sure = float(np.clip(rng.beta(20 * mean + 0.1, 20 * (1 - mean) + 0.1), least, 0.999))
        others = [name for name in range(len(classes)) if name != label]
        right = rng.random() < (sure if recall is None else mean) - too_sure
        answer = label if right else int(rng.choice(others))
        shares = np.full(len(classes), (1 - sure) / (len(classes) - 1))
        shares[answer] = sure
        names = (classes[label], classes[answer])
        judged.append(Judged(f"{number}.jpg", "test", *names, tuple(shares.tolist())))
    return tuple(judged)


def _outcome(stage: int, title: str, epochs: int, best: int) -> StageOutcome:
    ended = "all epochs done"
    return StageOutcome(stage, title, epochs, best, "val_loss", 0.3, ended, float(epochs))


def healthy_run(rng: np.random.Generator, shape: Shape, judged: Sequence[Judged] = ()) -> Run:
    """Return a run whose numbers are those of a good training, but for chance."""
    answers = tuple(judged) or _answers(rng, shape)
    # What validation showed is as good as the test: the weights that are kept are not chosen by it.
    right = float(np.mean([max(one.probabilities) for one in answers])) if not judged else 0.9
    guess = math.log(len(shape.classes))
    rise = 1 - np.exp(-np.arange(1, 7) / 0.9)
    low = 0.85 * right
    head = _epochs(rng, shape, 1, *[guess * (1 - 0.75 * rise), low * rise] * 2, rate=1e-3)
    more = np.linspace(0.93, 1, 5)
    block = _epochs(
        rng, shape, 2, 0.3 * guess / more, right * more, 0.35 * guess / more, right * more
    )
    counts = doctor_recipes.counts(shape.train, shape.held_out, shape.classes)
    return Run(
        folder=Path("made"),
        status="complete",
        seed=0,
        recipe=_recipe(),
        class_names=shape.classes,
        image_set=ImagesUsed("made", "", "", counts, {}),
        weights=StartingWeights("drawn", digest="", published=False),
        environment=Environment("3", "", "tensorflow", "CPU", "fp32", {}),
        stages=(_outcome(1, "head", 6, 6), _outcome(2, "head + block5", 5, 5)),
        history=head + block,
        seconds=11.0,
        judged_on="test",
        metrics=_metrics(answers, shape.classes),
        judged=answers,
    )


def _metrics(judged: Sequence[Judged], classes: tuple[str, ...]) -> Any:
    labels = np.array([classes.index(one.label) for one in judged])
    return evaluate(labels, np.array([one.probabilities for one in judged]), classes)


def healthy_inside(rng: np.random.Generator, **changes: Any) -> Insides:
    """Return what a good model shows inside."""
    dead = int(rng.integers(60, 140))
    whole = Insides(
        unchanged={"block4": 1.0, "block5": 0.0, "head": 0.0},
        distance={"block4": 0.0, "block5": 0.1, "head": 0.5},
        images=32,
        dead={"block5_conv3": (dead + int(rng.integers(-9, 10)), dead, 512)},
        gradients={
            "block5": Gradient(float(rng.uniform(3e-5, 3e-4)), 0.01),
            "head": Gradient(float(rng.uniform(1e-4, 1e-2)), 0.05),
        },
        loss=float(rng.uniform(0.02, 0.4)),
    )
    return replace(whole, **changes)


def planted_inside(code: str, seed: int) -> tuple[Run, Insides]:
    """Return a run and what its model shows, with this fault."""
    rng = np.random.default_rng(seed)
    run = healthy_run(rng, replace(Shape.drawn(rng), held_out=900))
    size = {"vanishing-gradients": 1e-9, "exploding-gradients": 9.0}.get(code, 1e-4)
    gradients = {"block5": Gradient(size * float(rng.uniform(0.5, 2)), 0.01)}
    still = float(rng.uniform(0.992, 1.0)) if code == "still-block" else 0.0
    frozen = float(rng.uniform(0.0, 0.99)) if code == "moved-frozen" else 1.0
    dead = {"block5_conv3": (int(rng.integers(230, 400)), 100, 512)}
    changes: dict[str, Any] = {"gradients": gradients}
    changes["unchanged"] = {"block4": frozen, "block5": still, "head": 0.0}
    changes |= {"dead": dead} if code == "dead-units" else {}
    changes |= {"loss": 2.5} if code == "vanishing-gradients" else {}
    if code == "exploding-gradients":
        sgd = {"optimizer": "sgd", "momentum": 0.9, "rate": 0.01}
        run = replace(run, recipe=run.recipe.changed(stage_2=sgd))
    return run, healthy_inside(rng, **changes)


def _steady(epochs: int, *numbers: float) -> tuple[Numbers, ...]:
    return tuple([number] * epochs for number in numbers)


def _second(guess: float) -> dict[str, tuple[Numbers, ...]]:
    """Return losses, accuracies, and both of validation, of a second stage for each fault."""
    up, long = np.linspace(0, 1, 6), np.linspace(0, 1, 8)
    grows, good = guess * (1 + 5 * up), 0.85 + 0.1 * up
    return {
        "diverged": (grows, *_steady(6, 0.8), grows, *_steady(6, 0.8)),
        "overfitting": (
            0.4 * (1 - 0.9 * long), 0.9 + 0.099 * long, 0.5 + 0.6 * long, *_steady(8, 0.78)
        ),
        "underfitting": _steady(6, 0.9 * guess, 0.3, 0.9 * guess, 0.3),
        "oscillating": (*_steady(6, 0.3, 0.9, 0.4), [0.9, 0.6, 0.9, 0.55, 0.9, 0.9]),
        "slow": (guess * (1 - 0.3 * up), *_steady(6, 0.5, 0.8 * guess, 0.5)),
        "least-rate": _steady(6, 0.2, 0.9, 0.3, 0.9),
        "switch-lost": _steady(6, 0.9, 0.5, 1.2, 0.5),
        "last-is-best": (0.6 - 0.4 * up, good, 0.7 - 0.4 * up, good),
        "waiting": _steady(6, 0.2, 0.9, 0.3, 0.9),
        "gain-not-shown": _steady(6, 0.2, 0.9, 0.3, 0.782),
    }  # fmt: skip


_STAGE_2: Mapping[str, dict[str, Any]] = {
    "least-rate": {"plan": PlateauPlan(minimum=1e-6), "keep": "best"},
    "last-is-best": {"plan": {"kind": "constant"}, "keep": "best"},
}
_EPOCHS: Mapping[str, dict[str, float]] = {
    "least-rate": {"rate": 1e-6},
    "waiting": {"seconds": 40.0, "waiting_share": 0.7},
}


def planted_run(code: str, seed: int) -> Run:
    """Return a run with this fault in its record."""
    rng = np.random.default_rng(seed)
    shape = replace(Shape.drawn(rng), held_out=int(rng.integers(500, 1200)))
    if code == "gain-not-shown":
        shape = replace(shape, held_out=3000, accuracy=0.92)
    run, guess = healthy_run(rng, shape), math.log(len(shape.classes))
    second = _second(guess).get(code)
    if second is not None:
        epochs = _epochs(rng, shape, 2, *second, **_EPOCHS.get(code, {}))
        recipe = run.recipe.changed(stage_2={"epochs": len(epochs), **_STAGE_2.get(code, {})})
        best = 1 if code == "least-rate" else len(epochs)
        outcome = _outcome(2, "head + block5", len(epochs), best)
        history = run.history[:6] + epochs
        return replace(run, recipe=recipe, history=history, stages=(run.stages[0], outcome))
    if code == "unsettled-head":
        falling = guess * np.linspace(0.9, 0.3, 6)
        pairs = zip(run.history, falling, strict=False)
        head = tuple(replace(one, val_loss=float(loss)) for one, loss in pairs)
        return replace(run, history=head + run.history[6:])
    if code == "unfinished":
        return replace(run, status="interrupted", judged_on="", judged=(), metrics=None)
    return _with_answers(code, rng, run, shape)


def _with_answers(code: str, rng: np.random.Generator, run: Run, shape: Shape) -> Run:
    """Return a run whose answers show a fault."""
    classes = shape.classes
    even = [1.0] * len(classes)
    if code in ("confused-pair", "no-recall") and len(classes) < 4:
        classes = doctor_recipes.NAMES[:4]
        shape, even = replace(shape, classes=classes), [1.0] * 4
        run = healthy_run(rng, shape)
    if code == "one-class":
        answers = _answers(rng, shape)
        same = tuple(answers[0].probabilities)
        first = classes[int(np.argmax(same))]
        answers = tuple(replace(one, predicted=first, probabilities=same) for one in answers)
    elif code == "no-better-than-guessing":
        answers = _answers(
            rng, replace(shape, accuracy=1 / len(classes)), [1 / len(classes)] * len(classes)
        )
    elif code == "test-below-validation":
        answers = _answers(rng, shape, [0.7] * len(classes))
    elif code == "overconfident":
        answers = _answers(rng, shape, too_sure=float(rng.uniform(0.12, 0.2)))
    elif code == "wide-interval":
        shape = replace(shape, held_out=int(rng.integers(40, 100)))
        answers = _answers(rng, shape, [0.85] * len(classes))
    elif code == "no-recall":
        answers = _answers(rng, shape, [0.0, *even[1:]])
    else:
        answers = _answers(rng, shape, [0.97] * len(classes))
        names, swapped = {classes[0]: classes[1], classes[1]: classes[0]}, list[Judged]()
        for one in answers:
            wrong = one.label in names and rng.random() < 0.3
            shares = dict(zip(classes, one.probabilities, strict=True))
            if wrong and one.predicted == one.label:
                other = names[one.label]
                shares[other], shares[one.label] = shares[one.label], shares[other]
                swapped.append(replace(one, predicted=other, probabilities=tuple(shares.values())))
            else:
                swapped.append(one)
        answers = tuple(swapped)
    return replace(run, judged=answers, metrics=_metrics(answers, classes))
