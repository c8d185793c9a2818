"""The devices of a training, and what lies on them while it plans, fits and judges."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

import keras

from vgg_transfer.errors import TrainingError
from vgg_transfer.images.numbered.placing import Mesh, placed_on
from vgg_transfer.recipe import Recipe
from vgg_transfer.words import counted

Devices = int | Literal["all"]


@dataclass(frozen=True)
class Spread:
    """Where a training computes.

    Args:
        mesh: the devices that share its batches; None: Keras's first one does all.
    """

    mesh: Mesh | None = None

    @property
    def devices(self) -> int:
        """How many there are."""
        return 1 if self.mesh is None else len(self.mesh.devices)

    @contextmanager
    def training(self) -> Iterator[None]:
        """Let the devices share what is computed within."""
        if self.mesh is None:
            yield
            return
        with placed_on(self.mesh):
            yield

    @contextmanager
    def building(self) -> Iterator[None]:
        """Let variables that are made within lie on every device.

        Not longer: Keras would lay each batch as it lays the first, and the last one does not fit.
        """
        if self.mesh is None:
            yield
            return
        parallel = keras.distribution.DataParallel(devices=list(self.mesh.devices))
        keras.distribution.set_distribution(parallel)
        try:
            yield
        finally:
            keras.distribution.set_distribution(None)


def choose_devices(wanted: Devices | None) -> Spread:
    """Return the devices that were asked for.

    Args:
        wanted: how many, or ``"all"``; None: one.

    Raises:
        TrainingError: they are not there, or Keras computes with TensorFlow.
    """
    if wanted is None or wanted == 1:
        return Spread()
    if wanted != "all" and wanted < 1:
        raise TrainingError(f'devices must be "all" or a number from 1 on; received {wanted}')
    if keras.backend.backend() != "jax":
        raise TrainingError(
            "one training on several devices needs JAX, and Keras computes with "
            f"{keras.backend.backend()} here: set the environment variable KERAS_BACKEND=jax, or "
            "leave --devices out"
        )
    import jax

    there = jax.devices()
    if wanted != "all" and wanted > len(there):
        raise TrainingError(
            f"{counted(wanted, 'device')} are asked for, and JAX sees {len(there)} here "
            f"({there[0].device_kind}): ask for as many at most, or for all"
        )
    chosen = tuple(there if wanted == "all" else there[:wanted])
    return Spread(Mesh(chosen) if len(chosen) > 1 else None)


def check_batches(recipe: Recipe, devices: int) -> None:
    """Refuse batches that several devices cannot share.

    Raises:
        TrainingError: with the sizes, and one that would do.
    """
    sizes = {stage.batch_size or recipe.batch_size for stage in recipe.stage}
    if wrong := sorted(size for size in sizes if size % devices):
        fitting = -(-wrong[0] // devices) * devices
        raise TrainingError(
            f"{devices} devices share every batch, and {wrong[0]} images do not divide by "
            f"{devices}: set a batch_size that does, such as {fitting}, or use another number of "
            "devices"
        )
