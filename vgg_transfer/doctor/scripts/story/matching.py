"""Predictions that are laid beside labels."""

from typing import Any

from vgg_transfer.doctor.scripts.story.models import Matched
from vgg_transfer.doctor.scripts.story.scene import Scene
from vgg_transfer.doctor.scripts.values.batches import Ordered, Prediction
from vgg_transfer.doctor.scripts.values.labels import Labels
from vgg_transfer.doctor.scripts.values.unknown import Several


def match(scene: Scene, values: Any, line: int) -> None:
    """Note that predictions are laid beside labels, where they are."""
    flat: list[Any] = []
    for given in values:
        one = given.of if isinstance(given, Several) else given
        one = list(one.values()) if isinstance(one, dict) else one
        flat += one if isinstance(one, list | tuple) and len(one) < 20 else [one]
    flat = [one.of if isinstance(one, Several) else one for one in flat]
    asked = [one.asked for one in flat if isinstance(one, Prediction)]
    ordered = [one.batches for one in flat if isinstance(one, Ordered)]
    ordered += [one.ordered for one in flat if isinstance(one, Labels) and one.ordered is not None]
    if asked and ordered:
        scene.tell(Matched(line, asked[0], ordered[0]))
