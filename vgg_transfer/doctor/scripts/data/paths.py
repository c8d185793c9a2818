"""Paths: put together as far as their parts are known, which tells one folder from another."""

from typing import Any

from vgg_transfer.doctor.scripts.story.scene import Scene
from vgg_transfer.doctor.scripts.values.batches import Ordered
from vgg_transfer.doctor.scripts.values.calling import Call
from vgg_transfer.doctor.scripts.values.origins import key_of
from vgg_transfer.doctor.scripts.values.unknown import LARGEST, UNKNOWN, Unknown


def of_files(scene: Scene, call: Call) -> Any:
    """Return the path that a function makes; None where it makes none."""
    if call.path in ("os.path.join", "posixpath.join"):
        return joined(scene, call.given)
    if call.path in ("pathlib.Path", "pathlib.PurePath", "os.path.abspath", "os.path.expanduser"):
        return joined(scene, call.given)
    if call.path in ("os.path.basename", "os.path.splitext") and call.given:
        return call.given[0] if isinstance(call.given[0], Ordered) else None
    return None


_OLD_ENDINGS = (".hdf5", ".ckpt", ".h5", ".tf")


def is_refused(path: Any, weights: bool) -> bool:
    """Return whether Keras 3 refuses to save in a file of such a name.

    Args:
        path: the file, as far as it is known.
        weights: whether weights are saved, and not the whole model.
    """
    text = path if isinstance(path, str) else getattr(path, "text", "")
    known = isinstance(path, str) or text.endswith(_OLD_ENDINGS)
    return known and not text.endswith(".weights.h5" if weights else (".keras", ".h5"))


def joined(scene: Scene, parts: tuple[Any, ...]) -> Any:
    """Return a path of parts; of unknown parts the same parts give the same unknown path."""
    if all(isinstance(one, str) for one in parts):
        text = "/".join(one.rstrip("/") for one in parts)
        return text if len(text) <= LARGEST else UNKNOWN
    names = [one if isinstance(one, str) else getattr(one, "text", "") for one in parts]
    text = "/".join(names)
    if not all(names) or len(text) > LARGEST:
        return UNKNOWN
    return scene.loose.setdefault(("path", key_of(parts)), Unknown(text))
