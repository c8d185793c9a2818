"""The hall: a recipe and an image set in, a run out. Reads from top to bottom."""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from vgg_transfer.activations.passes import PassFromImages, compute_pass
from vgg_transfer.events import Listener, Said, nobody
from vgg_transfer.finding import Finding
from vgg_transfer.images import ImageSet
from vgg_transfer.images.sources.load import load_images
from vgg_transfer.interrupting import ctrl_c_between_batches
from vgg_transfer.network import build_network
from vgg_transfer.places import cache_folder
from vgg_transfer.recipe import Recipe, choose
from vgg_transfer.run import Begun, ManifestRow, Run, StartingWeights
from vgg_transfer.training.colours import measure_colours
from vgg_transfer.training.context import Context
from vgg_transfer.training.course import begun_by_the_first, complete
from vgg_transfer.training.devices import choose_device
from vgg_transfer.training.planning.budget import Fitted, fit_to_minutes
from vgg_transfer.training.planning.frozen import choose_int8
from vgg_transfer.training.planning.stage_plan import plans_of
from vgg_transfer.training.preflight import check_before_training
from vgg_transfer.training.spread.hosts import joined
from vgg_transfer.training.spread.shared import check_shared
from vgg_transfer.training.spread.spread import Devices, Spread, choose_devices
from vgg_transfer.training.surroundings import (
    asking,
    digest_of_recipe,
    environment_of,
    origin_of,
    starting_weights,
)
from vgg_transfer.words import duration
from vgg_transfer.writing import free_beside, safe_name


def train(
    recipe: Recipe | Path | str,
    images: Any,
    out: Path | str | None = None,
    seed: int = 0,
    listen: Listener = nobody,
    tensorboard: Path | None = None,
    cache: bool = True,
    minutes: float | None = None,
    checkpoint_minutes: float = 5.0,
    findings: Sequence[Finding] = (),
    from_images: PassFromImages = compute_pass,
    devices: Devices | None = None,
    hosts: str | None = None,
) -> Run:
    """Train as the recipe says, judge the result on held-out images, and write the run folder.

    The folder is there from the first stage on, and keeps what ``resume`` needs to go on after a
    kill. Ctrl-C ends the training after the batch that is computed, and a second one at once: the
    run is written with the best weights so far and the status ``interrupted``, and is not judged;
    before anything was learnt there is nothing to write, and ``KeyboardInterrupt`` comes through.

    Args:
        recipe: what to do: a recipe, its name (``"exact-first"``) or the path of a TOML file.
        images: what to learn from: whatever ``load_images`` takes, an image set among it.
        out: a new folder for the run. [default: runs/RECIPE-DATE-TIME]
        seed: decides all that is random, the splits of images given by path among it.
        listen: is called with every event of the training. [default: nobody]
        tensorboard: a folder for logs that TensorBoard shows. [default: none are written]
        cache: whether activations of frozen blocks are stored and read, and it is remembered
            whether bf16 is faster on this machine, and how images given by path were split.
        minutes: the time for all of it; the recipe is fitted to it before anything is trained, and
            the run records the recipe that was fitted. What is left out is said, and is a finding.
            An estimate decides, so it is no guarantee. [default: the recipe as it is]
        checkpoint_minutes: how far the training has come is written down after an epoch, where that
            costs little, and at least so often, in minutes; 0: after every batch. [default: 5]
        findings: what was found in recipe and images before; the run keeps it. [default: nothing]
        from_images: computes what is stored of images, such as ``compute_pass`` of the engine that
            ``on_ray`` yields. [default: it is computed in this process]
        devices: how many GPUs, or other devices of JAX, share every batch, or ``"all"``. The result
            is that of one device but for rounding. [default: one; with ``hosts`` all of each]
        hosts: the processes that share every step: ``"ADDRESS:PORT,N,I"`` for process I, from 0, of
            N, of which the first listens at the address; ``"auto"`` where Slurm or Open MPI knows.
            Each calls this with the same arguments but its own number; the first one alone writes,
            and is listened to. [default: this one is alone]

    Returns:
        The record of the training, as it lies in the folder.

    Raises:
        VggTransferError: the training cannot begin; the message holds every reason.
        TrainingError: the loss is not a number; the run is written with its last good weights
            and the status ``failed``.
    """
    began = time.perf_counter()
    recipe = choose(recipe)
    with joined(hosts) as group:
        folder = default_folder(recipe) if out is None else Path(out)
        if group.count > 1:
            folder = Path(group.told(str(folder.absolute())))
        with group.first_goes_first():
            image_set = load_images(images, seed, remember=cache)
        spread, logs = choose_devices(devices, group), tensorboard is not None
        check_before_training(
            recipe, image_set, folder, logs, cache, minutes, checkpoint_minutes, spread
        )
        shared = [folder.absolute().parent, *([cache_folder()] if cache else [])]
        check_shared(group, shared, image_set.digest)
        if not group.is_first:
            listen, tensorboard = nobody, None
        with ctrl_c_between_batches() as ask, spread.training():
            listen = asking(listen, ask)
            context, origin = _ready(recipe, image_set, seed, listen, tensorboard, cache, spread)
            context = replace(context, from_images=from_images)
            fitted: Fitted | None = None
            if minutes is not None:
                context, fitted = fit_to_minutes(context, minutes, began)
            begins = _record(context, origin, folder, cache, checkpoint_minutes)
            noticed = (*begins.findings, *findings, *([fitted.finding()] if fitted else []))
            begins = replace(begins, findings=tuple(dict.fromkeys(noticed)))
            with begun_by_the_first(context, begins) as begun:
                run = complete(context, begun, None)
    if fitted is not None:
        listen(Said(f"took {duration(time.perf_counter() - began)} of {minutes:g} min"))
    return run


