"""Going on with a training that was killed, interrupted, or shall have more epochs."""

from dataclasses import replace
from pathlib import Path

from vgg_transfer import run as record
from vgg_transfer.activations.keys import calibration_on
from vgg_transfer.errors import RunError
from vgg_transfer.events import Listener, Said, nobody
from vgg_transfer.finding import Finding
from vgg_transfer.images import ImageSet
from vgg_transfer.interrupting import ctrl_c_between_batches
from vgg_transfer.network import Network, build_network, servable
from vgg_transfer.places import cache_folder
from vgg_transfer.run import Begun, Checkpoint, Progress, Run, Within
from vgg_transfer.run.found import how_far
from vgg_transfer.run.refusing import check_resumable, last_stage
from vgg_transfer.training.checkpoints import weights_of
from vgg_transfer.training.context import Context
from vgg_transfer.training.course import begun_by_the_first, complete
from vgg_transfer.training.devices import choose_device
from vgg_transfer.training.sameness import check_same, images_of
from vgg_transfer.training.spread.hosts import joined
from vgg_transfer.training.spread.shared import check_shared
from vgg_transfer.training.spread.spread import Devices, Spread, check_batches, choose_devices
from vgg_transfer.training.surroundings import (
    asking,
    digest_of_recipe,
    environment_of,
    origin_of,
    starting_weights,
)
from vgg_transfer.words import counted, duration, printable
from vgg_transfer.writing import free_beside


def resume(
    run: Run | Path | str,
    extend: int = 0,
    out: Path | str | None = None,
    listen: Listener = nobody,
    devices: Devices | None = None,
    hosts: str | None = None,
) -> Run:
    """Go on with a training where it was left; on a processor it ends as if it had never stopped.

    Weights, history and metrics are then the same bit for bit. It reads the images where they were,
    and uses the recipe, seed and precision of the record.

    Args:
        run: the run, or its folder.
        extend: epochs to add to the last stage. The result is another recipe's, and the run says
            so. A finished run stays as it is, and what is added begins with its weights and a new
            optimizer. [default: 0]
        out: the folder of a finished run that is extended. [default: RUN-extended]
        listen: is called with every event of the training. [default: nobody]
        devices: how many share every batch, as ``train`` takes them; others than it began with
            change the last digits. [default: one; with ``hosts`` all of each]
        hosts: the processes that share every step, as ``train`` takes them; as many as before or
            others. [default: this one is alone]

    Returns:
        The record of the whole training, as it lies in the folder.

    Raises:
        RunError: there is nothing to go on with, or images, recipe, weights or packages are not
            those of the record; the message names every difference.
        VggTransferError: as from ``train``.
    """
    found = run if isinstance(run, Run) else record.read(run)
    begun = check_resumable(found, extend, out)
    image_set = images_of(found)
    with joined(hosts) as group:
        spread = choose_devices(devices, group)
        check_batches(found.recipe, spread.devices)
        shared = [found.folder.absolute(), *([cache_folder()] if begun.cache else [])]
        check_shared(group, shared, image_set.digest)
        with ctrl_c_between_batches() as ask, spread.training():
            heard = asking(listen if group.is_first else nobody, ask)
            context = _context_of(found, begun, image_set, spread, heard)
            found, context, checkpoint = _with_more(found, context, extend, out)
            heard(Said(_where(checkpoint, len(context.network.recipe.stage))))
            group.all_say(None)  # all have read what the first one is about to write
            with begun_by_the_first(context, found) as going:
                return complete(context, going, checkpoint)


def _context_of(
    found: Run, begun: Begun, image_set: ImageSet, spread: Spread, listen: Listener
) -> Context:
    """Return all that the training needs, as it began with it."""
    device = choose_device(found.environment.precision)  # type: ignore[arg-type]
    device = spread.as_the_first(device)
    listen(Said(f"computes in {device.precision} on {device.name}, as it began"))
    with spread.hosts.first_goes_first():
        weights = starting_weights(found.recipe, found.class_names)
    environment = environment_of(device, begun.int8)
    check_same(found, image_set, origin_of(weights), environment)
    if environment.device != found.environment.device:
        listen(Said(f"it began on {found.environment.device}: the last digits may differ"))
    elif device.jit_compile:
        listen(Said("a GPU adds up in no fixed order: the last digits may differ"))
    recipe, classes = found.recipe, len(found.class_names)
    with spread.building():
        network = build_network(recipe, classes, weights, found.seed, device.policy, found.channels)
    writes = spread.hosts.is_first
    return Context(
        network,
        image_set,
        device,
        found.seed,
        listen,
        Path(begun.tensorboard) if begun.tensorboard and writes else None,
        cache_folder() if begun.cache else None,
        calibration_on(image_set.split("train")) if begun.int8 else None,
        spread=spread,
    )


