"""Paths: put together as far as their parts are known, which tells one folder from another."""

from typing import Any

from vgg_transfer.doctor.scripts.scene import Scene
from vgg_transfer.doctor.scripts.unknown import LARGEST, UNKNOWN, Unknown
from vgg_transfer.doctor.scripts.values import Call


def of_files(scene: Scene, call: Call) -> Any:
    """Return the path that a function makes; None where it makes none."""
    if call.path in ("os.path.join", "posixpath.join"):
        return joined(scene, call.given)
    if call.path in ("pathlib.Path", "pathlib.PurePath", "os.path.abspath", "os.path.expanduser"):
        return joined(scene, call.given)
    return None


def joined(scene: Scene, parts: tuple[Any, ...]) -> Any:
    """Return a path of parts; of unknown parts the same parts give the same unknown path."""
    if all(isinstance(one, str) for one in parts):
        text = "/".join(one.rstrip("/") for one in parts)
        return text if len(text) <= LARGEST else UNKNOWN
    names = [one if isinstance(one, str) else getattr(one, "text", "") for one in parts]
    if not all(names):
        return UNKNOWN
    text = "/".join(names)
    if len(text) > LARGEST:
        return UNKNOWN
    return scene.loose.setdefault(f"path {text}", Unknown(text))