def _ready(
    recipe: Recipe,
    image_set: ImageSet,
    seed: int,
    listen: Listener,
    tensorboard: Path | None,
    cache: bool,
    spread: Spread,
) -> tuple[Context, StartingWeights]:
    """Return all that a training needs, and where its weights come from."""
    stored = cache_folder() if cache else None
    device = spread.as_the_first(choose_device(recipe.precision, stored))
    listen(Said(f"computes in {device.precision} on {device.name} ({device.reason})"))
    with spread.hosts.first_goes_first():
        weights = starting_weights(recipe, image_set.class_names)
    origin = origin_of(weights)
    listen(Said(f"starting weights: {origin.in_words}"))
    channels = weights.run.channels if weights and weights.run else None
    if recipe.preprocess == "standardize" and channels is None:
        channels = measure_colours(recipe, image_set, listen)
    classes = len(image_set.class_names)
    with spread.building():
        network = build_network(recipe, classes, weights, seed, device.policy, channels)
    context = Context(network, image_set, device, seed, listen, tensorboard, stored, spread=spread)
    plans = plans_of(network, len(context.train), len(context.validation), cache)
    return choose_int8(context, plans), origin


def _record(
    context: Context,
    origin: StartingWeights,
    folder: Path,
    cache: bool,
    checkpoint_minutes: float,
) -> Run:
    """Return what is known of a run before its first stage."""
    place = Path(
        context.spread.hosts.told(str(free_beside(folder)))
    )  # it was free when this began, which may be an hour ago
    if place != folder:
        context.listen(Said(f'"{folder}" was taken meanwhile: the run will be in "{place}"'))
    recipe, image_set = context.network.recipe, context.image_set
    return Run(
        folder=place,
        status="running",
        seed=context.seed,
        recipe=recipe,
        class_names=image_set.class_names,
        image_set=image_set.used(),
        weights=origin,
        environment=environment_of(context.device, context.int8 is not None),
        stages=(),
        history=(),
        seconds=0.0,
        manifest=tuple(map(ManifestRow.from_cells, image_set.manifest_rows()[1:])),
        channels=context.network.channels,
        findings=(*recipe.findings, *image_set.findings),
        begun=Begun(
            recipe=digest_of_recipe(recipe),
            cache=cache,
            tensorboard=str(context.tensorboard.absolute()) if context.tensorboard else "",
            int8=context.int8 is not None,
            checkpoint_minutes=checkpoint_minutes,
        ),
    )


def default_folder(recipe: Recipe) -> Path:
    """Return a folder under runs/ that is named after the recipe and the time."""
    return Path("runs") / f"{safe_name(recipe.name)}-{datetime.now():%Y%m%d-%H%M%S}"
