"""Stored rows, as a model or a stage reads them."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vgg_transfer.activations.files import Store
from vgg_transfer.activations.keys import Rendering
from vgg_transfer.images.image_set import ImageRecord
from vgg_transfer.images.stored_rows import as_computed


def stored_batches(store: Store, renderings: Sequence[Rendering], batch_size: int) -> Iterator[Any]:
    """Yield the activations of these renderings in batches, in their order."""
    places = store.places([rendering.name for rendering in renderings])
    for first in range(0, len(places), batch_size):
        yield as_computed(store.read(places[first : first + batch_size]))


def places_of_views(store: Store, records: Sequence[ImageRecord], views: int) -> NDArray[np.int64]:
    """Return where the rows of images lie: view by view of the first one, then of the next.

    Args:
        store: holds ``views`` views of every record.
        records: the images.
        views: how many; 0 stands for the plain image.
    """
    each = range(1, views + 1) if views else (0,)
    return store.places([Rendering(one, view).name for one in records for view in each])


def rotating_views(
    images: int, views: int, begin_from: Sequence[int]
) -> Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.int64]]:
    """Return a function from (numbers of images, how often each was shown before) to rows.

    Every image begins at a view drawn from ``begin_from`` and shows the next one each time. Rows
    are counted as ``places_of_views`` has them.

    Args:
        images: how many there are.
        views: how many of each; 0 stands for the plain image.
        begin_from: the seed of the draw.
    """
    each = max(views, 1)
    begin = np.random.default_rng(begin_from).integers(each, size=images)
    return lambda numbers, shown: numbers * each + (begin[numbers] + shown) % each
