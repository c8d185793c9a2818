"""Whether what a training began with is there still: images, recipe, weights and packages."""

from collections.abc import Iterator, Mapping
from hashlib import file_digest
from pathlib import Path

from vgg_transfer.errors import ResumeError
from vgg_transfer.images.image_set import ImageRecord, ImageSet, Skipped
from vgg_transfer.run import Environment, Run, StartingWeights
from vgg_transfer.training.surroundings import digest_of_recipe
from vgg_transfer.words import counted, excerpt, printable

_MOST_NAMED = 10


def check_same(
    run: Run, image_set: ImageSet, weights: StartingWeights, environment: Environment
) -> None:
    """Refuse to go on with other things than a training began with.

    Args:
        run: the record of what it began with.
        image_set: the images of the record, whose files are read.
        weights: where starting weights come from now.
        environment: the software now.

    Raises:
        ResumeError: the message names every difference.
    """
    faults = [
        *_faults_of_images(image_set, run),
        *_faults_of_packages(run.environment.packages, environment.packages),
    ]
    if run.begun is None or digest_of_recipe(run.recipe) != run.begun.recipe:
        faults.append("recipe.toml was changed")
    if weights.digest != run.weights.digest:
        faults.append(f"the starting weights are others ({printable(weights.source)})")
    if faults:
        listed = "\n".join(f"  {fault}" for fault in faults)
        raise ResumeError(
            f'the run "{printable(run.folder)}" cannot go on as it began:\n{listed}\nPut back what '
            "differs, or train again"
        )


def images_of(run: Run) -> ImageSet:
    """Return the image set of the record, in its order and with its splits."""
    root = Path(run.image_set.root) if run.image_set.root else None
    label_of = {name: label for label, name in enumerate(run.class_names)}
    records = tuple(
        ImageRecord(
            path=root / row.path if root else Path(row.path),
            label=label_of[row.class_name],
            split=row.split,  # type: ignore[arg-type]  # the reader has checked it
            digest=row.digest,
            width=row.width,
            height=row.height,
        )
        for row in run.manifest
    )
    skipped = tuple(Skipped(Path(name), why) for name, why in run.image_set.skipped.items())
    return ImageSet(run.image_set.source, run.class_names, records, skipped, root=root)


def _faults_of_images(image_set: ImageSet, run: Run) -> Iterator[str]:
    """Yield what is wrong with images, each file read once."""
    if image_set.digest != run.image_set.digest:
        yield "images.csv is not the list of images that it began with"
        return
    faults = [fault for one in image_set.records if (fault := _fault_of_file(one))]
    yield from faults[:_MOST_NAMED]
    if len(faults) > _MOST_NAMED:
        yield f"and {counted(len(faults) - _MOST_NAMED, 'more image')} changed or cannot be read"


def _fault_of_file(image: ImageRecord) -> str:
    try:
        with image.path.open("rb") as file:
            same = file_digest(file, "sha256").hexdigest() == image.digest
    except OSError as error:
        return f'the image "{printable(image.path)}" cannot be read: {error.strerror}'
    return "" if same else f'the image "{printable(image.path)}" was changed'


def _faults_of_packages(then: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for name in sorted(then.keys() | now.keys()):
        before, here = then.get(name, "none"), now.get(name, "none")
        if before != here:
            yield f"the package {excerpt(name)} was {excerpt(before)} and is {here}"
