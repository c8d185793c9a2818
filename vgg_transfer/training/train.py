"""The hall: a recipe and an image set in, a run out. Reads from top to bottom."""

import importlib.metadata
import json
import platform
import time
import zipfile
from collections.abc import Iterator
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from vgg_transfer import run as record
from vgg_transfer.errors import TrainingError
from vgg_transfer.events import Listener, PassBegan, Said, Stepped, TrainingPlanned, nobody
from vgg_transfer.images.channels import Channels, measure_channels
from vgg_transfer.images.image_set import ImageSet
from vgg_transfer.images.sources import load_images
from vgg_transfer.images.tfdata.batches import BatchForm, plain_batches, steps_per_epoch
from vgg_transfer.network import build_network, resolve_weights, servable
from vgg_transfer.network.head import has_sigmoid
from vgg_transfer.places import cache_folder, size_limit
from vgg_transfer.recipe import Recipe, choose
from vgg_transfer.run import Judged, Run
from vgg_transfer.training.context import Plan, Session
from vgg_transfer.training.devices import Device, choose_device
from vgg_transfer.training.judging import judge
from vgg_transfer.training.planning.stage_plan import plan_stages
from vgg_transfer.training.stages.optimizers import Carried
from vgg_transfer.training.stages.run_stage import Finished, own_error, run_stage
from vgg_transfer.training.worth_it import advised
from vgg_transfer.writing import free_beside

_PACKAGES = ("vgg-transfer", "tensorflow", "keras", "numpy", "pillow", "scikit-learn")


def train(
    recipe: Recipe | Path | str,
    images: Any,
    out: Path | str | None = None,
    seed: int = 0,
    listen: Listener = nobody,
    tensorboard: Path | None = None,
    cache: bool = True,
) -> Run:
    """Train as the recipe says, judge the result on held-out images, and write the run folder.

    Ctrl-C ends the training at once: the run is written with the best weights so far and the
    status ``interrupted``, and is not judged; before the first stage there is nothing to write, and
    ``KeyboardInterrupt`` comes through.

    Args:
        recipe: what to do: a recipe, its name (``"staged"``) or the path of a TOML file.
        images: what to learn from: whatever ``load_images`` takes, an image set among it.
        out: a new folder for the run. [default: runs/RECIPE-DATE-TIME]
        seed: decides all that is random, the splits of images given by path among it.
        listen: is told what happens, as ``events``.
        tensorboard: a folder for logs that TensorBoard shows. [default: none are written]
        cache: whether activations of frozen blocks are stored and read.

    Returns:
        The record of the training, as it lies in the run folder.

    Raises:
        TrainingError: the loss is not a number; the run is written with its last good weights
            and the status ``failed``.
    """
    began = time.perf_counter()
    recipe = choose(recipe)
    folder = default_folder(recipe) if out is None else Path(out)
    record.check_free(folder)
    if tensorboard is not None and find_spec("tensorboard") is None:
        raise TrainingError(
            'logging for TensorBoard needs its package: pip install "vgg-transfer[tensorboard]"'
        )
    image_set = load_images(images, seed)
    if cache:
        size_limit()  # a limit that is no number is refused before anything heavy
    classes = len(image_set.class_names)
    has_sigmoid(recipe.head, classes)  # a head that does not fit is refused before anything heavy
    if recipe.class_weights != "none":
        image_set.class_weights(recipe.class_weights)  # and a class that can have no weight

    device = choose_device(recipe.precision)
    listen(Said(f"computes in {device.precision} on {device.name} ({device.reason})"))
    weights = resolve_weights(recipe.base.weights, recipe.base.architecture)
    origin = _origin(weights)
    listen(Said(f"starting weights: {origin['source']}"))
    channels = _measured(recipe, image_set, listen) if recipe.preprocess == "standardize" else None
    network = build_network(recipe, classes, weights, seed, device.policy, channels)

    session = Session(
        network, image_set, device, seed, listen, tensorboard, cache_folder() if cache else None
    )
    finished, last = _run_stages(session)
    stopped_by: BaseException | None = finished[-1].stopped_by
    model = servable(network)

    judged: tuple[Judged, ...] = ()
    metrics, judged_on = None, ""
    if stopped_by is None:
        try:
            held_out = "test" if image_set.split("test") else "val"
            judged, metrics = judge(model, session, last, held_out)
            judged_on = held_out
        except KeyboardInterrupt as reason:
            stopped_by = reason
        except tf.errors.OpError as error:
            stopped_by = own_error(error)
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
            image_set=_facts(image_set),
            weights=origin,
            environment=_environment(device),
            stages=tuple(one.outcome for one in finished),
            history=tuple(epoch for one in finished for epoch in one.epochs),
            seconds=time.perf_counter() - began,
            judged_on=judged_on,
            metrics=metrics,
            judged=judged,
            manifest=tuple(image_set.manifest_rows()),
            channels=_plain(channels),
            filled=tuple(session.filled),
            advice=tuple(session.advice),
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
    return Path("runs") / f"{recipe.name}-{datetime.now():%Y%m%d-%H%M%S}"


