"""Filling stores: each image and view goes through each frozen block once, ever."""

import hashlib
import json
import math
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from vgg_transfer.activations import Row, Store, StoreDamaged, discard, make_room, open_store
from vgg_transfer.events import Listener, PassBegan, Said, Stepped
from vgg_transfer.images.image_set import ImageRecord
from vgg_transfer.images.tfdata.batches import BatchForm, rendered_batches
from vgg_transfer.network import Network
from vgg_transfer.network.parts import (
    activation_dtype,
    activation_shape,
    frozen_digest,
    stretch,
)
from vgg_transfer.recipe import Augmentation
from vgg_transfer.run import Filled
from vgg_transfer.words import size_in_words

# Raised when decoding or resizing changes what the network sees: old stores are then not used.
PIXELS_VERSION = 2


@dataclass(frozen=True)
class Rendering:
    """One image as one view; view 0 is the plain one."""

    record: ImageRecord
    view: int

    @property
    def name(self) -> str:
        """The name of its row in a store."""
        return hashlib.sha256(f"{self.record.digest}/{self.view}".encode()).hexdigest()


@dataclass(frozen=True)
class Request:
    """What shall be in the stores: these renderings, at each of these cuts (lowest first)."""

    renderings: Sequence[Rendering]
    cuts: Sequence[str]
    augmentation: Augmentation
    shape: BatchForm


class NoRoom(Exception):  # noqa: N818 (a fact for the caller, who trains without the store)
    """There is no room for what is wanted; the text says how much would be needed."""


def fill(
    network: Network,
    request: Request,
    cache: Path,
    listen: Listener,
) -> tuple[Store, Filled]:
    """Bring all renderings into the stores; return the open store at the highest cut, and the cost.

    Raises:
        NoRoom: the disk, or the limit on all stores, is too small, or the disk fails.
    """
    try:
        with ExitStack() as until_full:
            store = until_full.enter_context(
                _open(network, request.cuts[-1], request, cache, listen)
            )
            filled = _fill(network, request, store, cache, listen)
            until_full.pop_all()  # the caller closes it
    except OSError as error:
        raise NoRoom(f"a store could not be written ({error})") from error
    except StoreDamaged as damage:
        raise NoRoom(f"a store was altered while it was in use ({damage})") from damage
    return store, filled


def _fill(
    network: Network, request: Request, highest: Store, cache: Path, listen: Listener
) -> Filled:
    """Compute what is missing at each cut; ``highest`` is the open store of the last one."""
    with ExitStack() as opened:
        stores = {
            cut: highest
            if cut == request.cuts[-1]
            else opened.enter_context(_open(network, cut, request, cache, listen))
            for cut in _with_existing(network, request, cache)
        }
        for cut in request.cuts:
            opened.enter_context(
                stores[cut].filling(
                    lambda: listen(Said("waits for another training to fill the store"))
                )
            )
        passes = _plan(request, stores)
        _make_room(passes, stores, cache)
        began = time.perf_counter()
        for one in passes:
            listen(PassBegan(_what(one, stores), _batches(one, request)))
            _run_pass(network, one, request, stores, listen)
    computed = {rendering.name for one in passes for rendering in one.renderings}
    return Filled(
        store=highest.folder.name,
        rows=len({rendering.name for rendering in request.renderings}),
        computed=len(computed),
        seconds=time.perf_counter() - began if computed else 0.0,
    )


@dataclass(frozen=True)
class _Pass:
    """One way through some blocks: from pixels (None) or a store, to the stores at the ends."""

    start: str | None
    ends: tuple[str, ...]
    renderings: tuple[Rendering, ...]


def _plan(request: Request, stores: Mapping[str, Store]) -> list[_Pass]:
    """Return the passes that compute what is missing, each block at most once a rendering."""
    # Files with the same bytes have the same name, and one row.
    renderings = {rendering.name: rendering for rendering in request.renderings}
    missing = {cut: set(store.missing(list(renderings))) for cut, store in stores.items()}
    groups: dict[tuple[str | None, tuple[str, ...]], list[Rendering]] = defaultdict(list)
    for name, rendering in renderings.items():
        start: str | None = None
        ends: list[str] = []
        for cut in stores:  # lowest first
            if name not in missing[cut]:
                if ends:
                    groups[start, tuple(ends)].append(rendering)
                start, ends = cut, []
            elif cut in request.cuts:
                ends.append(cut)
        if ends:
            groups[start, tuple(ends)].append(rendering)
    return [_Pass(start, ends, tuple(found)) for (start, ends), found in groups.items()]


