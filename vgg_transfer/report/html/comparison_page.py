"""What the page of a comparison says, and the images on which its recipes disagree."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vgg_transfer import run as record
from vgg_transfer.comparison import Comparison
from vgg_transfer.comparison.table import in_order
from vgg_transfer.errors import RunError
from vgg_transfer.report.html.scatter import scatter
from vgg_transfer.report.html.thumbnails import Photo, Thumbnail
from vgg_transfer.run import Run
from vgg_transfer.words import duration, printable


@dataclass(frozen=True)
class Disagreement:
    """An image that some recipes answer rightly and others do not.

    ``right`` is the share of the seeds of each recipe that are right, in the order of the table.
    """

    photo: Photo
    path: str
    label: int
    right: tuple[float, ...]

    def row(self, thumbnail: Thumbnail) -> dict[str, Any]:
        """Return what the page keeps of it."""
        return {
            "path": printable(self.path),
            "digest": self.photo.digest,
            "label": self.label,
            "right": [round(share, 3) for share in self.right],
            "src": thumbnail.source,
            "missing": thumbnail.missing,
        }


def comparison_page(comparison: Comparison) -> dict[str, Any]:
    """Return all that the page of a comparison shows but its pictures."""
    return {
        "comparison": comparison,
        "name": printable(comparison.folder.absolute().name if comparison.folder else "comparison"),
        "scatter": scatter(comparison),
        "standings": [
            {
                "name": one.name,
                "accuracy": f"{one.accuracy:.1%}",
                "interval": f"{one.interval.low:.1%} to {one.interval.high:.1%}",
                "deviation": "unknown" if one.deviation is None else f"± {100 * one.deviation:.1f}",
                "seeds": len(one.by_seed),
                "time": duration(one.seconds),
                "memory": f"{one.peak_memory_mb / 1000:.1f} GB" if one.peak_memory_mb else "–",
                "recommended": one.name == comparison.recommended,
            }
            for one in comparison.standings
        ],
        "held_out": {"test": "test images", "val": "validation images"}.get(
            comparison.judged_on, ""
        ),
    }


def disagreements_of(comparison: Comparison) -> tuple[tuple[str, ...], list[Disagreement]]:
    """Return the class names, and the images on which recipes disagree, the most ahead.

    Runs that are gone are left out; nothing is returned where fewer than two recipes have one.
    """
    runs = _runs(comparison)
    names = [one.name for one in comparison.standings]
    if len(runs) < 2:
        return (), []
    first = next(iter(runs.values()))[0]
    place = {name: number for number, name in enumerate(first.class_names)}
    files = {(row.digest, row.class_name): row.path for row in first.split(first.judged_on)}
    shares = {name: _shares(some, place) for name, some in runs.items()}
    root, found = Path(first.image_set.root), []
    for image, path in files.items():
        right = [shares[name].get(image, 0.0) if name in shares else 0.0 for name in names]
        known = [share for name, share in zip(names, right, strict=True) if name in shares]
        if max(known) - min(known) >= 0.5:
            digest, label = image
            found.append(Disagreement(Photo(root / path, digest), path, place[label], (*right,)))
    return first.class_names, sorted(found, key=lambda one: -_spread(one.right))


def _runs(comparison: Comparison) -> dict[str, list[Run]]:
    """Return the runs of each recipe in the table that can still be read."""
    found: dict[str, list[Run]] = defaultdict(list)
    listed = {one.name for one in comparison.standings}
    for trial in comparison.trials:
        if trial.recipe not in listed or not trial.folder or trial.status != "complete":
            continue
        try:
            run = record.read((comparison.folder or Path()) / trial.folder)
        except RunError:
            continue
        if run.judged:
            found[trial.recipe].append(run)
    return dict(found)


def _shares(runs: Sequence[Run], place: Mapping[str, int]) -> dict[tuple[str, str], float]:
    """Return for each image the share of these runs that answer it rightly."""
    right: dict[tuple[str, str], float] = defaultdict(float)
    for run in runs:
        for image, probabilities in in_order(run):
            best = max(range(len(probabilities)), key=probabilities.__getitem__)
            right[image] += (best == place.get(image[1])) / len(runs)
    return right


def _spread(shares: Sequence[float]) -> float:
    mean = sum(shares) / len(shares)
    return sum((share - mean) ** 2 for share in shares)
