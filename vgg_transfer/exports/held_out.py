"""What an exported model loses: its accuracy on validation images beside that of its run."""

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np

from vgg_transfer.artefacts.classifier import Classifier, Floats
from vgg_transfer.deploy.judge import judge
from vgg_transfer.errors import ArtefactError
from vgg_transfer.events import ImagesCounted, Listener, nobody
from vgg_transfer.exports.made import Kept
from vgg_transfer.images.decode import Undecodable, decode
from vgg_transfer.images.pictures import Given
from vgg_transfer.images.squares import square
from vgg_transfer.run import Run
from vgg_transfer.words import printable

_Any = TypeVar("_Any")

_MOST = 500
_AT_ONCE = 16


def accuracy_kept(run: Run, exported: Classifier, listen: Listener) -> Kept:
    """Compare an exported model with its run on validation images.

    Args:
        run: what it recorded about them is taken; where it recorded nothing, it is asked.
        exported: is asked, about 500 of them at most.
        listen: hears ``ImagesCounted``.

    Raises:
        ArtefactError: there are none, or they are not there any more.
    """
    known = _known(run)
    right = 0
    for start in range(0, len(known), _AT_ONCE):
        some = known[start : start + _AT_ONCE]
        rows = exported.probabilities(_squares(run, [path for path, _, _ in some]))
        answers = [run.class_names[int(label)] for label in rows.argmax(axis=1)]
        right += sum(said == label for said, (_, label, _) in zip(answers, some, strict=True))
        listen(ImagesCounted(start + len(some), len(known)))
    before = sum(label == said for _, label, said in known)
    return Kept(len(known), before / len(known), right / len(known))


def _known(run: Run) -> list[tuple[str, str, str]]:
    """Return the path of each image, its class, and what the run's own model says of it."""
    recorded = run.judged if run.judged_on == "val" else run.validated
    if recorded:
        return [(one.path, one.label, one.predicted) for one in _some(recorded, _MOST)]
    rows = _some(run.split("val"), _MOST)
    if not rows:
        raise ArtefactError(
            f'the run "{printable(run.folder)}" has no validation images, so that nobody could '
            "tell what int8 loses: export without int8, or train with a validation split"
        )
    pictures = [Given(Path(run.image_set.root) / row.path) for row in rows]
    found = []
    for row, answer in zip(rows, judge(run, pictures, run.recipe.tta, nobody), strict=True):
        if isinstance(answer, Undecodable):
            raise _unreadable(Path(run.image_set.root) / row.path, answer)
        found.append((row.path, row.class_name, run.class_names[int(answer.argmax())]))
    return found


def ranges_from(run: Run, most: int = 100) -> Floats:
    """Return training images as squares, evenly over all, for int8 to take its ranges from.

    Raises:
        ArtefactError: they are not there any more.
    """
    return _squares(run, [row.path for row in _some(run.split("train"), most)])


def _some(all_of_them: Sequence[_Any], most: int) -> list[_Any]:
    number = min(most, len(all_of_them))
    return [all_of_them[place * len(all_of_them) // number] for place in range(number)]


def _squares(run: Run, paths: Sequence[str]) -> Floats:
    size, root = run.recipe.size, Path(run.image_set.root)

    def one(path: str) -> Floats:
        try:
            return square(decode(root / path, size), size, run.recipe.resize)
        except Undecodable as reason:
            raise _unreadable(root / path, reason) from reason

    return np.stack([one(path) for path in paths])


def _unreadable(file: Path, reason: Undecodable) -> ArtefactError:
    return ArtefactError(
        "int8 takes its ranges from the run's own images, and is judged by them, and "
        f'"{printable(file)}" cannot be read: {reason}. Put the images back, or export without int8'
    )