def _measured(recipe: Recipe, image_set: ImageSet, listen: Listener) -> Channels:
    """Return mean and deviation of each colour over the plain training images."""
    paths = [one.path for one in image_set.split("train")]
    shape = BatchForm(recipe.size, recipe.resize, recipe.batch_size)
    listen(
        PassBegan(
            f"measures the colours of {len(paths):,} training images",
            steps_per_epoch(len(paths), shape.batch_size),
        )
    )

    def batches() -> Iterator[Any]:
        for batch in plain_batches(paths, shape):
            yield batch
            listen(Stepped())

    try:
        channels = measure_channels(batches())
    except tf.errors.OpError as error:
        raise own_error(error) from error
    pairs = zip(("red", "green", "blue"), channels.mean, channels.deviation, strict=True)
    found = ", ".join(f"{name} {mean:.1f} ± {deviation:.1f}" for name, mean, deviation in pairs)
    listen(Said(f"standardizes pixels by the training images: {found}"))
    return channels


def _run_stages(session: Session) -> tuple[list[Finished], Plan]:
    """Return the stages that were run, and the plan of the last of them."""
    plans = plan_stages(session)
    size_of = session.network.recipe.size_of
    session.listen(
        TrainingPlanned(tuple(plan.stage.changed(size=size_of(plan.stage)) for plan in plans))
    )
    finished: list[Finished] = []
    for plan in plans:
        if finished:
            finished[-1], goes_on = advised(session, plan, finished[-1])
            if not goes_on:
                break
        last = finished[-1] if finished else None
        finished.append(
            run_stage(
                session,
                plan,
                carried=last.carried if last else Carried(),
                before=last.outcome if last else None,
            )
        )
        if finished[-1].stopped_by is not None:
            break
    return finished, plans[finished[-1].outcome.stage - 1]


def _save(model: keras.Model, path: Path, class_names: tuple[str, ...]) -> None:
    model.save(path)
    # Keras ignores what else lies in its archive, so the names travel with the model.
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("class_names.json", json.dumps(class_names))


def _status(stopped_by: BaseException | None) -> record.Status:
    if stopped_by is None:
        return "complete"
    return "interrupted" if isinstance(stopped_by, KeyboardInterrupt) else "failed"


def _origin(weights: Any) -> dict[str, Any]:
    if weights is None:
        return {"source": "drawn at random", "digest": "", "published": False}
    return {"source": weights.source, "digest": weights.digest, "published": weights.published}


def _facts(image_set: ImageSet) -> dict[str, Any]:
    return {
        "source": image_set.source,
        "root": str(image_set.root) if image_set.root else "",
        "digest": image_set.digest,
        "counts": image_set.counts(),
        "skipped": [{"path": str(one.path), "reason": one.reason} for one in image_set.skipped],
        "notes": [finding.sentence for finding in image_set.findings],
    }


def _plain(channels: Channels | None) -> dict[str, list[float]] | None:
    if channels is None:
        return None
    return {"mean": list(channels.mean), "deviation": list(channels.deviation)}


def _environment(device: Device) -> dict[str, Any]:
    return {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "backend": keras.backend.backend(),
        "device": device.name,
        "precision": device.precision,
        "packages": {name: importlib.metadata.version(name) for name in _PACKAGES},
    }
