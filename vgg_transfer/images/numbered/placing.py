"""Where a batch lies: on one device, or its rows side by side on several, here or on other hosts.

A batch whose rows do not divide by the devices, the last of an epoch, lies whole on each of them:
nothing is dropped, nothing counts twice, and means and batch norm are those of one device.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Mesh:
    """Devices in a row.

    Args:
        devices: of JAX; as many for each process.
        process: the number of this process among those that have them. [default: 0]
        processes: how many have them. [default: 1]
    """

    devices: tuple[Any, ...]
    process: int = 0
    processes: int = 1

    def share(self, rows: range) -> range:
        """Return those rows of a batch that this process reads."""
        if len(rows) % len(self.devices):
            return rows
        own = len(rows) // self.processes
        return rows[self.process * own : (self.process + 1) * own]

    def place(self, array: Any, rows: int) -> Any:
        """Return an array of the whole batch; ``array`` is this process's share of it, or all.

        Args:
            array: the first axis counts rows.
            rows: of the whole batch.
        """
        import jax

        first = self.process * len(array) if len(array) < rows else 0

        def part(index: Any) -> Any:
            begin, end, _ = index[0].indices(rows)
            return array[begin - first : end - first]

        shape = (rows, *array.shape[1:])
        return jax.make_array_from_callback(
            shape, self._sharding(rows % len(self.devices) == 0), part
        )

    def whole(self, array: Any) -> Any:
        """Return an array that lies whole on each device."""
        import jax

        sharding = self._sharding(divides=False)
        return jax.make_array_from_callback(array.shape, sharding, array.__getitem__)

    def _sharding(self, divides: bool) -> Any:
        from jax import sharding

        spec: Any = sharding.PartitionSpec
        axes = sharding.Mesh(self.devices, ("batch",))
        return sharding.NamedSharding(axes, spec("batch") if divides else spec())


_mesh: ContextVar[Mesh | None] = ContextVar("mesh", default=None)


@contextmanager
def placed_on(mesh: Mesh) -> Iterator[None]:
    """Let batches that are made within lie on these devices."""
    token = _mesh.set(mesh)
    try:
        yield
    finally:
        _mesh.reset(token)


def rows_read(rows: range) -> range:
    """Return those rows of a batch that this process reads: all of them on one host."""
    mesh = _mesh.get()
    return rows if mesh is None else mesh.share(rows)


def placed(batch: Any, rows: int) -> Any:
    """Return a batch, or its parts, where it shall lie; ``rows`` are those of the whole batch."""
    mesh = _mesh.get()
    if mesh is None:
        return batch
    if isinstance(batch, tuple):
        return tuple(mesh.place(one, rows) for one in batch)
    return mesh.place(batch, rows)
