"""Filling stores: each image and view goes through each frozen block once, ever."""

import math
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from vgg_transfer.activations.calibration import ranges
from vgg_transfer.activations.files import Row, Store, StoreDamaged
from vgg_transfer.activations.keys import Calibration, Rendering, store_key
from vgg_transfer.activations.passes import Computed, Pass, PassFromImages, compute_pass
from vgg_transfer.activations.room import NoRoom, make_room, open_anew
from vgg_transfer.events import Listener, PassBegan, Said, Stepped
from vgg_transfer.images.batch_form import BatchForm
from vgg_transfer.network import Network
from vgg_transfer.network.rows import activation_dtype, activation_shape
from vgg_transfer.recipe import Augmentation
from vgg_transfer.run import Filled
from vgg_transfer.words import size_in_words


@dataclass(frozen=True)
class FillRequest:
    """What shall be in the stores.

    Args:
        renderings: the images and views that are wanted.
        cuts: at each of these, lowest first.
        augmentation: what makes the views.
        shape: the size of the images and of the batches in which they are computed.
        int8: computes in int8, calibrated so; None: in the network's own precision. [default: None]
    """

    renderings: Sequence[Rendering]
    cuts: Sequence[str]
    augmentation: Augmentation
    shape: BatchForm
    int8: Calibration | None = None


def fill(
    network: Network,
    request: FillRequest,
    cache: Path,
    listen: Listener,
    from_images: PassFromImages = compute_pass,
) -> tuple[Store, Filled]:
    """Bring all renderings into the stores; return the open store at the highest cut, and the cost.

    Args:
        network: whose frozen blocks compute what is missing.
        request: what shall be there.
        cache: the folder of all stores.
        listen: hears what happens.
        from_images: computes what begins with images. [default: it is computed in this process]

    Raises:
        NoRoom: the disk, or the limit on all stores, is too small, or the disk fails.
    """
    try:
        with ExitStack() as until_full:
            store = until_full.enter_context(
                _open(network, request.cuts[-1], request, cache, listen)
            )
            filled = _fill(network, request, store, cache, listen, from_images)
            until_full.pop_all()  # the caller closes it
    except OSError as error:
        raise NoRoom(f"a store could not be written ({error})") from error
    except StoreDamaged as damage:
        raise NoRoom(f"a store was altered while it was in use ({damage})") from damage
    return store, filled


def _fill(
    network: Network,
    request: FillRequest,
    highest: Store,
    cache: Path,
    listen: Listener,
    from_images: PassFromImages,
) -> Filled:
    """Compute what is missing at each cut; ``highest`` is the open store of the last one."""
    with ExitStack() as opened:
        stores = {
            cut: highest
            if cut == request.cuts[-1]
            else opened.enter_context(_open(network, cut, request, cache, listen))
            for cut in _cuts_to_open(network, request, cache)
        }
        for cut in request.cuts:
            opened.enter_context(
                stores[cut].filling(
                    lambda: listen(Said("waits for another training to fill the store"))
                )
            )
        passes = _passes(request, stores)
        needed = sum(_bytes(one, stores) for one in passes)
        trouble = make_room(cache, needed) if needed else None
        if trouble:
            raise NoRoom(trouble)
        began = time.perf_counter()
        tops = _tops(network, request, cache, listen) if passes else None
        for one in (replace(one, tops=tops) for one in passes):
            batches = math.ceil(len(one.renderings) / request.shape.batch_size)
            listen(PassBegan(_description(one, stores), batches))
            rows = (
                from_images(network, one)
                if one.start is None
                else compute_pass(network, one, stores[one.start])
            )
            _run_pass(one, stores, rows, listen)
    computed = {rendering.name for one in passes for rendering in one.renderings}
    return Filled(
        store=highest.folder.name,
        rows=len({rendering.name for rendering in request.renderings}),
        computed=len(computed),
        seconds=time.perf_counter() - began if computed else 0.0,
        int8=request.int8 is not None,
    )


def _passes(request: FillRequest, stores: Mapping[str, Store]) -> list[Pass]:
    """Return the passes that compute what is missing, each block at most once a rendering.

    What int8 needs to know is not in them yet: it is measured where there is a pass at all.
    """
    # Files with the same bytes have the same name, and one row.
    renderings = {rendering.name: rendering for rendering in request.renderings}
    missing = {cut: set(store.missing(list(renderings))) for cut, store in stores.items()}
    groups: dict[tuple[str | None, tuple[str, ...]], list[Rendering]] = defaultdict(list)
    for name, rendering in renderings.items():
        start: str | None = None
        ends: list[str] = []
        for cut in stores:  # lowest first
            if name in missing[cut]:
                if cut in request.cuts:
                    ends.append(cut)
            elif request.int8 is None:  # int8 begins at the pixels, always
                if ends:
                    groups[start, tuple(ends)].append(rendering)
                start, ends = cut, []
        if ends:
            groups[start, tuple(ends)].append(rendering)
    return [
        Pass(start, ends, tuple(found), request.augmentation, request.shape, None)
        for (start, ends), found in groups.items()
    ]


def _tops(
    network: Network, request: FillRequest, cache: Path, listen: Listener
) -> Mapping[str, float] | None:
    """Return the ranges of int8, where it is wanted."""
    if request.int8 is None:
        return None
    return ranges(network, request.cuts[-1], request.int8, request.shape, cache, listen)


def _run_pass(one: Pass, stores: Mapping[str, Store], computed: Computed, listen: Listener) -> None:
    for names, rows in computed:
        for end, some in rows.items():
            stores[end].append(names, some)
        for _ in range(math.ceil(len(names) / one.shape.batch_size)):
            listen(Stepped())


def _bytes(one: Pass, stores: Mapping[str, Store]) -> int:
    """Return how many bytes a pass will store."""
    return sum(len(one.renderings) * stores[end].row.bytes for end in one.ends)


def _description(one: Pass, stores: Mapping[str, Store]) -> str:
    """Say what a pass computes, from what, and how much it stores."""
    source = "images" if one.start is None else f"stored activations at {one.start}"
    return (
        f"{len(one.renderings):,} {source} go once through the frozen blocks below "
        f"{one.ends[-1]} ({size_in_words(_bytes(one, stores))} stored)"
    )


def _cuts_to_open(network: Network, request: FillRequest, cache: Path) -> list[str]:
    """Return the wanted cuts and those lower ones that have a store already, lowest first."""
    return [
        cut
        for cut in (*network.below(request.cuts[-1])[1:], request.cuts[-1])
        if cut in request.cuts
        or (request.int8 is None and (cache / _key(network, cut, request) / "index.bin").exists())
    ]


def _open(network: Network, cut: str, request: FillRequest, cache: Path, listen: Listener) -> Store:
    """Open the store at a cut."""
    dtype = activation_dtype(network, cut)
    row = Row(activation_shape(network, cut), "uint16" if dtype == "bfloat16" else dtype)
    views = "plain" if request.augmentation.changes_nothing else "augmented"
    precision = f"{dtype} from int8" if request.int8 else dtype
    recipe = network.recipe
    what = f"{recipe.base.architecture} at {cut}, {recipe.size} px, {precision}, {views}"
    return open_anew(cache, _key(network, cut, request), row, what, listen)


def _key(network: Network, cut: str, request: FillRequest) -> str:
    return store_key(network, cut, request.augmentation, request.int8)
