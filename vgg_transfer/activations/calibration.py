"""What int8 needs to know, and what it costs: measured once, and kept as a row of a store."""

import hashlib
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from vgg_transfer.activations.files import Row, StoreDamaged
from vgg_transfer.activations.int8 import int8_stretch
from vgg_transfer.activations.keys import Calibration, store_key
from vgg_transfer.activations.room import NoRoom, open_anew
from vgg_transfer.events import Listener, PassBegan, Said, Stepped
from vgg_transfer.images.batch_form import BatchForm
from vgg_transfer.images.feed import feed
from vgg_transfer.images.image_set import ImageRecord
from vgg_transfer.images.tfdata.failures import own_errors
from vgg_transfer.network import Network
from vgg_transfer.network.parts import largest_outputs, stretch
from vgg_transfer.recipe import Augmentation


def ranges(
    network: Network,
    cut: str,
    calibration: Calibration,
    form: BatchForm,
    cache: Path,
    listen: Listener,
) -> dict[str, float]:
    """Return the largest output of each convolution below a cut, by the convolution's name.

    Args:
        network: computes them in its own precision.
        cut: the highest cut that is to be computed in int8.
        calibration: the images to measure on.
        form: the form in which the network wants its images.
        cache: the folder of stores, where they are kept.
        listen: hears of the pass, where there is one.

    Raises:
        NoRoom: they cannot be kept.
    """
    network = _with_activations_alone(network)
    names = [
        layer.name
        for block in network.below(cut)
        for layer in network.blocks[block]
        if isinstance(layer, keras.layers.Conv2D)
    ]

    def measured() -> NDArray[np.float32]:
        what = f"{len(calibration.records)} training images give int8 its ranges"
        compute = largest_outputs(network, cut).predict_on_batch
        rows = np.concatenate(_outputs(calibration.records, form, what, compute, listen))
        largest: NDArray[np.float32] = rows.max(axis=0)
        return largest

    key = store_key(network, cut, Augmentation(), calibration)
    found = _remembered(cache, f"ranges/{key}", len(names), measured, listen)
    return {name: float(top) for name, top in zip(names, found, strict=True)}


def share_lost(
    network: Network,
    cut: str,
    calibration: Calibration,
    records: Sequence[ImageRecord],
    form: BatchForm,
    cache: Path,
    listen: Listener,
) -> float:
    """Return which share of what tells images apart is lost in int8, from 0; by trying it.

    What tells them apart is the variance over images of the activations at a cut, averaged over
    space; what is lost is the mean square of what int8 makes wrong in them.

    Args:
        network: computes without loss.
        cut: where it is compared.
        calibration: decides what int8 computes.
        records: validation images, at least two.
        form: the form in which the network wants its images.
        cache: the folder of stores, where the answer is kept.
        listen: hears of the passes, where there are any.

    Raises:
        NoRoom: the answer cannot be kept.
    """

    network = _with_activations_alone(network)

    def measured() -> NDArray[np.float32]:
        tops = ranges(network, cut, calibration, form, cache, listen)
        model = stretch(network, None, (cut,))
        rounded = int8_stretch(network, (cut,), tops)

        def both(batch: Any) -> NDArray[np.float64]:
            pairs = (model.predict_on_batch(batch)[cut], rounded(batch)[cut])
            return np.stack([np.asarray(one, np.float64).mean(axis=(1, 2)) for one in pairs])

        what = f"{len(records)} validation images try int8"
        exact, found = np.concatenate(_outputs(records, form, what, both, listen), axis=1)
        variance, wrong = exact.var(axis=0).sum(), np.square(found - exact).mean(axis=0).sum()
        share = wrong / variance if variance else math.inf
        return np.array([share], np.float32)

    key = store_key(network, cut, Augmentation(), calibration)
    images = ",".join(record.digest for record in records)
    return float(_remembered(cache, f"share lost/{key}/{images}", 1, measured, listen)[0])


def _with_activations_alone(network: Network) -> Network:
    """Return the network with nothing beside the activations at a cut, whatever its head reads."""
    return replace(network, recipe=network.recipe.changed(head={"blocks": ()}))


def _outputs(
    records: Sequence[ImageRecord],
    form: BatchForm,
    what: str,
    compute: Callable[[Any], NDArray[Any]],
    listen: Listener,
) -> list[NDArray[Any]]:
    """Return what is computed from each batch of plain images."""
    listen(PassBegan(what, math.ceil(len(records) / form.batch_size)))
    found = []
    with own_errors():
        for batch in feed().plain_batches(records, form):
            found.append(compute(batch))
            listen(Stepped())
    return found


def _remembered(
    cache: Path,
    name: str,
    count: int,
    measured: Callable[[], NDArray[np.float32]],
    listen: Listener,
) -> NDArray[Any]:
    """Return numbers of that name, which are measured once and kept in a store of one row."""
    key = hashlib.sha256(name.encode()).hexdigest()[:32]
    what = f"what int8 needs to know: {name.partition('/')[0]}"
    try:
        with (
            open_anew(cache, key, Row((count,), "float32"), what, listen) as store,
            store.filling(lambda: listen(Said("waits for another training that measures int8"))),
        ):
            if store.missing([key]):
                store.append([key], measured()[None])
            numbers: NDArray[Any] = store.read(store.places([key]))[0]
            return numbers
    except OSError as error:
        raise NoRoom(f"a store could not be written ({error})") from error
    except StoreDamaged as damage:
        raise NoRoom(f"a store was altered while it was in use ({damage})") from damage