def _with_more(
    found: Run, context: Context, extend: int, out: Path | str | None
) -> tuple[Run, Context, Checkpoint | None]:
    """Return run and training, with more epochs where they are wanted, and how far it has come."""
    network = context.network
    if found.status == "complete":
        checkpoint: Checkpoint | None = _after_the_end(found, network)
        folder = Path(out) if out else found.folder.with_name(f"{found.folder.name}-extended")
        place = context.spread.hosts.told(str(folder if out else free_beside(folder)))
        found = replace(found, folder=Path(place))
    else:
        checkpoint = record.read_checkpoint(found.folder)
    if extend:
        checkpoint = _ready_for_more(found, checkpoint)
        found, network = _extended(found, network, extend)
        context.listen(Said(found.findings[-1].seen))
    return found, replace(context, network=network), checkpoint


def _where(checkpoint: Checkpoint | None, stages: int) -> str:
    """Say where a training goes on."""
    if checkpoint is None:
        return f"{how_far(None, stages)}: it begins at the beginning"
    progress = checkpoint.progress
    return f"goes on after {duration(progress.seconds)}: {how_far(progress, stages)}"


def _after_the_end(run: Run, network: Network) -> Checkpoint:
    """Return a finished run as a checkpoint at the end of its last stage, and load its weights."""
    try:
        servable(network).load_weights(run.model_file)
    except (OSError, ValueError, KeyError) as error:
        raise RunError(
            f'the model "{printable(run.model_file)}" cannot be read: {error}'
        ) from error
    last = run.stages[-1]
    within = Within(
        stage=last.stage,
        epoch=last.epochs,
        step=0,
        ended=False,
        stored=True,
        best_epoch=last.best_epoch,
        best=last.best,
        epochs=tuple(epoch for epoch in run.history if epoch.stage == last.stage),
        seconds=last.seconds,
    )
    progress = Progress(
        stages=run.stages[:-1],
        history=tuple(epoch for epoch in run.history if epoch.stage != last.stage),
        filled=run.filled,
        advice=run.advice,
        seconds=run.seconds,
        within=within,
    )
    blocks = dict.fromkeys(b for s in run.recipe.stage[: last.stage] for b in s.train)
    return Checkpoint(progress, weights_of(network, blocks))


def _ready_for_more(run: Run, checkpoint: Checkpoint | None) -> Checkpoint | None:
    """Return the checkpoint as a stage of more epochs goes on with it: patience has not ended it.

    Raises:
        RunError: all stages are done, and only judging is left.
    """
    if checkpoint is None or checkpoint.progress.within is None:
        if checkpoint and checkpoint.progress.trained:
            raise RunError(
                f'in the run "{printable(run.folder)}" all epochs are done, and only judging is '
                "left: resume it without --extend, then extend what is finished"
            )
        return checkpoint
    within = replace(checkpoint.progress.within, ended=False)
    return replace(checkpoint, progress=replace(checkpoint.progress, within=within))


def _extended(run: Run, network: Network, epochs: int) -> tuple[Run, Network]:
    """Return the run and the network with so many more epochs in the last stage."""
    recipe, number = run.recipe, last_stage(run)
    stages = recipe.stage[:number]
    longer = stages[-1].changed(epochs=stages[-1].epochs + epochs)
    said = (
        f"{counted(epochs, 'epoch')} were added to stage {number} after the training had begun: "
        f"this is no longer the recipe {recipe.name}"
    )
    recipe = recipe.changed(
        name=f"{recipe.name}-extended", description=said, stage=(*stages[:-1], longer)
    )
    finding = Finding("extended", "note", f"stage {number}", said)
    begun = run.begun and replace(run.begun, recipe=digest_of_recipe(recipe))
    run = replace(run, recipe=recipe, findings=(*run.findings, finding), begun=begun)
    return run, replace(network, recipe=recipe)
