"""The devices of a training, and what lies on them while it plans, fits and judges."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import Any, Literal

import keras
import numpy as np
from numpy.typing import NDArray

from vgg_transfer.errors import ClusterError, TrainingError
from vgg_transfer.images.numbered.placing import Mesh, placed_on
from vgg_transfer.network import Network
from vgg_transfer.recipe import Recipe
from vgg_transfer.silence import stdout_kept_clean
from vgg_transfer.training.devices import Device
from vgg_transfer.training.spread.hosts import ALONE, HOW_TO_GO_ON, Hosts
from vgg_transfer.words import counted

# Who speaks of a connection that broke off.
_BROKEN = ("Gloo", "NCCL", "UNAVAILABLE")

Devices = int | Literal["all"]


@dataclass(frozen=True)
class Spread:
    """Where a training computes.

    Args:
        here: the devices of this process that share what is computed; None: Keras's first one.
        everywhere: those of all processes, which share the steps; None: there is no other process.
        hosts: the processes.
    """

    here: Mesh | None = None
    everywhere: Mesh | None = None
    hosts: Hosts = ALONE

    @property
    def devices(self) -> int:
        """How many share a step."""
        mesh = self.everywhere or self.here
        return 1 if mesh is None else len(mesh.devices)

    def as_the_first(self, device: Device) -> Device:
        """Return the device as the record names it, in the first process's precision."""
        precision = self.hosts.told(device.precision)
        if precision != device.precision:
            device = replace(device, precision=precision, reason="the first process chose it")
        if self.devices == 1:
            return device
        where = f" of {self.hosts.count} processes" if self.everywhere else ""
        return replace(device, name=f"{self.devices} devices{where}, each {device.name}")

    @contextmanager
    def training(self) -> Iterator[None]:
        """Let the devices of this process share what is computed within."""
        with _placed_on(self.here):
            yield

    @contextmanager
    def building(self) -> Iterator[None]:
        """Let variables that are made within lie on every device of this process.

        Not longer: Keras would lay each batch as it lays the first, and the last one does not fit.
        """
        if self.here is None:
            yield
            return
        keras.distribution.set_distribution(_parallel(self.here))
        try:
            yield
        finally:
            keras.distribution.set_distribution(None)

    @contextmanager
    def fitting(self, network: Network) -> Iterator[None]:
        """Let the devices of all processes share the steps within, from the first one's weights.

        Args:
            network: its variables lie on all of them meanwhile.
        """
        if self.everywhere is None:
            yield
            return
        variables = [
            variable
            for layers in network.blocks.values()
            for layer in layers
            for variable in layer.variables
        ]
        self.hosts.all_say(None)  # a step waits for half a minute, and this for ever
        try:
            _lay(variables, self.everywhere, _of_the_first(variables))
            with placed_on(self.everywhere):
                yield
        except (ValueError, RuntimeError) as error:  # what JAX raises of its libraries
            if any(one in str(error) for one in _BROKEN):
                raise ClusterError(
                    "the processes of this training cannot reach each other any more, most likely "
                    f"because one was lost ({str(error).splitlines()[0]}). {HOW_TO_GO_ON}"
                ) from error
            raise
        _lay(variables, self.here, _values(variables))


def _placed_on(mesh: Mesh | None) -> AbstractContextManager[None]:
    return nullcontext() if mesh is None else placed_on(mesh)


def _parallel(mesh: Mesh) -> Any:
    return keras.distribution.DataParallel(devices=list(mesh.devices))


def _values(variables: Sequence[Any]) -> list[NDArray[Any]]:
    return [keras.ops.convert_to_numpy(variable).copy() for variable in variables]


def _of_the_first(variables: Sequence[Any]) -> list[NDArray[Any]]:
    from jax.experimental import multihost_utils

    found: list[NDArray[Any]] = multihost_utils.broadcast_one_to_all(_values(variables))
    return found


def _lay(variables: Sequence[Any], mesh: Mesh | None, values: Sequence[NDArray[Any]]) -> None:
    """Give variables these values, whole on each of the devices."""
    parallel = None if mesh is None else _parallel(mesh)
    for variable, value in zip(variables, values, strict=True):
        # Keras takes a layout when a variable is made, and has no public way to give it another.
        variable._layout = None  # as it was made it would hold on to where it lay
        if mesh is None or parallel is None:
            variable.assign(value)
        else:
            layout = parallel.get_variable_layout(variable)
            variable._layout = layout
            variable.assign(mesh.whole(value))


def choose_devices(wanted: Devices | None, hosts: Hosts = ALONE) -> Spread:
    """Return the devices that were asked for.

    Args:
        wanted: how many of each host, or ``"all"``; None: one, or all where there are other hosts.
        hosts: the processes that share the training. Default: this one is alone.

    Raises:
        TrainingError: they are not there, or Keras computes with TensorFlow.
    """
    if wanted is None:
        wanted = 1 if hosts.count == 1 else "all"
    if wanted == 1 and hosts.count == 1:
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

    there = jax.local_devices()
    if wanted != "all" and wanted > len(there):
        raise TrainingError(
            f"{counted(wanted, 'device')} are asked for, and JAX sees {len(there)} here "
            f"({there[0].device_kind}): ask for as many at most, or for all"
        )
    number = len(there) if wanted == "all" else wanted
    here = Mesh(tuple(there[:number])) if number > 1 else None
    if hosts.count == 1:
        return Spread(here)
    if len(set(numbers := hosts.all_say(number))) > 1:
        raise TrainingError(
            f"every process has to bring as many devices, and they bring {numbers}: say --devices "
            f"{min(numbers)}"
        )
    each = [jax.local_devices(process)[:number] for process in range(hosts.count)]
    devices = tuple(one for devices in each for one in devices)
    everywhere = Mesh(devices, hosts.index, hosts.count)
    _meet(everywhere)
    return Spread(here, everywhere, hosts)


def _meet(mesh: Mesh) -> None:
    """Let devices find each other; gloo greets each on stdout."""
    import jax
    from jax.experimental import multihost_utils

    with stdout_kept_clean():
        multihost_utils.sync_global_devices("vgg-transfer")
        ones = np.ones(len(mesh.devices), np.float32)
        jax.jit(jax.numpy.sum)(mesh.place(ones, len(ones))).block_until_ready()


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
