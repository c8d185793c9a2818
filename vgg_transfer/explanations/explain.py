"""Pictures explained, as a folder to look at: their heat, and what they look like."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from vgg_transfer.disk import is_file, is_there
from vgg_transfer.doctor.images.sheet import draw_contact_sheet
from vgg_transfer.errors import RunError
from vgg_transfer.events import Listener, nobody
from vgg_transfer.explanations.faithfulness import faithfulness
from vgg_transfer.explanations.heatmaps import Heatmap, heatmaps
from vgg_transfer.explanations.kept import measured_once
from vgg_transfer.explanations.nearest import nearest
from vgg_transfer.explanations.overlays import draw_overlay
from vgg_transfer.explanations.values import Explanation, Explanations, Faithfulness, Near
from vgg_transfer.run import Run
from vgg_transfer.words import counted, inert, printable
from vgg_transfer.writing import safe_name, whole_folder

TRIED = 48  # validation images that heatmaps are tried on
_ROWS = 50  # of the sheet of nearest images


def explain(
    run: Run,
    images: Path | str | Sequence[Path | str],
    out: Path | str,
    block: str | None = None,
    of_class: str | None = None,
    count: int = 5,
    listen: Listener = nobody,
) -> Explanations:
    """Explain what a run's model says of images, as a folder of pictures to look at.

    Heatmaps are tried first, on validation images of the run, or on the images themselves where
    those are gone; where they are no better than chance, none is drawn.

    Args:
        run: whose model is explained.
        images: an image file, a folder of them, or a list of these.
        out: a new folder.
        block: at whose last convolution heat is measured. [default: the last block]
        of_class: the class that is explained. [default: the likeliest of each image]
        count: how many training images are shown that each looks like. [default: 5]
        listen: hears ``ImagesCounted``. [default: nobody]

    Raises:
        ImageSetError: a path does not exist, or there are no files.
        RecipeError: the model has no such block.
        RunError: the model is missing or damaged, knows no such class, or the folder is there.
    """
    folder = Path(out)
    check_new_folder(folder)
    found = list(heatmaps(run, images, block, of_class, listen))
    tried = _tried(run, images, block, listen)
    near, notes = _near(run, images, count, listen)
    if not tried.explains:
        notes.append("No heatmap is drawn: they could not be told from chance.")
    silent = [one for one in found if one.error is None and not one.values.any()]
    if tried.explains and silent:
        notes.append(
            f"{counted(len(silent), 'picture')} without an overlay: no place in it speaks for the "
            "class."
        )
    with whole_folder(folder) as draft:
        overlays = _draw_overlays(found if tried.explains else (), draft)
        explained = tuple(
            Explanation(
                Path(one.path),
                one.of_class,
                one.probability,
                folder.absolute() / overlays[one.path] if one.path in overlays else None,
                near.get(one.path, ()),
                one.error,
            )
            for one in found
        )
        if any(one.near for one in explained):
            draw_contact_sheet(_sheet(explained), draft / "nearest.png", count + 1)
        _write_table(explained, draft / "explanations.csv")
    return Explanations(folder.absolute(), explained, tried, tuple(notes))


def check_new_folder(folder: Path) -> None:
    """Refuse a folder that holds something."""
    if is_there(folder) and (not folder.is_dir() or any(folder.iterdir())):
        raise RunError(
            f'"{printable(folder)}" is there already, and nothing is overwritten: choose another '
            "folder with --out, or move it away"
        )


def _tried(
    run: Run, images: Path | str | Sequence[Path | str], block: str | None, listen: Listener
) -> Faithfulness:
    """Return whether heatmaps are to be trusted, by the run's own images, else by these."""
    own = _to_try(run)
    if not own:
        return faithfulness(run, images, block, listen=listen)

    return measured_once(run, block, lambda: faithfulness(run, own, block, listen=listen))


def _to_try(run: Run) -> list[Path]:
    """Return some validation images that are still there, evenly over all classes."""
    rows, root = run.split("val"), Path(run.image_set.root)
    there = [root / row.path for row in rows if is_file(root / row.path)]
    number = min(TRIED, len(there))
    return [there[place * len(there) // number] for place in range(number)]


def _near(
    run: Run, images: Path | str | Sequence[Path | str], count: int, listen: Listener
) -> tuple[dict[Path | str, tuple[Near, ...]], list[str]]:
    """Return the nearest training images of each file, or why none can be told."""
    try:
        return {one.path: one.near for one in nearest(run, images, count, listen)}, []
    except RunError as error:
        return {}, [f"No training images to compare with: {error}"]


def _draw_overlays(found: Iterable[Heatmap], folder: Path) -> dict[Path | str, str]:
    """Write the overlay of each picture that has heat; return their names, by picture."""
    names: dict[Path | str, str] = {}
    for number, heatmap in enumerate(found, start=1):
        if heatmap.values.any():
            name = f"{number:03}-{safe_name(Path(heatmap.path).stem)}.png"
            draw_overlay(heatmap, folder / name)
            names[heatmap.path] = name
    return names


def _sheet(explained: Sequence[Explanation]) -> list[tuple[Path, list[str]]]:
    """Return the pictures of the sheet, each before the training images that it looks like."""
    return [
        entry
        for one in [each for each in explained if each.near][:_ROWS]
        for entry in (
            (one.path, [one.path.name, f"{one.class_name} {one.probability:.1%}"]),
            *((near.path, [near.class_name, f"{near.likeness:.2f}"]) for near in one.near),
        )
    ]


def _write_table(explained: Sequence[Explanation], file: Path) -> None:
    most = max((len(one.near) for one in explained), default=0)
    heads = [f"{what}_{rank}" for rank in range(1, most + 1) for what in ("near", "class", "like")]
    with file.open("w", encoding="utf-8", errors="surrogateescape", newline="") as text:
        rows = csv.writer(text)
        rows.writerow(["path", "class", "probability", "overlay", "error", *heads])
        for one in explained:
            near = [
                cell
                for each in one.near
                for cell in (inert(str(each.path)), inert(each.class_name), each.likeness)
            ]
            overlay = one.overlay.name if one.overlay else ""
            cells = [inert(str(one.path)), inert(one.class_name), one.probability, overlay]
            rows.writerow([*cells, inert(one.error or ""), *near, *[""] * (3 * most - len(near))])
