"""What decided the answers of a run, as shades over its pictures, where that can be believed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from vgg_transfer.errors import VggTransferError
from vgg_transfer.events import Listener
from vgg_transfer.explanations.kept import measured_once
from vgg_transfer.explanations.shades import spotlight
from vgg_transfer.report.html.answers import Answer
from vgg_transfer.run import Run

_MOST = 72  # pictures that get a heatmap
_TRIED = 48  # pictures on which heatmaps are tried; each goes through the model 40 times


@dataclass(frozen=True)
class Heat:
    """Shades by file, and what a reader should know of them."""

    shades: Mapping[Path, str]
    said: str


def heat_of(run: Run, answers: Sequence[Answer], listen: Listener) -> Heat:
    """Return what decided the first answers; no shades where heatmaps explain nothing.

    They are tried on pictures of all kinds, not on errors alone.

    Args:
        run: whose model answered.
        answers: those whose pictures are there, what matters most first.
        listen: hears ``ImagesCounted``.
    """
    if not answers:
        return Heat({}, "")
    # Keras is loaded here, and only where heatmaps are wanted.
    from vgg_transfer.explanations.faithfulness import faithfulness
    from vgg_transfer.explanations.heatmaps import heatmaps

    every = [one.photo.file for one in answers]
    files = every[:_MOST]
    try:
        some = _spread(every, _TRIED)
        tried = measured_once(run, None, lambda: faithfulness(run, some, listen=listen))
        if not tried.explains:
            return Heat({}, f"No heatmaps are shown: {tried.sentence}.")
        found = {
            Path(one.path): spotlight(one.values)
            for one in heatmaps(run, files, listen=listen)
            if one.error is None and one.values.any()
        }
    except VggTransferError as trouble:
        return Heat({}, f"There are no heatmaps: {trouble}")
    return Heat(
        found,
        "Point at a picture, or press H for all: what stays bright decided the answer "
        f"(Grad-CAM). Tried {tried.sentence}.",
    )


def _spread(files: Sequence[Path], number: int) -> list[Path]:
    """Return so many of the files, evenly from first to last."""
    step = max(len(files) / number, 1.0)
    return [files[int(place * step)] for place in range(min(number, len(files)))]