def _run_pass(
    network: Network,
    one: _Pass,
    request: Request,
    stores: Mapping[str, Store],
    listen: Listener,
) -> None:
    model = stretch(network, one.start, one.ends)
    size = request.shape.batch_size
    if one.start is None:
        batches: Any = rendered_batches(
            [rendering.record for rendering in one.renderings],
            [rendering.view for rendering in one.renderings],
            request.augmentation,
            request.shape,
        )
    else:
        batches = _stored(network, stores[one.start], one.renderings, size)
    for number, batch in enumerate(batches):
        outputs = model.predict_on_batch(batch)
        names = [r.name for r in one.renderings[number * size : (number + 1) * size]]
        for end, rows in outputs.items():
            stores[end].append(names, as_stored(np.asarray(rows)))
        listen(Stepped())


def _stored(
    network: Network, store: Store, renderings: Sequence[Rendering], size: int
) -> Iterator[Any]:
    places = store.places([rendering.name for rendering in renderings])
    for first in range(0, len(places), size):
        yield as_computed(tf.constant(store.read(places[first : first + size])), network)


def as_stored(rows: NDArray[Any]) -> NDArray[Any]:
    """Return rows as NumPy knows them: bfloat16 as its 16 bits."""
    return rows if rows.dtype == np.float32 else rows.view(np.uint16)


def as_computed(rows: Any, network: Network) -> Any:
    """Return stored rows in the dtype that the network computes in."""
    return rows if activation_dtype(network) == "float32" else tf.bitcast(rows, tf.bfloat16)


def _make_room(passes: Sequence[_Pass], stores: Mapping[str, Store], cache: Path) -> None:
    needed = sum(_bytes(one, stores) for one in passes)
    trouble = make_room(cache, needed) if needed else None
    if trouble:
        raise NoRoom(trouble)


def _bytes(one: _Pass, stores: Mapping[str, Store]) -> int:
    return sum(len(one.renderings) * stores[end].row.bytes for end in one.ends)


def _batches(one: _Pass, request: Request) -> int:
    return math.ceil(len(one.renderings) / request.shape.batch_size)


def _what(one: _Pass, stores: Mapping[str, Store]) -> str:
    """Say what a pass computes, from what, and what it stores."""
    source = "images" if one.start is None else f"stored activations at {one.start}"
    return (
        f"{len(one.renderings):,} {source} go once through the frozen blocks below "
        f"{one.ends[-1]} ({size_in_words(_bytes(one, stores))} stored)"
    )


def _with_existing(network: Network, request: Request, cache: Path) -> list[str]:
    """Return the wanted cuts and those lower ones that have a store already, lowest first."""
    blocks = list(network.blocks)[1:]
    below = blocks[: blocks.index(request.cuts[-1]) + 1]
    return [
        cut
        for cut in below
        if cut in request.cuts or (cache / _key(network, cut, request) / "index.bin").exists()
    ]


def _open(network: Network, cut: str, request: Request, cache: Path, listen: Listener) -> Store:
    """Open a store; a damaged one is thrown away and begun again."""
    key = _key(network, cut, request)
    dtype = "float32" if activation_dtype(network) == "float32" else "uint16"
    row = Row(activation_shape(network, cut), dtype)
    plain = request.augmentation.changes_nothing
    what = (
        f"{network.recipe.base.architecture} at {cut}, {network.recipe.size} px, "
        f"{activation_dtype(network)}, {'plain' if plain else 'augmented'}"
    )
    try:
        return open_store(cache, key, row, {"what": what})
    except StoreDamaged as damage:
        if not discard(cache / key):
            raise NoRoom(
                f"the store {cache / key} was altered ({damage}), and another training uses it"
            ) from None
        listen(Said(f"a store was altered ({damage}); it is computed again"))
    return open_store(cache, key, row, {"what": what})


def _key(network: Network, cut: str, request: Request) -> str:
    """Return what decides the rows of a store, as one name: all but the images themselves."""
    recipe = network.recipe
    facts = {
        "frozen": frozen_digest(network, cut),
        "cut": cut,
        "size": recipe.size,
        "resize": recipe.resize,
        "dtype": activation_dtype(network),
        "augmentation": request.augmentation.of_one_image.model_dump(),
        "pixels": PIXELS_VERSION,
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:32]
